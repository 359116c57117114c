"""Which part of the photo one value of a layer depends on: its receptive field, as a box.

Araujo et al., "Computing Receptive Fields of Convolutional Neural Networks", Distill, 2019,
backwards along the real graph, cut off at the edges.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import keras

from core.inspection.graph import PICTURE, Formula, Step

Side = tuple[int, int]

kinds = keras.layers
WINDOWED = (
    kinds.Conv2D,
    kinds.DepthwiseConv2D,
    kinds.SeparableConv2D,
    kinds.MaxPooling2D,
    kinds.AveragePooling2D,
)
# Their values depend on what is at the same place before them. Of any other layer each value may
# depend on all places: a frame that is too large is no lie.
KEEP_PLACES = (
    *(kinds.Rescaling, kinds.Normalization, kinds.BatchNormalization, kinds.LayerNormalization),
    *(kinds.Activation, kinds.ReLU, kinds.LeakyReLU, kinds.PReLU, kinds.ELU, kinds.Softmax),
    *(kinds.Dropout, kinds.SpatialDropout2D, kinds.GaussianDropout, kinds.GaussianNoise),
    *(kinds.Identity, kinds.Dense, kinds.Concatenate, kinds.Reshape),
    *(kinds.Add, kinds.Subtract, kinds.Multiply, kinds.Average, kinds.Maximum, kinds.Minimum),
    Formula,
)
MOVE_PLACES = (*WINDOWED, kinds.ZeroPadding2D, kinds.Cropping2D, kinds.UpSampling2D)


class Box(NamedTuple):
    """Rows and columns, each from the first to behind the last."""

    rows: Side
    columns: Side

    def with_all_of(self, other: "Box | None") -> "Box":
        """The smallest box around both."""
        return self if other is None else Box(*map(_around, self, other))


def receptive_field(
    steps: Mapping[str, Step],
    shapes: Mapping[str, tuple[int, ...]],
    name: str,
    place: tuple[int, int] | None,
) -> Box:
    """The box of the photo that the value at `place` of layer `name` depends on.

    Args:
        shapes: Of each layer's output without its batch axis, and of the picture under "".
        place: (row, column) in the layer's maps; None for a layer without places.
    """
    return all_fields(steps, shapes, name, place)[PICTURE]


def all_fields(
    steps: Mapping[str, Step],
    shapes: Mapping[str, tuple[int, ...]],
    name: str,
    place: tuple[int, int] | None,
) -> dict[str, Box]:
    """As `receptive_field`, the box in every layer on the way down to the photo."""
    start = _all_of(shapes[name]) if place is None else Box(_one(place[0]), _one(place[1]))
    boxes = {name: start}
    followed = True
    for step in reversed(list(steps.values())):
        if step.name not in boxes:
            continue
        followed = followed and bool(step.sources)
        for source in step.sources:
            if source not in shapes:  # a layer with several outputs is not looked into
                followed = False
                continue
            box = _before(step.layer, boxes[step.name], shapes[step.name], shapes[source])
            boxes[source] = box.with_all_of(boxes.get(source))
    if not followed:
        boxes[PICTURE] = _all_of(shapes[PICTURE])
    return boxes


def _before(layer: Any, box: Box, after: tuple[int, ...], before: tuple[int, ...]) -> Box:
    """What the values in `box` are made of."""
    if _mixes_places(layer, before, after):
        return _all_of(before)
    if isinstance(layer, keras.layers.ZeroPadding2D):
        (top, _), (left, _) = layer.padding
        return Box(_moved(box.rows, -top, before[0]), _moved(box.columns, -left, before[1]))
    if isinstance(layer, keras.layers.UpSampling2D):
        return Box(*(_shrunk(box[axis], layer, axis, before[axis]) for axis in (0, 1)))
    if isinstance(layer, keras.layers.Cropping2D):
        (top, _), (left, _) = layer.cropping
        return Box(_moved(box.rows, top, before[0]), _moved(box.columns, left, before[1]))
    window = window_of(layer)
    if window is not None:
        return Box(
            *(
                _slid(box[axis], after[axis], before[axis], window[axis], layer.padding)
                for axis in (0, 1)
            )
        )
    return box if before[:2] == after[:2] and len(before) == 3 else _all_of(before)


class Window(NamedTuple):
    """How a layer slides along one side."""

    size: int
    stride: int
    dilation: int = 1


def window_of(layer: Any) -> tuple[Window, Window] | None:
    """How a convolution or pooling slides over rows and columns; None for other layers."""
    if not isinstance(layer, WINDOWED):
        return None
    size = getattr(layer, "kernel_size", None) or layer.pool_size
    dilation = getattr(layer, "dilation_rate", (1, 1))
    dilation = (dilation, dilation) if isinstance(dilation, int) else dilation
    rows, columns = (Window(*one) for one in zip(size, layer.strides, dilation, strict=True))
    return rows, columns


def first_of(place: int, after: int, before: int, window: Window, padding: str) -> int:
    """Where the window of value `place` begins in what is before; below 0 in the padding."""
    reach = (window.size - 1) * window.dilation + 1
    zeros = max((after - 1) * window.stride + reach - before, 0) if padding == "same" else 0
    return place * window.stride - zeros // 2


def _slid(side: Side, after: int, before: int, window: Window, padding: str) -> Side:
    first = first_of(side[0], after, before, window, padding)
    last = first_of(side[1] - 1, after, before, window, padding)
    return max(first, 0), min(last + (window.size - 1) * window.dilation + 1, before)


def _mixes_places(layer: Any, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether each value depends on all places of what is before."""
    if isinstance(layer, keras.layers.LayerNormalization):
        axes = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
        return any(one % (len(before) + 1) in (1, 2) for one in axes)
    if isinstance(layer, keras.layers.Dense):  # on maps it works on each place for itself
        return len(after) != 3
    if isinstance(layer, keras.layers.Softmax) and layer.axis not in (-1, len(before)):
        return True
    if type(layer).__name__ == "LayerScale":  # ConvNeXt's own, which Keras does not show
        return False
    return not isinstance(layer, KEEP_PLACES + MOVE_PLACES)


def _all_of(shape: tuple[int, ...]) -> Box:
    return Box((0, shape[0]), (0, shape[1])) if len(shape) == 3 else Box((0, 1), (0, 1))


def _shrunk(side: Side, layer: Any, axis: int, size: int) -> Side:
    """Before a layer that enlarges; all but the plainest way looks at the neighbours, too."""
    beside = 0 if layer.interpolation == "nearest" else 2
    first, last = side[0] // layer.size[axis], (side[1] - 1) // layer.size[axis]
    return max(first - beside, 0), min(last + 1 + beside, size)


def _moved(side: Side, by: int, size: int) -> Side:
    return max(side[0] + by, 0), min(side[1] + by, size)


def _one(place: int) -> Side:
    return place, place + 1


def _around(one: Side, other: Side) -> Side:
    return min(one[0], other[0]), max(one[1], other[1])
