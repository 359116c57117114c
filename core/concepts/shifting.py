"""How much a map changes when the picture is shifted by a pixel or two."""

import numpy as np

from core.concepts.convolution import PRESETS, convolve
from core.concepts.layers import relu


def edge_map(plane: np.ndarray) -> np.ndarray:
    """Upright edges of a grey picture 0..255, after ReLU: the map that pooling is shown on."""
    return relu(convolve(plane, np.array(PRESETS["vertical-edges"].weights, float)))


def shifted(plane: np.ndarray, down: int, right: int, margin: int) -> np.ndarray:
    """`plane` without its margin, seen `down` and `right` pixels further on; each within it."""
    height, width = plane.shape[0] - 2 * margin, plane.shape[1] - 2 * margin
    top, left = margin - down, margin - right
    return plane[top : top + height, left : left + width]


def change(before: np.ndarray, after: np.ndarray) -> float:
    """How much two maps without negative values differ: 0 the same, 1 nothing in common.

    The sum of the differences as a share of the sum of both (Bray and Curtis 1957).
    """
    whole = float(before.sum() + after.sum())
    return float(np.abs(after - before).sum()) / whole if whole else 0.0
