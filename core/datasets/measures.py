"""Every photo of a data set measured once: kept by content, made up for what is missing."""

import hashlib
import io
import os
import secrets
import zipfile
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets import perception
from core.datasets.dataset import Dataset
from core.datasets.perception import COLUMNS, DESCRIPTOR_SIZE, FORMAT_VERSION, SIDE, TINY
from core.datasets.pooled import in_order
from core.decoding import content
from core.errors import Stopped, UnusablePicture
from core.images import load_thumbnail
from core.progress import Progress, silent
from core.workspace import write_bytes

__all__ = ["COLUMNS", "Measures", "measure", "read_measures", "read_tiny_pictures"]

FOLDER = "measures"
# Photos whose numbers are written together: what a crash can cost, about 4 MB.
PER_FILE = 4096
# Photos a thread does in one go, as in `core.datasets.prepared`.
CHUNK = 16
WORKERS = min(8, os.cpu_count() or 2)
PIXELS_WORTH_A_THREAD = 128 * 128
CHANGED = "The file has changed since it was imported."


@dataclass(frozen=True, eq=False)
class Measures:
    """What was measured of the photos of a data set, in the manifest's order.

    Attributes:
        table: Indexed by photo id, float columns `COLUMNS`: brightness and contrast (mean and
            standard deviation of luma, 0..255), sharpness (0..1, higher is sharper),
            colourfulness (0 for grey, about 100 for garish), red, green, blue (0..255).
        hashes: uint64 (N,), perceptual hashes (`imagehash.phash`), rows as in `table`.
        descriptors: float32 (N, DESCRIPTOR_SIZE), unit length, rows as in `table`; the dot
            product of two is high for photos that look alike.
        unreadable: Why, by photo id, for photos that could not be measured now. Empty when
            read back with `read_measures`.
    """

    table: pd.DataFrame
    hashes: np.ndarray
    descriptors: np.ndarray
    unreadable: dict[str, str] = field(default_factory=dict)


def measure(dataset: Dataset, progress: Progress = silent) -> Measures:
    """Measures the photos not yet measured, excluded ones too, and reads the rest back.

    Every file whose size or time differs from when it was measured is read again, and its
    bytes are compared with what was imported. Stopped half-way, it goes on there next time.

    Args:
        progress: Told how far it is. May raise `Stopped`: what was measured is kept.
    """
    kept = _read(dataset.folder)
    missing = _missing(dataset, kept)
    unreadable = _measure(dataset, missing, progress) if len(missing) else {}
    found = _aligned(dataset, _read(dataset.folder) if len(missing) else kept, unreadable)
    return found or Measures(
        pd.DataFrame(columns=list(COLUMNS), dtype="float64"),
        np.empty(0, np.uint64),
        np.empty((0, DESCRIPTOR_SIZE), np.float32),
        unreadable,
    )


def read_measures(dataset: Dataset) -> Measures | None:
    """What has been measured of the data set's photos so far; None when nothing has."""
    return _aligned(dataset, _read(dataset.folder), {})


def read_tiny_pictures(dataset: Dataset, ids: Sequence[str]) -> np.ndarray:
    """uint8 (len(ids), 32, 32): photos in grey, stretched, as they were measured.

    Raises:
        KeyError: If one was not measured.
    """
    hashes = dict(zip(dataset.manifest["id"], dataset.manifest["content_hash"], strict=True))
    wanted: dict[str, list[int]] = {}
    for row, photo_id in enumerate(ids):
        wanted.setdefault(hashes[photo_id], []).append(row)
    pictures = np.empty((len(ids), TINY, TINY), np.uint8)
    for path in _files(dataset.folder):
        part = _load(path, ("content", "tiny"))
        if part is None:
            continue
        for content_hash, picture in zip(_hex(part["content"]), part["tiny"], strict=True):
            for row in wanted.pop(content_hash, ()):
                pictures[row] = picture
    if wanted:
        raise KeyError(next(iter(wanted)))
    return pictures


@dataclass(frozen=True)
class _Kept:
    """All files of a data set's measures together, rows in no particular order."""

    content: np.ndarray
    stamp: np.ndarray
    numbers: np.ndarray
    hash: np.ndarray
    descriptor: np.ndarray


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob(f"v{FORMAT_VERSION}-*.npz"))


def _load(path: Path, names: Sequence[str]) -> dict[str, np.ndarray] | None:
    """Some arrays of a file; None when it is damaged: its photos are measured again."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError):
        return None


def _hex(digests: np.ndarray) -> list[str]:
    """uint8 (n, 32) as the manifest writes content hashes."""
    digits = digests.tobytes().hex()
    return [digits[start : start + 64] for start in range(0, len(digits), 64)]


def _read(folder: Path) -> _Kept | None:
    names = ("content", "stamp", "numbers", "hash", "descriptor")
    parts = [part for path in _files(folder) if (part := _load(path, names)) is not None]
    if not parts:
        return None
    return _Kept(**{name: np.concatenate([part[name] for part in parts]) for name in names})


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of a file: as long as they stay, its bytes are taken to stay."""
    try:
        status = path.stat()
    except OSError:
        return -1, -1
    return status.st_size, status.st_mtime_ns


