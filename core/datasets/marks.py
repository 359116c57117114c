"""Marked photos: a selection that lies beside the photos, so that nothing makes it vanish.

It outlives filters, pages, reloads, other windows and the server; an edit uses it up only
when somebody acts on it.
"""

import base64
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.dataset import Dataset
from core.locks import locked
from core.workspace import write_bytes

FILE = "marks.txt"


def read_marks(dataset: Dataset) -> frozenset[str]:
    """The ids of the marked photos; some may belong to another version."""
    path = dataset.folder / FILE
    try:
        stat = path.stat()
    except OSError:
        return frozenset()
    return _read(path, stat.st_ino, stat.st_mtime_ns)


def change_marks(
    dataset: Dataset, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> frozenset[str]:
    """Marks and unmarks photos, together with what other windows did; returns all marks."""
    with locked(dataset.folder / "marks.lock"):
        marks = (read_marks(dataset) | set(add)) - set(remove)
        _write(dataset, marks)
    return marks


def set_marks(dataset: Dataset, ids: Collection[str]) -> frozenset[str]:
    """Marks exactly `ids`."""
    with locked(dataset.folder / "marks.lock"):
        _write(dataset, frozenset(ids))
    return frozenset(ids)


def marked_of(dataset: Dataset) -> list[str]:
    """The marked photos of this version, in the order of the manifest."""
    return sorted(read_marks(dataset) & dataset.places.keys(), key=dataset.places.__getitem__)


def known(dataset: Dataset, ids: Any) -> list[str]:
    """Those of `ids`, as a browser sent them, that are photos of the data set."""
    if not isinstance(ids, list):
        return []
    return [
        photo_id for photo_id in ids if isinstance(photo_id, str) and photo_id in dataset.places
    ]


def pack(flags: np.ndarray) -> str:
    """bool (N,) as text: eight to a byte, the first in the highest bit, base64."""
    return base64.b64encode(np.packbits(flags).tobytes()).decode()


def _write(dataset: Dataset, marks: Collection[str]) -> None:
    write_bytes(dataset.folder / FILE, "\n".join(sorted(marks)).encode())


@lru_cache(maxsize=4)
def _read(path: Path, inode: int, mtime_ns: int) -> frozenset[str]:
    return frozenset(_lines(path))


def _lines(path: Path) -> Sequence[str]:
    return path.read_text(encoding="utf-8", errors="replace").split()
