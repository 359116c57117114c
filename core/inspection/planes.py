"""What a network makes of all photos, flattened onto a plane, and what the plane hides."""

from typing import NamedTuple

import numpy as np

# Of many photos so many are asked for their neighbours: the share is then right to a few per cent.
MOST_ASKED = 2000
AT_ONCE = 256
SEED = 0


class Plane(NamedTuple):
    """The two directions along which vectors differ most (principal components; Pearson 1901).

    Attributes:
        places: float32 (N, 2), both axes within 0..1.
        explained: The share of all differences that each direction holds, 0..1.
        middle: float32 (D,): the mean of the vectors.
        directions: float32 (2, D), of unit length.
        low, span: float32 (2,): what brings a projection to 0..1.
    """

    places: np.ndarray
    explained: tuple[float, float]
    middle: np.ndarray
    directions: np.ndarray
    low: np.ndarray
    span: np.ndarray

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Where other vectors, float (M, D), lie: float32 (M, 2), perhaps beyond 0..1."""
        along = (vectors - self.middle) @ self.directions.T
        return ((along - self.low) / self.span).astype(np.float32)


def principal_plane(vectors: np.ndarray) -> Plane:
    """The plane of `vectors`, float (N, D), N > 0. The same for the same vectors.

    The sign of a direction means nothing: the largest of its numbers is made positive.
    """
    middle = vectors.mean(axis=0)
    centred = (vectors - middle).astype(np.float64)
    # Through the smaller of the two products: 100,000 photos cost no more than their vectors do.
    if len(centred) >= centred.shape[1]:
        _, squares, rows = np.linalg.svd(centred.T @ centred, hermitian=True)
        lengths = np.sqrt(squares)
    else:
        _, lengths, rows = np.linalg.svd(centred, full_matrices=False)
    directions = np.zeros((2, centred.shape[1]))
    directions[: len(rows[:2])] = rows[:2]
    largest = np.abs(directions).argmax(axis=1)
    directions *= np.where(directions[np.arange(2), largest] < 0, -1.0, 1.0)[:, None]
    along = centred @ directions.T
    low, high = along.min(axis=0), along.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    total = float((lengths**2).sum()) or 1.0
    shares = [float(one**2) / total for one in [*lengths[:2], 0.0, 0.0][:2]]
    return Plane(
        ((along - low) / span).astype(np.float32),
        (shares[0], shares[1]),
        middle.astype(np.float32),
        directions.astype(np.float32),
        low.astype(np.float32),
        span.astype(np.float32),
    )


def like_neighbours(points: np.ndarray, labels: np.ndarray) -> float:
    """The share of points whose nearest other point has the same label, 0..1.

    Args:
        points: float (N, D), N > 1.
        labels: (N,).
    """
    asked = np.arange(len(points))
    if len(points) > MOST_ASKED:
        asked = np.random.default_rng(SEED).choice(len(points), MOST_ASKED, replace=False)
    points = points.astype(np.float32)
    lengths = (points**2).sum(axis=1)
    same = 0
    for start in range(0, len(asked), AT_ONCE):
        rows = asked[start : start + AT_ONCE]
        far = lengths - 2 * points[rows] @ points.T
        far[np.arange(len(rows)), rows] = np.inf
        same += int((labels[far.argmin(axis=1)] == labels[rows]).sum())
    return same / len(asked)
