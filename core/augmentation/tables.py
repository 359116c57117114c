"""Changes that look each value up in a table: neighbours are fused into one table.

A table is uint8 (256,), or (256, channels) where each channel has its own. Two tables in a
row are exactly one: `second[first]`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from core.augmentation.changes import Change

KINDS = frozenset(
    (
        "brightness",
        "contrast",
        "gamma",
        "channel_shift",
        "posterise",
        "solarise",
        "autocontrast",
        "equalise",
    )
)
_OF_THE_PICTURE = ("contrast", "autocontrast", "equalise")
_LEVELS = np.arange(256, dtype=np.float64)
_NOTHING: Any = 0.0  # as what OpenCV adds; its stubs know arrays only
LUMA = (0.299, 0.587, 0.114)  # Rec. 601, as Pillow's "L" and OpenCV's grey


def recolour(picture: np.ndarray, changes: Sequence[Change]) -> np.ndarray:
    """All of `changes`, one after another, with as few passes over the pixels as they allow.

    Args:
        picture: uint8 (height, width, channels). Not written to.

    Returns:
        uint8, shape of `picture`.
    """
    pending: np.ndarray | None = None
    for change in changes:
        if change.kind in _OF_THE_PICTURE and pending is not None:
            picture, pending = _look_up(picture, pending), None
        made = table(change, picture)
        pending = made if pending is None else after(pending, made)
    return picture if pending is None else _look_up(picture, pending)


def table(change: Change, picture: np.ndarray) -> np.ndarray:
    """The table of one change: uint8 (256,) or (256, channels)."""
    if change.kind == "channel_shift":
        channels = picture.shape[2]
        return _table(_LEVELS[:, None] + np.array(change.values)[None, :channels])
    if change.kind == "autocontrast":
        return _autocontrast(picture)
    if change.kind == "equalise":
        return _equalise(picture)
    (value,) = change.values
    if change.kind == "brightness":
        return _table(_LEVELS * value)
    if change.kind == "contrast":
        mean = mean_grey(picture)
        return _table(mean + (_LEVELS - mean) * value)
    if change.kind == "gamma":
        return _table(255 * (_LEVELS / 255) ** value)
    return _posterise(int(value)) if change.kind == "posterise" else _solarise(int(value))


@lru_cache(maxsize=9)
def _posterise(bits: int) -> np.ndarray:
    """The highest `bits` of the eight are kept."""
    return _table(_LEVELS.astype(int) & (0xFF << (8 - bits) & 0xFF))


@lru_cache(maxsize=257)
def _solarise(threshold: int) -> np.ndarray:
    """Values from `threshold` on are inverted."""
    return _table(np.where(threshold > _LEVELS, _LEVELS, 255 - _LEVELS))


def after(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The one table that does what `first` and then `second` do."""
    if second.ndim == 1:
        return second[first]
    first = first if first.ndim == 2 else np.repeat(first[:, None], second.shape[1], axis=1)
    return np.take_along_axis(second, first.astype(np.intp), axis=0)


def mean_grey(picture: np.ndarray) -> int:
    """The picture's mean grey 0..255, rounded, as Pillow's `ImageEnhance.Contrast` takes it."""
    means = cv2.mean(picture)
    if picture.shape[2] == 1:
        return int(means[0] + 0.5)
    return int(sum(weight * mean for weight, mean in zip(LUMA, means, strict=False)) + 0.5)


def _look_up(picture: np.ndarray, made: np.ndarray) -> np.ndarray:
    shaped = made if made.ndim == 1 else made.reshape(1, 256, -1)
    return cv2.LUT(picture, shaped).reshape(picture.shape)


def _table(values: np.ndarray) -> np.ndarray:
    """uint8, shape of `values`: rounded and cut off, by OpenCV because it does both at once."""
    rounded = cv2.add(values.astype(np.float64, copy=False), _NOTHING, dtype=cv2.CV_8U)
    return np.asarray(rounded).reshape(values.shape)


def _autocontrast(picture: np.ndarray) -> np.ndarray:
    """Pillow's `ImageOps.autocontrast`: each channel's darkest becomes 0, its lightest 255."""
    columns = []
    for channel in cv2.split(picture):
        low, high = int(channel.min()), int(channel.max())
        scale = 255 / (high - low) if high > low else 1.0
        offset = -low * scale if high > low else 0.0
        columns.append(np.clip((_LEVELS * scale + offset).astype(int), 0, 255))
    return np.stack(columns, axis=1).astype(np.uint8)


def _equalise(picture: np.ndarray) -> np.ndarray:
    """Pillow's `ImageOps.equalize`: each channel's values spread evenly over 0..255."""
    return np.stack([_equaliser(channel) for channel in cv2.split(picture)], axis=1)


def _equaliser(channel: np.ndarray) -> np.ndarray:
    counts = np.bincount(channel.ravel(), minlength=256)
    used = counts[counts > 0]
    step = (int(used.sum()) - int(used[-1])) // 255
    if len(used) < 2 or not step:
        return np.arange(256, dtype=np.uint8)
    below = np.concatenate(((0,), np.cumsum(counts)[:-1]))
    return np.minimum((step // 2 + below) // step, 255).astype(np.uint8)
