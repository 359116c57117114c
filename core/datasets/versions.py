"""The versions of a data set: a list to read, the way back to any of them, and what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.datasets.manifest import open_dataset, save_version
from core.errors import LoupeError
from core.workspace import Workspace

COMPARED = {"label": "moved to another class", "split": "in another split"}


@dataclass(frozen=True)
class Version:
    """One version that `undo` or a click on it leads back to.

    Attributes:
        number: From 1.
        words: What it changed, such as "3 photos moved to grizzly".
        saved: When, in local time; None when its file has gone.
    """

    number: int
    words: str
    saved: datetime | None


def versions(dataset: Dataset) -> list[Version]:
    """The versions up to the current one, newest first."""
    return [_version(dataset, number) for number in reversed(dataset.history)]


def words_of(dataset: Dataset, number: int) -> str:
    """What version `number` changed, in words."""
    first = "as it was imported" if number == dataset.history[0] else "changed"
    return dataset.changes.get(number) or first


def go_back_to(dataset: Dataset, number: int) -> Dataset:
    """A new version that equals version `number`: nothing between is lost, undo brings it back.

    Raises:
        NotFound: If there is no such version.
        LoupeError: If it is the current one, or the data set was changed elsewhere.
    """
    if number == dataset.version:
        raise LoupeError(f"{dataset.title} is at version {number} already.")
    old = open_dataset(Workspace(dataset.folder.parent.parent), dataset.name, number)
    return save_version(dataset, old.manifest, f"back to version {number}")


def difference(old: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """What changed from one manifest to another, in words; empty when nothing did.

    Returns:
        Parts such as "5 photos moved to another class", "2 photos excluded".
    """
    before, after = old.set_index("id"), new.set_index("id")
    stay = before.index.intersection(after.index)
    was, now = before.loc[stay], after.loc[stay]
    used = ~was["excluded"] & ~now["excluded"]
    counts = {
        "added": len(after.index.difference(before.index)),
        "taken away": len(before.index.difference(after.index)),
        **{
            words: int((used & (was[column] != now[column])).sum())
            for column, words in COMPARED.items()
        },
        "excluded": int((~was["excluded"] & now["excluded"]).sum()),
        "used again": int((was["excluded"] & ~now["excluded"]).sum()),
    }
    return [f"{photos(count)} {words}" for words, count in counts.items() if count]


def joined(parts: Iterable[str]) -> str:
    """`"a"`, `"a and b"`, `"a, b and c"`."""
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _version(dataset: Dataset, number: int) -> Version:
    file = dataset.folder / "manifests" / f"{number:06d}.parquet"
    try:
        saved = datetime.fromtimestamp(file.stat().st_mtime)
    except OSError:
        saved = None
    return Version(number, words_of(dataset, number), saved)
