"""A kernel slides over a picture: at every place nine products, one sum."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.concepts.sizes import output_size

Grid = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Preset:
    """A kernel with a name and a sentence on what it does.

    Attributes:
        title: Its name.
        weights: 3 by 3, at most two decimals, so that every product can be checked by hand.
        wide: The same idea in 5 by 5.
        effect: What the map shows.
    """

    title: str
    weights: Grid
    wide: Grid
    effect: str


PRESETS = {
    "vertical-edges": Preset(
        "Upright edges",
        ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        (
            (-1, -1, 0, 1, 1),
            (-2, -2, 0, 2, 2),
            (-3, -2, 0, 2, 3),
            (-2, -2, 0, 2, 2),
            (-1, -1, 0, 1, 1),
        ),
        "Large where the picture is dark on the left and bright on the right.",
    ),
    "horizontal-edges": Preset(
        "Level edges",
        ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
        (
            (-1, -2, -3, -2, -1),
            (-1, -2, -2, -2, -1),
            (0, 0, 0, 0, 0),
            (1, 2, 2, 2, 1),
            (1, 2, 3, 2, 1),
        ),
        "Large where the picture is dark above and bright below.",
    ),
    "outline": Preset(
        "Outlines",
        ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
        ((-1,) * 5, (-1,) * 5, (-1, -1, 24, -1, -1), (-1,) * 5, (-1,) * 5),
        "Zero where all nine pixels are alike; far from zero along every edge.",
    ),
    "sharpen": Preset(
        "Sharpen",
        ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
        (
            (0, 0, -1, 0, 0),
            (0, 0, -1, 0, 0),
            (-1, -1, 9, -1, -1),
            (0, 0, -1, 0, 0),
            (0, 0, -1, 0, 0),
        ),
        "The pixel itself, and what sets it apart from its neighbours once more.",
    ),
    "blur": Preset(
        "Blur",
        ((0.11, 0.11, 0.11), (0.11, 0.11, 0.11), (0.11, 0.11, 0.11)),
        ((0.04,) * 5,) * 5,
        "About the average of nine neighbours: detail goes, the large shapes stay.",
    ),
    "emboss": Preset(
        "Emboss",
        ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
        (
            (-2, -2, -1, 0, 0),
            (-2, -1, -1, 0, 0),
            (-1, -1, 1, 1, 1),
            (0, 0, 1, 1, 2),
            (0, 0, 1, 2, 2),
        ),
        "The picture as a relief, lit from one corner.",
    ),
    "identity": Preset(
        "Nothing",
        ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
        ((0,) * 5, (0,) * 5, (0, 0, 1, 0, 0), (0,) * 5, (0,) * 5),
        "One in the middle and zero around it: the picture stays as it is.",
    ),
}


def convolve(
    picture: np.ndarray, weights: np.ndarray, stride: int = 1, padding: int = 0, bias: float = 0
) -> np.ndarray:
    """The feature map of one kernel, as a convolution layer computes it (no flipping).

    Args:
        picture: `(height, width)`, any number type.
        weights: `(rows, columns)`.
        stride: Pixels from one place of the kernel to the next.
        padding: Rows and columns of zeros around the picture.
        bias: Added to every sum.

    Returns:
        `float64` of shape `(output height, output width)`.

    Raises:
        LoupeError: If the kernel is larger than the padded picture.
    """
    seen = windows(picture, weights.shape, stride, padding)
    return np.einsum("ijkl,kl->ij", seen, weights.astype(float)) + bias


def windows(picture: np.ndarray, size: tuple[int, ...], stride: int, padding: int) -> np.ndarray:
    """Every place of a window: `(output height, output width, *size)`.

    Raises:
        LoupeError: If none fits.
    """
    padded = np.pad(picture.astype(float), padding)
    for side, kernel in zip(picture.shape, size, strict=True):
        output_size(side, kernel, padding, stride)
    return sliding_window_view(padded, size)[::stride, ::stride]
