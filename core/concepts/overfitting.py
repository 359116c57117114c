"""Learning by heart, on twelve points: a curve with too much freedom hits every one of them."""

from typing import NamedTuple

import numpy as np

POINTS = 12
NOISE = 0.22
MAX_DEGREE = 11


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


def fit_curve(degree: int, points: int = POINTS, seed: int = 5) -> CurveFit:
    """Fits a polynomial of `degree` (0..`MAX_DEGREE`) to `points` noisy points of a sine."""
    rng = np.random.default_rng(seed)
    train, fresh = _sample(rng, points), _sample(rng, 60)
    chebyshev = np.polynomial.Chebyshev.fit(
        train[:, 0], train[:, 1], min(degree, points - 1), domain=[0, 1]
    )
    along = np.linspace(0, 1, 160)
    return CurveFit(
        train,
        fresh,
        np.stack([along, chebyshev(along)], axis=1),
        float(np.abs(chebyshev(train[:, 0]) - train[:, 1]).mean()),
        float(np.abs(chebyshev(fresh[:, 0]) - fresh[:, 1]).mean()),
    )


def _sample(rng: np.random.Generator, count: int) -> np.ndarray:
    across = (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count
    return np.stack([across, np.sin(across * 2 * np.pi) + rng.normal(0, NOISE, count)], axis=1)