def _missing(dataset: Dataset, kept: _Kept | None) -> pd.DataFrame:
    """The manifest's rows whose file was not measured as it lies there now."""
    known = set()
    if kept is not None:
        stamps = kept.stamp.tolist()
        known = {(key, *at) for key, at in zip(_hex(kept.content), stamps, strict=True)}
    rows = zip(dataset.manifest["content_hash"], dataset.manifest["file"], strict=True)
    missing = [(key, *_stamp(dataset.folder / file)) not in known for key, file in rows]
    return dataset.manifest[np.array(missing, bool)]


def _measure(dataset: Dataset, rows: pd.DataFrame, progress: Progress) -> dict[str, str]:
    """Measures `rows` and writes them; returns why some could not be read."""
    unreadable: dict[str, str] = {}
    waiting: list[_Measured] = []
    done = 0
    progress(0, len(rows), "Measuring photos")
    try:
        with closing(_measured(dataset, rows)) as chunks:
            for chunk in chunks:
                for photo_id, result in chunk:
                    if isinstance(result, str):
                        unreadable[photo_id] = result
                    else:
                        waiting.append(result)
                done += len(chunk)
                if len(waiting) >= PER_FILE:
                    _write(dataset.folder, waiting)
                    waiting = []
                progress(done, len(rows), "Measuring photos")
    except Stopped:
        _write(dataset.folder, waiting)
        raise
    _write(dataset.folder, waiting)
    return unreadable


@dataclass(frozen=True)
class _Measured:
    content: bytes
    stamp: tuple[int, int]
    perception: perception.Perception


def _measured(
    dataset: Dataset, rows: pd.DataFrame
) -> Generator[list[tuple[str, _Measured | str]], None, None]:
    photos = list(zip(rows["id"], rows["content_hash"], rows["file"], strict=True))

    def look(start: int) -> list[tuple[str, _Measured | str]]:
        return [
            (photo_id, _look(dataset.folder / file, content_hash))
            for photo_id, content_hash, file in photos[start : start + CHUNK]
        ]

    pixels = float((rows["width"] * rows["height"]).median())
    workers = WORKERS if pixels >= PIXELS_WORTH_A_THREAD else 1
    yield from in_order(look, range(0, len(photos), CHUNK), workers)


def _look(path: Path, content_hash: str) -> _Measured | str:
    stamp = _stamp(path)
    try:
        data = content(path)
        digest = hashlib.sha256(data)
        if digest.hexdigest() != content_hash:
            return CHANGED
        return _Measured(digest.digest(), stamp, perception.perceive(load_thumbnail(data, SIDE)))
    except UnusablePicture as error:
        return error.message


def _write(folder: Path, measured: Sequence[_Measured]) -> None:
    if not measured:
        return
    seen = [one.perception for one in measured]
    content_hashes = np.frombuffer(b"".join(one.content for one in measured), np.uint8)
    file = io.BytesIO()
    np.savez(
        file,
        content=content_hashes.reshape(-1, 32),
        stamp=np.array([one.stamp for one in measured], np.int64),
        numbers=np.stack([one.numbers for one in seen]),
        hash=np.array([one.hash for one in seen], np.uint64),
        descriptor=np.stack([one.descriptor for one in seen]).astype(np.float16),
        tiny=np.stack([one.tiny for one in seen]),
    )
    name = f"v{FORMAT_VERSION}-{len(_files(folder)):06d}-{secrets.token_hex(3)}.npz"
    write_bytes(folder / FOLDER / name, file.getvalue())


def _aligned(dataset: Dataset, kept: _Kept | None, unreadable: dict[str, str]) -> Measures | None:
    if kept is None:
        return None
    places = {key: row for row, key in enumerate(_hex(kept.content))}
    manifest = dataset.manifest
    found = [
        (photo_id, places[key])
        for photo_id, key in zip(manifest["id"], manifest["content_hash"], strict=True)
        if key in places and photo_id not in unreadable
    ]
    if not found:
        return None
    rows = np.array([row for _, row in found])
    descriptors = kept.descriptor[rows].astype(np.float32)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    numbers = kept.numbers[rows].astype(np.float64)
    table = pd.DataFrame(numbers, index=[name for name, _ in found], columns=list(COLUMNS))
    return Measures(table, kept.hash[rows], descriptors, unreadable)
