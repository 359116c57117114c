"""One value of a layer, and the numbers that it is made of."""

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from core.errors import LoupeError
from core.inspection.fields import first_of, window_of

Place = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sum:
    """One value and what it is made of.

    Attributes:
        kind: "weighted sum", "largest", "mean", "formula" or "copy".
        says: What happens, in a sentence.
        value: What the numbers below come to; the layer's own value to 1e-4.
        patch: float32, the values that go in: (height, width, channels) of a window, (n,) of a
            dense layer or of several inputs; zeros where a window reaches into the padding.
        kernel: float32, what they are multiplied by, of the same shape; None without weights.
        bias: What is added; None if nothing is.
        before: The value before the activation; None without one.
        activation: Its name, or "".
        corner: (row, column) of the window's first value in the layer before; None without places.
        numbers: Further numbers of a formula, by the name they have in it.
    """

    kind: str
    says: str
    value: float
    patch: np.ndarray
    kernel: np.ndarray | None = None
    bias: float | None = None
    before: float | None = None
    activation: str = ""
    corner: tuple[int, int] | None = None
    numbers: dict[str, float] = field(default_factory=dict)


def window_values(
    layer: Any, given: np.ndarray, output: np.ndarray, place: Place, outside: float = 0.0
) -> tuple[np.ndarray, tuple[int, int]]:
    """The values under a layer's window, `outside` where it reaches over the edge."""
    windows = window_of(layer)
    if windows is None:
        raise LoupeError(f"{layer.name!r} has no window.")
    lines, corner = [], []
    for axis, window in enumerate(windows):
        first = first_of(place[axis], output.shape[axis], given.shape[axis], window, layer.padding)
        lines.append(first + np.arange(window.size) * window.dilation)
        corner.append(int(first))
    patch = np.full((len(lines[0]), len(lines[1]), given.shape[-1]), outside, np.float32)
    inside = [(line >= 0) & (line < given.shape[axis]) for axis, line in enumerate(lines)]
    rows, columns = (line[fits] for line, fits in zip(lines, inside, strict=True))
    patch[np.ix_(inside[0], inside[1])] = given[np.ix_(rows, columns)]
    return patch, (corner[0], corner[1])


def numbers_of(weights: Any) -> np.ndarray:
    """Weights of any number format as float32."""
    return np.asarray(keras.ops.convert_to_numpy(weights)).astype(np.float32)


def alone(value: float) -> np.ndarray:
    """float32 (1,)."""
    return np.array([value], np.float32)
