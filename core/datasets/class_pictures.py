"""What the photos of each class have in common: their average, their spread, their colours."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import cv2
import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.prepared import prepare
from core.errors import LoupeError
from core.images import PictureSpec
from core.progress import Progress, silent
from core.workspace import write_bytes

SPEC = PictureSpec(image_size=(64, 64))
HUES = 24
AT_ONCE = 1024
# Of the chroma 0..255 in HSV: greyer pixels have no hue to speak of.
LEAST_CHROMA = 32


@dataclass(frozen=True, eq=False)
class ClassPictures:
    """What the photos of each class have in common.

    Attributes:
        class_names: C classes.
        mean: uint8 (C, 64, 64, 3): the average of all photos of a class.
        spread: uint8 (C, 64, 64, 3): how far they are from it, their standard deviation.
        hues: float32 (C, 24): the share of the coloured pixels that has each hue, red first,
            weighted by how colourful they are; each row adds up to 1, or is 0.
        coloured: float32 (C,): the share of pixels that have a colour at all.
        counts: int64 (C,): how many photos.
    """

    class_names: tuple[str, ...]
    mean: np.ndarray
    spread: np.ndarray
    hues: np.ndarray
    coloured: np.ndarray
    counts: np.ndarray


def class_pictures(dataset: Dataset, progress: Progress = silent) -> ClassPictures:
    """The photos of each class in common; computed where the data set does not hold it yet.

    Raises:
        LoupeError: If there is no photo, or one can no longer be read.
        Stopped: From `progress`.
    """
    kept = read_class_pictures(dataset)
    if kept is not None:
        return kept
    made = _compute(dataset, progress)
    content = BytesIO()
    arrays = {name: value for name, value in vars(made).items() if name != "class_names"}
    np.savez_compressed(content, class_names=np.array(made.class_names, dtype=np.str_), **arrays)
    write_bytes(_path(dataset), content.getvalue())
    return made


def read_class_pictures(dataset: Dataset) -> ClassPictures | None:
    """What `class_pictures` kept for exactly these photos in these classes, or None."""
    try:
        with np.load(BytesIO(_path(dataset).read_bytes()), allow_pickle=False) as kept:
            arrays: dict[str, Any] = {name: kept[name] for name in kept.files}
        arrays["class_names"] = tuple(arrays["class_names"].tolist())
        return ClassPictures(**arrays)
    except (OSError, ValueError, TypeError, EOFError, BadZipFile):
        return None


def _path(dataset: Dataset) -> Path:
    key = hashlib.sha256()
    for column in ("content_hash", "label"):
        key.update("\n".join(dataset.used[column]).encode())
    return dataset.folder / "class-pictures" / f"{key.hexdigest()[:24]}.npz"


def _compute(dataset: Dataset, progress: Progress) -> ClassPictures:
    names = dataset.class_names
    if not names:
        raise LoupeError(f"{dataset.title} has no photo in use.", "Restore some photos.")
    prepared = prepare(dataset, SPEC, progress)
    labels = dataset.used["label"].map({name: place for place, name in enumerate(names)})
    classes = labels.to_numpy(np.int64)
    rows = prepared.indices(dataset.used["id"].tolist())
    total = np.zeros((len(names), *SPEC.shape))
    squares = np.zeros_like(total)
    hues = np.zeros((len(names), HUES))
    colored = np.zeros(len(names))
    for start in range(0, len(rows), AT_ONCE):
        progress(start, len(rows), "Comparing the classes")
        pictures = prepared.array[rows[start : start + AT_ONCE]]
        here = classes[start : start + AT_ONCE]
        for place in np.unique(here):
            part = pictures[here == place]
            total[place] += part.sum(axis=0, dtype=np.float64)
            squares[place] += np.einsum("nhwc,nhwc->hwc", part, part, dtype=np.float64)
            histogram, share = _hues(part)
            hues[place] += histogram
            colored[place] += share
    counts = np.bincount(classes, minlength=len(names))
    each = np.maximum(counts, 1)[:, None, None, None]
    mean = total / each
    spread = np.sqrt(np.maximum(squares / each - mean**2, 0))
    shares = hues / np.maximum(hues.sum(axis=1, keepdims=True), 1e-9)
    return ClassPictures(
        names,
        _pixels(mean),
        _pixels(spread),
        shares.astype(np.float32),
        (colored / np.maximum(counts, 1)).astype(np.float32),
        counts,
    )


def _hues(pictures: np.ndarray) -> tuple[np.ndarray, float]:
    """The chroma at each hue, float (24,), and the sum over photos of their coloured share."""
    flat = np.ascontiguousarray(pictures.reshape(len(pictures), -1, 3))
    hue, saturation, value = np.moveaxis(cv2.cvtColor(flat, cv2.COLOR_RGB2HSV_FULL), -1, 0)
    chroma = saturation.astype(np.float32) * value / 255
    seen = chroma >= LEAST_CHROMA
    bins = (hue.astype(np.int64) * HUES + 128) // 256 % HUES
    histogram = np.bincount(bins[seen], weights=chroma[seen], minlength=HUES)
    return histogram, float(seen.mean(axis=1).sum())


def _pixels(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
