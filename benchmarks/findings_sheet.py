"""The picture in `docs/bears.md`: a thumbnail of everything that was found in the bears.

    LOUPE_BENCH_PHOTOS=FOLDER python -m benchmarks.findings_sheet

Reads `docs/bears-findings.csv`, in which each photo is named by its content.
"""

import csv
import os
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from core.images import load_thumbnail
from core.workspace import APP_FOLDER

FINDINGS = APP_FOLDER / "docs" / "bears-findings.csv"
SHEET = APP_FOLDER / "docs" / "pictures" / "bears-findings.webp"
COLUMNS, SIDE, GAP, WORDS = 9, 108, 6, 30
PAPER, INK, MOVED, EXCLUDED = "#ffffff", "#222222", "#1f6f5c", "#8a3b2e"


def draw_sheet(photos: Path, findings: list[dict[str, str]]) -> Image.Image:
    """Thumbnails in rows, below each its file and what was decided."""
    rows = -(-len(findings) // COLUMNS)
    width, height = SIDE + GAP, SIDE + WORDS + GAP
    sheet = Image.new("RGB", (COLUMNS * width + GAP, rows * height + GAP), PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for place, finding in enumerate(findings):
        left, top = place % COLUMNS * width + GAP, place // COLUMNS * height + GAP
        picture = Image.fromarray(load_thumbnail(photos / finding["file"], SIDE))
        spare = ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2)
        draw.rectangle((left, top, left + SIDE - 1, top + SIDE - 1), outline="#d8d8d8")
        sheet.paste(picture, (left + spare[0], top + spare[1]))
        said = finding["decision"]
        color = EXCLUDED if said == "exclude" else MOVED if said != "keep" else INK
        label, number = finding["file"].split("/")
        draw.text((left, top + SIDE + 2), f"{label}/{number.lstrip('0')}", INK, font)
        draw.text((left, top + SIDE + 15), said.replace("move:", "move to "), color, font)
    return sheet


def main() -> int:
    photos = os.environ.get("LOUPE_BENCH_PHOTOS")
    if photos is None:
        print("Name the folder with the photos in LOUPE_BENCH_PHOTOS.", file=sys.stderr)
        return 2
    with FINDINGS.open(encoding="utf-8", newline="") as file:
        findings = list(csv.DictReader(file))
    SHEET.parent.mkdir(parents=True, exist_ok=True)
    draw_sheet(Path(photos), findings).save(SHEET, quality=62, method=6)
    print(f"{len(findings)} thumbnails, {SHEET.stat().st_size / 1000:.0f} KB: {SHEET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
