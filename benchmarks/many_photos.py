"""Very many small photos, quickly drawn: as a ZIP and as a folder of classes."""

import multiprocessing
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from benchmarks.photos import CLASSES, draw_photo

CLASS_COUNT = 20
PHOTOS_PER_BASE = 50
PROCESSES = min(8, os.cpu_count() or 1)


def photos_of(base: int) -> list[bytes]:
    """`PHOTOS_PER_BASE` JPEGs of about 20 KB: crops of one drawing at several qualities."""
    cv2.setNumThreads(1)
    drawing = draw_photo(CLASSES[base % len(CLASSES)], base)
    rng = np.random.default_rng(base)
    return [_variant(drawing, rng) for _ in range(PHOTOS_PER_BASE)]


def _variant(drawing: np.ndarray, rng: np.random.Generator) -> bytes:
    height, width = int(rng.integers(215, 245)), int(rng.integers(270, 310))
    top = int(rng.integers(drawing.shape[0] - height))
    left = int(rng.integers(drawing.shape[1] - width))
    crop = drawing[top : top + height, left : left + width]
    quality = int(rng.integers(88, 94))
    _, encoded = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return encoded.tobytes()


def drawn(count: int) -> Iterator[tuple[str, bytes]]:
    """`(class/name.jpg, bytes)` of `count` photos, no two the same."""
    bases = -(-count // PHOTOS_PER_BASE)
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        number = 0
        for photos in pool.imap(photos_of, range(bases), chunksize=4):
            for photo in photos[: count - number]:
                yield f"class-{number % CLASS_COUNT:02d}/{number:06d}.jpg", photo
                number += 1


def write_zip(path: Path, count: int) -> Path:
    """A ZIP of `count` photos, stored as they are."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, photo in drawn(count):
            archive.writestr(name, photo)
    return path


def unpacked(archive: Path, folder: Path) -> Path:
    """The photos of `archive` as a folder of classes."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)  # our own archive
    return folder
