"""From feature maps to one row of numbers, and to the weighted sum of one unit."""

from typing import NamedTuple

import numpy as np

from core.concepts.convolution import convolve
from core.concepts.layers import pool, relu


class UnitSum(NamedTuple):
    """One unit of a dense layer: what every number adds, and the sum with the bias."""

    contributions: np.ndarray
    total: float


def flatten(maps: np.ndarray) -> np.ndarray:
    """`(height, width, channels)` as `(height · width · channels,)`, place by place.

    As `keras.layers.Flatten`: the numbers of all maps at one place follow each other, then
    comes the next place of the row.
    """
    return maps.reshape(-1)


def global_average(maps: np.ndarray) -> np.ndarray:
    """The average of each map: `(height, width, channels)` to `(channels,)`."""
    return maps.mean(axis=(0, 1))


def unit_sum(values: np.ndarray, weights: np.ndarray, bias: float) -> UnitSum:
    """Values `(n,)` times weights `(n,)`, and their sum with the bias."""
    contributions = values * weights
    return UnitSum(contributions, float(contributions.sum() + bias))


def dense_count(values: int, units: int) -> int:
    """The numbers that a dense layer learns: a weight per value and unit, a bias per unit."""
    return values * units + units


def small_maps(plane: np.ndarray, kernels: np.ndarray, side: int) -> np.ndarray:
    """What the end of a small network sees of a picture, brought to numbers of about 0..4.

    Args:
        plane: `(height, width)`, 0..255.
        kernels: `(3, 3, maps)`.
        side: How many numbers are left along each side.

    Returns:
        `float64` `(side, side, maps)`: convolution, ReLU, then the average over `side` by
        `side` fields; what does not fill a field at the right and below is left out.
        Two decimals, so that every product can be checked by hand.
    """
    found = [relu(convolve(plane / 255, kernels[..., k])) for k in range(kernels.shape[-1])]
    field = min(found[0].shape) // side
    pooled = [pool(one, field, field, "average")[:side, :side] for one in found]
    return np.round(np.stack(pooled, axis=-1), 2)


def made_up_weights(values: int, units: int, seed: int) -> np.ndarray:
    """`(values, units)`, one decimal, drawn by lot: before learning a network's are no better."""
    drawn = np.random.default_rng(seed).normal(0, 0.6, (values, units))
    return np.round(np.clip(drawn, -2, 2), 1)
