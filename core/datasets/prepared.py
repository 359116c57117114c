"""Every photo of a data set at one size, in one memory-mapped array, made once."""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.lib.format import write_array_header_1_0

from core.datasets.manifest import Dataset
from core.datasets.places import Places
from core.datasets.pooled import in_order
from core.disk import NoSpace
from core.errors import DataMissing, LoupeError, UnusablePicture
from core.images import PictureSpec, load_picture
from core.progress import Progress, silent
from core.workspace import read_json, write_json

# Part of the key: raise it when `load_picture` or the layout of the array changes.
FORMAT_VERSION = 1
WORKERS = min(8, os.cpu_count() or 2)
# Below this, threads lose more to waiting for Python's lock than they gain: with photos of
# 32 × 32 pixels two of them took 2.5 times the processor time of one, and longer.
PIXELS_WORTH_A_THREAD = 128 * 128
# Photos a worker does in one go: handing over each one alone costs as much as a small photo.
CHUNK = 16
ABANDONED_AFTER_SECONDS = 24 * 3600


@dataclass(frozen=True, eq=False)
class Prepared:
    """Pictures ready to be sliced by a training.

    Attributes:
        array: uint8 (N, height, width, channels), memory-mapped, read-only.
        ids: The N photos' ids, in the array's order. Excluded photos are there too.
    """

    array: np.ndarray
    ids: pd.Series

    @cached_property
    def _places(self) -> Places:
        return Places(self.ids)

    def indices(self, ids: Iterable[str]) -> np.ndarray:
        """The rows of `ids` in the array: int64 (n,). Raises KeyError for others."""
        rows = self._places.find(ids)
        if (rows < 0).any():
            raise KeyError(list(ids)[int(np.argmin(rows))])
        return rows


def prepare(dataset: Dataset, spec: PictureSpec, progress: Progress | None = None) -> Prepared:
    """The photos of `dataset` as `load_picture` gives them for `spec`; made on first demand.

    The key is the photos' content and `spec`: relabelling, excluding and splitting anew
    do not make it again. May be called by several processes at once.

    Raises:
        DataMissing: If a photo has gone or changed.
        NoSpace: If the disk has no room.
        Stopped: From `progress`; nothing half-made is left.
    """
    path = dataset.folder / "prepared" / f"{_digest(dataset, spec)}.npy"
    if not _is_ready(path, dataset, spec):
        _make(path, dataset, spec, progress or silent)
    return Prepared(np.load(path, mmap_mode="r"), dataset.manifest["id"])


def _digest(dataset: Dataset, spec: PictureSpec) -> str:
    key = hashlib.sha256(f"{FORMAT_VERSION} {spec.digest()}".encode())
    for content_hash in dataset.manifest["content_hash"]:
        key.update(content_hash.encode())
    return key.hexdigest()[:24]


def is_prepared(dataset: Dataset, spec: PictureSpec) -> bool:
    """Whether `prepare` has nothing left to do."""
    path = dataset.folder / "prepared" / f"{_digest(dataset, spec)}.npy"
    return _is_ready(path, dataset, spec)


def prepared_bytes(dataset: Dataset, spec: PictureSpec) -> int:
    """What the pictures of `prepare` take on the disk."""
    return len(dataset.manifest) * prod(spec.shape)


def _is_ready(path: Path, dataset: Dataset, spec: PictureSpec) -> bool:
    """Whether the array is there and whole: a file cut short would end whoever maps it."""
    try:
        whole = path.stat().st_size >= prepared_bytes(dataset, spec)
        ids = ids_digest(dataset.manifest["id"])
        return whole and read_json(path.with_suffix(".json"))["photos"] == ids
    except (OSError, LoupeError, KeyError, TypeError):
        return False


def ids_digest(ids: pd.Series) -> str:
    """Which photos stand in an array, and in which order: as its JSON file says it."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def _make(path: Path, dataset: Dataset, spec: PictureSpec, progress: Progress) -> None:
    shape = (len(dataset.manifest), *spec.shape)
    if not dataset.folder.is_dir():
        raise DataMissing(
            f"The data set {dataset.title} is not there any more.", "Import the photos again."
        )
    path.parent.mkdir(exist_ok=True)
    _require_room(path.parent, prepared_bytes(dataset, spec))
    with _temporary(path) as place:
        with place.open("xb") as file:
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            write_array_header_1_0(file, header)
            with closing(_pictures(dataset, spec, progress)) as chunks:
                for pictures in chunks:
                    file.write(pictures.data)
        about = {"photos": ids_digest(dataset.manifest["id"]), "spec": spec.model_dump(mode="json")}
        write_json(path.with_suffix(".json"), about)
        os.replace(place, path)


def _pictures(
    dataset: Dataset, spec: PictureSpec, progress: Progress
) -> Generator[np.ndarray, None, None]:
    """The pictures in order, `CHUNK` at a time: written plainly, they need no memory map."""
    files = dataset.manifest["file"].tolist()

    def load(start: int) -> np.ndarray:
        return np.stack([_load(dataset, file, spec) for file in files[start : start + CHUNK]])

    done = 0
    progress(done, len(files), "Preparing pictures")
    with closing(in_order(load, range(0, len(files), CHUNK), _workers(dataset))) as chunks:
        for pictures in chunks:
            yield pictures
            done += len(pictures)
            progress(done, len(files), "Preparing pictures")


def _workers(dataset: Dataset) -> int:
    sizes = dataset.manifest["width"] * dataset.manifest["height"]
    return WORKERS if sizes.median() >= PIXELS_WORTH_A_THREAD else 1


def _load(dataset: Dataset, file: str, spec: PictureSpec) -> np.ndarray:
    try:
        return load_picture(dataset.folder / file, spec)
    except UnusablePicture as error:
        raise DataMissing(
            f"The photo {file} of {dataset.title} can no longer be read. {error.message}",
            "Import the photos again.",
        ) from error


def _require_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if size > free:
        raise NoSpace(
            f"Preparing the pictures needs {size / 1e9:.1f} GB on the disk; "
            f"{free / 1e9:.1f} GB are free.",
            "Choose a smaller picture size, or free some space.",
        )


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A name to write under; removed afterwards, as are those that a crash left long ago."""
    for old in path.parent.glob(".*.tmp"):
        if time.time() - old.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            old.unlink(missing_ok=True)
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)
