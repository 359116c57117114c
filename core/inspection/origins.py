"""Where the numbers that a value is made of stand in the layers before it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from core.inspection.pixel_sum import Place, Sum


class Origin(NamedTuple):
    """A value of a layer before: of which of its inputs, and where in it."""

    input: int
    place: Place


def origins(
    layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place, told: Sum
) -> list[Origin | None]:
    """Of each number in `told.patch` (n,); None for what stands nowhere, such as a rim of zeros."""
    if told.kernel is not None:  # dense: all units of the same place
        return [Origin(0, (*place[:-1], unit)) for unit in range(len(told.patch))]
    if isinstance(layer, keras.layers.Concatenate):
        return [_joined(inputs, place)]
    if isinstance(layer, keras.layers.ZeroPadding2D):
        return [_unpadded(layer, inputs[0], place)]
    if len(told.patch) == 1 and inputs[0].size == output.size and inputs[0].shape != output.shape:
        at = np.unravel_index(np.ravel_multi_index(place, output.shape), inputs[0].shape)
        return [Origin(0, tuple(map(int, at)))]
    return [
        Origin(number, _stretched(given.shape, place))
        for number, given in enumerate(inputs[: len(told.patch)])
    ]


def weighted_channels(layer: Any, place: Place, given: np.ndarray, told: Sum) -> int:
    """The number of the first map of the layer before in `told.patch` (h, w, channels)."""
    seen = told.patch.shape[-1]
    if seen == given.shape[-1]:
        return 0
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return place[-1] // layer.depth_multiplier
    if told.kernel is None:
        return place[-1]
    return place[-1] // (layer.filters * seen // given.shape[-1]) * seen


def _joined(inputs: Sequence[np.ndarray], place: Place) -> Origin | None:
    index = place[-1]
    for number, given in enumerate(inputs):
        if index < given.shape[-1]:
            return Origin(number, (*place[:-1], index))
        index -= given.shape[-1]
    return None


def _unpadded(layer: Any, given: np.ndarray, place: Place) -> Origin | None:
    (top, _), (left, _) = layer.padding
    row, column = place[0] - top, place[1] - left
    if 0 <= row < given.shape[0] and 0 <= column < given.shape[1]:
        return Origin(0, (row, column, place[2]))
    return None


def _stretched(shape: tuple[int, ...], place: Place) -> Place:
    """Where a smaller input is used again and again, its one value is meant."""
    return tuple(
        0 if size == 1 else at
        for size, at in zip(shape, place[len(place) - len(shape) :], strict=True)
    )
