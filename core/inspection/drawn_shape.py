"""Any layer's output as a stack of maps, so that it can be drawn."""

from collections.abc import Sequence
from math import isqrt, prod

import numpy as np


def as_maps(values: np.ndarray) -> np.ndarray:
    """Any layer's output as (height, width, units), so that it can be drawn.

    Args:
        values: (units,): maps of one pixel. (steps, units): the steps of a sequence line by
            line in a rectangle as square as can be, filled up with zeros. (height, width,
            maps): as it is. Of more axes, all slices below each other.
    """
    if values.ndim == 3:
        return values
    if values.ndim < 2:
        return values.reshape(1, 1, -1)
    if values.ndim > 3:
        return values.reshape(-1, *values.shape[-2:])
    height, width, count = drawn_shape(values.shape)
    full = np.zeros((height * width, count), values.dtype)
    full[: len(values)] = values
    return full.reshape(height, width, count)


def drawn_shape(shape: Sequence[int]) -> tuple[int, int, int]:
    """(height, width, units) of `as_maps` of an output of `shape`."""
    if len(shape) < 2:
        return 1, 1, shape[0] if shape else 1
    *places, count = shape
    if len(places) > 1:
        return prod(places[:-1]), places[-1], count
    steps = places[0]
    height = next(n for n in range(max(1, isqrt(steps)), 0, -1) if steps % n == 0)
    if steps > 4 * height * height:  # thinner than 4 : 1
        height = isqrt(steps)
    return height, -(-steps // height), count
