"""The arithmetic of a network: what size, how many weights, how much work, without Keras."""

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from core.errors import LoupeError
from core.models.architecture import (
    Architecture,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    LayerSpec,
    MaxPooling2D,
    Output,
)

if TYPE_CHECKING:
    from core.models.backbones import Backbone

Shape = tuple[int, ...]
# Four bytes each, and three copies while training: 4.8 GB. Beyond, a laptop gives up.
MAX_PARAMETERS = 400_000_000


class LayerRow(NamedTuple):
    """One layer of a traced network.

    Attributes:
        output_shape: Without the batch: `(height, width, maps)` or `(numbers,)`.
        parameters: Weights, the ones that are not trained included, as Keras counts.
        multiply_adds: Multiplications for one picture, forwards.
        arithmetic: The sum that leads to the output's size, to be shown beside it.
    """

    name: str
    kind: str
    output_shape: Shape
    parameters: int
    multiply_adds: int
    arithmetic: str


class _Effect(NamedTuple):
    output_shape: Shape
    parameters: int = 0
    multiply_adds: int = 0
    arithmetic: str = ""


def trace(
    architecture: "Architecture | Backbone", input_shape: tuple[int, int, int], num_classes: int
) -> list[LayerRow]:
    """Follows a picture of `input_shape` (height, width, channels) through every layer.

    The first row is the rescaling that every model begins with.

    Raises:
        LoupeError: If a layer cannot work on what reaches it; names the layer and
            the nearest value that works.
    """
    if not isinstance(architecture, Architecture):
        from core.models.backbones import trace_backbone

        return trace_backbone(architecture, input_shape, num_classes)
    _check_ends(architecture)
    shape: Shape = input_shape
    rows = [LayerRow("rescaling", "rescaling", shape, 0, prod(shape), "")]
    for name, layer in zip(architecture.layer_names(), architecture.layers, strict=True):
        effect = _effect(name, layer, shape, num_classes)
        rows.append(LayerRow(name, layer.kind, *effect))
        shape = effect.output_shape
    _check_weights(rows)
    return rows


def _check_ends(architecture: Architecture) -> None:
    kinds = [layer.kind for layer in architecture.layers]
    if kinds.count("output") != 1 or kinds[-1] != "output":
        raise LoupeError(
            f"The architecture {architecture.name!r} must end with its one output layer.",
            "Put a single layer of kind 'output' at the end.",
        )


def _check_weights(rows: list[LayerRow]) -> None:
    heaviest = max(rows, key=lambda row: row.parameters)
    if sum(row.parameters for row in rows) > MAX_PARAMETERS:
        raise LoupeError(
            f"The network would have {sum(row.parameters for row in rows):,} weights, "
            f"{heaviest.parameters:,} of them in layer {heaviest.name!r}.",
            "Use smaller pictures, or more pooling before that layer.",
        )


def _effect(name: str, layer: LayerSpec, shape: Shape, num_classes: int) -> _Effect:
    if isinstance(layer, Conv2D):
        return _convolution(name, layer, shape)
    if isinstance(layer, MaxPooling2D):
        _need_maps(name, shape)
        sides, sums = _slide(name, "window", layer.pool_size, layer.strides, layer.padding, shape)
        return _Effect((*sides, shape[2]), arithmetic=sums)
    if isinstance(layer, Dense):
        return _dense(name, layer.units, shape)
    if isinstance(layer, Output):
        return _dense(name, layer.units(num_classes), shape)
    if isinstance(layer, Flatten):
        sums = " · ".join(map(str, shape))
        return _Effect((prod(shape),), arithmetic=f"{sums} = {prod(shape)}")
    if isinstance(layer, GlobalAveragePooling2D):
        _need_maps(name, shape)
        return _Effect((shape[2],), arithmetic=f"{shape[2]} maps, one average each")
    if isinstance(layer, BatchNormalization):
        return _Effect(shape, 4 * shape[-1], prod(shape), f"4 · {shape[-1]} weights")
    return _Effect(shape)


def _convolution(name: str, layer: Conv2D, shape: Shape) -> _Effect:
    _need_maps(name, shape)
    kernel = layer.kernel_size
    sides, sums = _slide(name, "kernel", kernel, layer.strides, layer.padding, shape)
    weights = kernel * kernel * shape[2] * layer.filters
    output = (*sides, layer.filters)
    return _Effect(output, weights + layer.filters, prod(sides) * weights, sums)


def _dense(name: str, units: int, shape: Shape) -> _Effect:
    if len(shape) != 1:
        raise LoupeError(
            f"Layer {name!r} needs a plain list of numbers, but {_in_words(shape)} reach it.",
            "Put a 'flatten' or a 'global_average_pooling2d' layer before it.",
        )
    sums = f"{shape[0]} · {units} + {units} = {(shape[0] + 1) * units} weights"
    return _Effect((units,), (shape[0] + 1) * units, shape[0] * units, sums)


def _need_maps(name: str, shape: Shape) -> None:
    if len(shape) != 3:
        raise LoupeError(
            f"Layer {name!r} needs maps with height and width, but {_in_words(shape)} reaches it.",
            "Move it before the layer that flattens or averages the maps.",
        )


def _in_words(shape: Shape) -> str:
    if len(shape) == 1:
        return f"a list of {shape[0]} numbers"
    return f"{shape[2]} maps of {shape[0]} × {shape[1]}"


def _slide(
    name: str, what: str, window: int, stride: int, padding: str, shape: Shape
) -> tuple[tuple[int, int], str]:
    smallest = min(shape[:2])
    if padding == "valid" and window > smallest:
        raise LoupeError(
            f"Layer {name!r} cannot work: its {what} of {window} × {window} is larger than the "
            f"{shape[0]} × {shape[1]} maps that reach it.",
            f"Use a {what} of at most {smallest}, padding 'same', or larger pictures.",
        )
    one_side = _valid if padding == "valid" else _same
    height, height_sum = one_side(shape[0], window, stride)
    width, width_sum = one_side(shape[1], window, stride)
    sums = height_sum if shape[0] == shape[1] else f"{height_sum}; {width_sum}"
    return (height, width), sums


def _valid(size: int, window: int, stride: int) -> tuple[int, str]:
    return _sum(size, "2·0", 0, window, stride)


def _same(size: int, window: int, stride: int) -> tuple[int, str]:
    # As many zeros as the last window needs; an odd one goes to the right and the bottom.
    zeros = max((-(-size // stride) - 1) * stride + window - size, 0)
    return _sum(size, str(zeros), zeros, window, stride)


def _sum(size: int, rim: str, zeros: int, window: int, stride: int) -> tuple[int, str]:
    room = size + zeros - window
    result = 1 + room // stride
    rounded = "" if room % stride == 0 else ", rounded down"
    return result, f"1 + ({size} + {rim} − {window})/{stride} = {result}{rounded}"
