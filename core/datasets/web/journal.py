"""What became of every photo that a search found: so that it can go on where it was."""

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from core.datasets.collections import Collection
from core.workspace import read_json, write_json

JOURNAL = "harvest.jsonl"
SEARCH = "harvest.json"
Outcome = Literal["got", "known", "refused"]


@dataclass(frozen=True)
class Line:
    """What became of one photo.

    Attributes:
        name: The photo's own name, as in `FoundPhoto`.
        label: The class it was searched for.
        outcome: got (it is in the collection), known (it was there already) or refused.
        reason: Why, in a plain sentence; empty for `got`.
        content_hash: SHA-256 of its bytes, if they came.
    """

    name: str
    label: str
    outcome: Outcome
    reason: str = ""
    content_hash: str = ""


class Journal:
    """The journal of a collection: a line per photo, only ever added to.

    A line is written after the photo is in the collection. A photo whose line a crash
    swallowed is known by its name among the collection's entries.
    """

    def __init__(self, collection: Collection):
        self._path = collection.folder / JOURNAL
        self.lines = [*self._read()]
        self._repair(collection)
        self.names = {line.name for line in self.lines}
        self.hashes = {line.content_hash for line in self.lines if line.outcome == "got"}

    def add(self, line: Line) -> None:
        with self._path.open("ab") as file:
            # A line that a crash cut short ends here, so that this one stands alone.
            file.write(b"\n" + json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n")
        self.lines.append(line)
        self.names.add(line.name)
        if line.outcome == "got":
            self.hashes.add(line.content_hash)

    def _read(self) -> list[Line]:
        lines = []
        raw = self._path.read_bytes().splitlines() if self._path.exists() else []
        for text in raw:
            try:
                lines.append(Line(**json.loads(text)))
            except (ValueError, TypeError):
                continue
        return lines

    def _repair(self, collection: Collection) -> None:
        known = {line.name for line in self.lines}
        for entry in collection.entries():
            name = os.path.splitext(entry.name)[0]
            if name not in known:
                self.lines.append(Line(name, entry.label, "got"))


def account(collection: Collection) -> dict[str, Any]:
    """What came of a search so far, in numbers and reasons.

    Returns:
        `{"classes": {label: {"have", "known", "refused"}}, "reasons": [{"file", "class",
        "reason"}]}`; `have` counts the photos that are in the collection now.
    """
    lines, counts = Journal(collection).lines, collection.counts()
    outcomes = Counter((line.label, line.outcome) for line in lines)
    labels = dict.fromkeys([*counts, *(line.label for line in lines)])
    return {
        "classes": {
            label: {
                "have": counts.get(label, 0),
                "known": outcomes[label, "known"],
                "refused": outcomes[label, "refused"],
            }
            for label in labels
        },
        "reasons": [
            {"file": line.name, "class": line.label, "reason": line.reason}
            for line in lines
            if line.outcome != "got"
        ],
    }


def keep_search(collection: Collection, search: dict, job: str = "") -> None:
    """Writes down what a collection searches for, and the job that last did."""
    write_json(collection.folder / SEARCH, {"search": search, "job": job})


def kept_search(folder: Path) -> dict | None:
    """`{"search", "job"}` of the collection in `folder`; None when it was not searched for."""
    return read_json(folder / SEARCH) if (folder / SEARCH).is_file() else None
