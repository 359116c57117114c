"""For each photo the few that look most like it, in little memory and bounded time."""

from typing import NamedTuple

import numpy as np

from core.datasets.perception import mirrored
from core.progress import Progress

# Of the principal components: more than these hold noise, and cost time for each pair.
COMPONENTS = 96
# Share of the strongest component below which the others are not stretched further.
FLOOR = 0.01
BUCKET = 64
# Similarities held at a time: 64 MB.
HELD = 16_000_000


class Pairs(NamedTuple):
    """Pairs of rows, the first lower than the second, no pair twice.

    Attributes:
        first, second: int64 (P,).
        flipped: bool (P,): whether the one looks like the mirror image of the other.
    """

    first: np.ndarray
    second: np.ndarray
    flipped: np.ndarray


class Space:
    """Descriptors in which common patterns count no more than rare ones.

    Whitened principal components: what many photos share, such as sky above and grass below,
    no longer makes two photos alike.

    Args:
        descriptors: float32 (N, D), unit length.
    """

    def __init__(self, descriptors: np.ndarray):
        self._mean = descriptors.mean(axis=0)
        covariance = np.cov(descriptors, rowvar=False, bias=True).astype(np.float64)
        strengths, directions = np.linalg.eigh(np.atleast_2d(covariance))
        strengths, directions = strengths[::-1][:COMPONENTS], directions[:, ::-1][:, :COMPONENTS]
        floor = max(1e-12, FLOOR * float(strengths[0]))
        self._weights = (directions / np.sqrt(np.maximum(strengths, 0) + floor)).astype(np.float32)
        self._descriptors = descriptors
        self.rows = self._placed(descriptors)

    def _placed(self, descriptors: np.ndarray) -> np.ndarray:
        placed = (descriptors - self._mean) @ self._weights
        return placed / np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), 1e-9)

    def look_alikes(self, rows: np.ndarray, count: int, flipped: bool) -> np.ndarray:
        """int64 (len(rows), count): the rows that look most like each of `rows`.

        Args:
            flipped: Whether to take the mirror images of `rows`.
        """
        asked = self._placed(mirrored(self._descriptors[rows])) if flipped else self.rows[rows]
        alike = asked @ self.rows.T
        alike[np.arange(len(rows)), rows] = -2
        return _largest(alike, count)


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    """int64 (rows, count): the places of the `count` largest of each row of (rows, n).

    The largest lie in the `count` buckets whose maxima are largest: only those are searched,
    for a tenth of the time that `argpartition` of whole rows takes.
    """
    rows, n = values.shape
    buckets = n // BUCKET
    if buckets <= 2 * count:
        return np.argpartition(values, -count, axis=1)[:, -count:]
    tops = values[:, : buckets * BUCKET].reshape(rows, BUCKET, buckets).max(axis=1)
    best = np.argpartition(tops, -count, axis=1)[:, -count:]
    inside = (best[:, None, :] + np.arange(BUCKET)[:, None] * buckets).reshape(rows, -1)
    rest = np.broadcast_to(np.arange(buckets * BUCKET, n), (rows, n - buckets * BUCKET))
    places = np.concatenate([inside, rest], axis=1)
    chosen = np.argpartition(np.take_along_axis(values, places, axis=1), -count, axis=1)
    return np.take_along_axis(places, chosen[:, -count:], axis=1)


def find_pairs(
    space: Space, rows: np.ndarray, count: int, mirror: bool, progress: Progress
) -> Pairs:
    """Each of `rows` with the `count` photos most like it, and with a quarter as many mirrored.

    Args:
        progress: Told the rows done.
    """
    photos = len(space.rows)
    step = max(1, HELD // photos)
    found: list[np.ndarray] = []
    for start in range(0, len(rows), step):
        progress(start, len(rows), "Comparing each photo with all others")
        part = rows[start : start + step]
        for flipped in (False, True) if mirror else (False,):
            near = min(count // 4 if flipped else count, photos - 1)
            if near > 0:
                found.append(_keys(part, space.look_alikes(part, near, flipped), photos, flipped))
    keys = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    flipped_keys, places = keys % 2, keys // 2
    return Pairs(places // photos, places % photos, flipped_keys.astype(bool))


def _keys(rows: np.ndarray, near: np.ndarray, photos: int, flipped: bool) -> np.ndarray:
    """One number per pair, the same from both sides."""
    one, other = np.repeat(rows, near.shape[1]), near.ravel()
    pairs = np.minimum(one, other).astype(np.int64) * photos + np.maximum(one, other)
    return pairs * 2 + int(flipped)
