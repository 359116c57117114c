"""A kernel per channel, their maps summed: one feature map per filter."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.concepts.convolution import PRESETS, Grid, convolve
from core.errors import LoupeError

NONE: Grid = ((0, 0, 0),) * 3
MIDDLE: Grid = ((0, 0, 0), (0, 1, 0), (0, 0, 0))
MINUS_MIDDLE: Grid = ((0, 0, 0), (0, -1, 0), (0, 0, 0))
MINUS_HALF: Grid = ((0, 0, 0), (0, -0.5, 0), (0, 0, 0))
UPRIGHT = PRESETS["vertical-edges"].weights
LEVEL = PRESETS["horizontal-edges"].weights
OUTLINE = PRESETS["outline"].weights


@dataclass(frozen=True)
class Filter:
    """A filter for colour pictures.

    Attributes:
        title: What it looks for, in a few words.
        kernels: Its 3 by 3 weights for red, green and blue.
        bias: Added to every sum.
    """

    title: str
    kernels: tuple[Grid, Grid, Grid]
    bias: float = 0

    @property
    def weights(self) -> np.ndarray:
        """As Keras keeps them: `float64` (3, 3, channels)."""
        return np.stack([np.array(kernel, float) for kernel in self.kernels], axis=-1)


FILTERS = (
    Filter("Upright edges in any colour", (UPRIGHT, UPRIGHT, UPRIGHT)),
    Filter("Red against green", (MIDDLE, MINUS_MIDDLE, NONE)),
    Filter("Blue against the rest", (MINUS_HALF, MINUS_HALF, MIDDLE)),
    Filter("Level edges in green only", (NONE, LEVEL, NONE)),
    Filter("Outlines in any colour", (OUTLINE, OUTLINE, OUTLINE)),
    Filter("Bright, less 300", (MIDDLE, MIDDLE, MIDDLE), -300),
)


class WeightCount(NamedTuple):
    """How many numbers a convolution layer learns, and the sum that gives it."""

    total: int
    arithmetic: str


def channel_maps(picture: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What each channel's own kernel finds, before they are summed.

    Args:
        picture: `(height, width, channels)`.
        weights: `(rows, columns, channels)`, one filter.

    Returns:
        `float64` of shape `(height, width, channels)` of the output, without padding.

    Raises:
        LoupeError: If the filter has a kernel too many or too few, or does not fit.
    """
    if picture.shape[-1] != weights.shape[-1]:
        raise LoupeError(
            f"The picture has {picture.shape[-1]} channels and the filter {weights.shape[-1]} "
            "kernels.",
            "Give the filter one kernel per channel.",
        )
    channels = range(picture.shape[-1])
    return np.stack([convolve(picture[..., c], weights[..., c]) for c in channels], axis=-1)


def filter_map(picture: np.ndarray, weights: np.ndarray, bias: float = 0) -> np.ndarray:
    """The feature map of one filter: the channels' maps and the bias, summed place by place."""
    return channel_maps(picture, weights).sum(axis=-1) + bias


def weight_count(kernel: int, channels: int, filters: int) -> WeightCount:
    """The numbers of a layer of `filters` filters with `kernel` by `kernel` weights per channel."""
    total = kernel * kernel * channels * filters + filters
    words = f"{kernel} · {kernel} · {channels} · {filters} + {filters} = {total:,}"
    return WeightCount(total, words)
