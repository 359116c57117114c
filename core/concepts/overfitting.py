"""Learning by heart, on a few points: a curve with too much freedom hits every one of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

POINTS = 12
NOISE = 0.22
MAX_DEGREE = 15
_SEED, _FRESH = 5, 60


class CurveFit(NamedTuple):
    """A curve through noisy points, and how far it is off.

    Attributes:
        train: `(n, 2)` points that the curve was fitted to.
        fresh: `(m, 2)` new points from the same source.
        curve: `(k, 2)` the fitted curve.
        train_error: Mean distance to the points it learnt from.
        fresh_error: Mean distance to the new ones.
    """

    train: np.ndarray
    fresh: np.ndarray
    curve: np.ndarray
    train_error: float
    fresh_error: float


class Errors(NamedTuple):
    """What a curve of one degree of freedom is off, on its own points and on new ones."""

    degree: int
    train: float
    fresh: float


def draw_points(
    points: int = POINTS, noise: float = NOISE, seed: int = _SEED
) -> tuple[np.ndarray, np.ndarray]:
    """`(points, 2)` noisy points of a sine to learn from, and 60 new ones from the same source."""
    rng = np.random.default_rng(seed)
    return _sample(rng, points, noise), _sample(rng, _FRESH, noise)


def fit_curve(
    degree: int,
    points: int = POINTS,
    seed: int = _SEED,
    noise: float = NOISE,
    penalty: float = 0.0,
    train: np.ndarray | None = None,
) -> CurveFit:
    """Fits a polynomial of `degree` to noisy points of a sine.

    Ridge regression on Chebyshev polynomials (Hoerl and Kennard 1970): the squared errors plus
    `penalty` times the squared weights, all but the constant one, are made as small as possible.

    Args:
        degree: 0..`MAX_DEGREE`; at most one less than there are points is used.
        points: How many.
        noise: Standard deviation of the points from the sine.
        penalty: 0 or more; 0 for none.
        train: `(n, 2)` points in 0..1 × any, instead of those drawn by lot.
    """
    drawn, fresh = draw_points(points, noise, seed)
    train = drawn if train is None else np.asarray(train, float)
    weights = _fitted(train, min(degree, len(train) - 1), penalty)
    along = np.linspace(0, 1, 160)
    curve = np.stack([along, _values(along, weights)], axis=1)
    return CurveFit(train, fresh, curve, _error(train, weights), _error(fresh, weights))


def errors_by_freedom(
    train: np.ndarray, fresh: np.ndarray, penalty: float = 0.0, most: int = MAX_DEGREE
) -> tuple[Errors, ...]:
    """What the curves of every degree from 1 to `most` are off; each is fitted to `train`."""
    found = []
    for degree in range(1, min(most, len(train) - 1) + 1):
        weights = _fitted(train, degree, penalty)
        found.append(Errors(degree, _error(train, weights), _error(fresh, weights)))
    return tuple(found)


def best_degree(errors: Sequence[Errors]) -> int:
    """The degree of freedom that is least off on new points."""
    return min(errors, key=lambda one: one.fresh).degree


def _fitted(train: np.ndarray, degree: int, penalty: float) -> np.ndarray:
    """Weights `(degree + 1,)` of the Chebyshev polynomials on 0..1."""
    features = chebyshev.chebvander(train[:, 0] * 2 - 1, degree)
    held = np.sqrt(penalty * len(train)) * np.eye(degree + 1)
    held[0, 0] = 0  # how high the curve lies on the whole costs nothing
    rows, aims = np.vstack([features, held]), np.append(train[:, 1], np.zeros(degree + 1))
    return np.linalg.lstsq(rows, aims, rcond=None)[0]


def _values(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return chebyshev.chebval(x * 2 - 1, weights)


def _error(points: np.ndarray, weights: np.ndarray) -> float:
    return float(np.abs(_values(points[:, 0], weights) - points[:, 1]).mean())


def _sample(rng: np.random.Generator, count: int, noise: float) -> np.ndarray:
    across = (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count
    return np.stack([across, np.sin(across * 2 * np.pi) + rng.normal(0, noise, count)], axis=1)
