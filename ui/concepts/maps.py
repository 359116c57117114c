"""The feature maps that several labs work on."""

import numpy as np

from core.concepts.convolution import PRESETS, convolve


def grey(picture: np.ndarray) -> np.ndarray:
    """A colour picture as one number per pixel, `float64` `(height, width)`."""
    return picture[..., :3].mean(axis=2).round()


def edges(picture: np.ndarray) -> np.ndarray:
    """The feature map that the ReLU and pooling labs work on."""
    return convolve(grey(picture), np.array(PRESETS["vertical-edges"].weights, float))


def busiest(values: np.ndarray, side: int) -> tuple[int, int]:
    """Row and column of the patch with the largest sum, on even places."""
    sums_of_patches = convolve(values, np.ones((side, side)), stride=2)
    row, column = np.unravel_index(int(sums_of_patches.argmax()), sums_of_patches.shape)
    return int(row) * 2, int(column) * 2
