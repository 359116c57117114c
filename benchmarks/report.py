"""Results as a table to read and a JSON file to keep."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Row, machine

RESULTS = Path(__file__).parent / "results"
HEADINGS = ("case", "Loupe", "compared with", "ratio", "spread", "target", "")


def table(title: str, rows: list[Row]) -> str:
    """The rows in columns under their title."""
    cells = [HEADINGS] + [
        (
            row.case,
            f"{row.ours:.4g} {row.unit}",
            f"{row.theirs:.4g} {row.unit}",
            f"{row.ratio:.3g}",
            "" if row.spread is None else f"{row.spread[0]:.3g} to {row.spread[1]:.3g}",
            row.goal,
            "holds" if row.holds else "MISSED",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([title, *lines, ""])


def save(name: str, title: str, rows: list[Row], folder: Path = RESULTS) -> Path:
    """Writes `NAME.json`: the rows with machine, date and command."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "name": name,
        "title": title,
        "date": time.strftime("%Y-%m-%d"),
        "command": f"python -m benchmarks {' '.join(sys.argv[1:]) or name}",
        "machine": machine(),
        "rows": [asdict(row) | {"holds": row.holds} for row in rows],
    }
    path = folder / f"{name}.json"
    # NumPy's numbers and truths as Python's own.
    text = json.dumps(document, indent=1, ensure_ascii=False, default=lambda value: value.item())
    path.write_text(text + "\n", encoding="utf-8")
    return path
