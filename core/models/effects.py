"""What one layer does to a shape, how many weights that takes and how much work."""

from math import prod
from typing import NamedTuple

from core.models.impossible import ImpossibleLayer
from core.models.layers import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    GroupNormalization,
    Layer,
    LayerNormalization,
    MaxPooling2D,
    Output,
    SeparableConv2D,
)
from core.models.windows import Shape, slide


class Effect(NamedTuple):
    """See `core.models.shapes.LayerRow`."""

    output_shape: Shape
    parameters: int = 0
    multiply_adds: int = 0
    arithmetic: str = ""


def effect(name: str, layer: Layer, shape: Shape, num_classes: int) -> Effect:
    """What `layer` makes of values of `shape`: (height, width, maps) or (numbers,).

    Raises:
        ImpossibleLayer: If it cannot work on them.
    """
    if isinstance(layer, Conv2D | DepthwiseConv2D | SeparableConv2D):
        need_maps(name, shape)
        return _convolution(name, layer, shape)
    if isinstance(layer, MaxPooling2D | AveragePooling2D):
        need_maps(name, shape)
        sides, sums = slide(name, layer, shape)
        return Effect((*sides, shape[2]), arithmetic=sums)
    if isinstance(layer, Dense):
        return _dense(name, layer.units, shape)
    if isinstance(layer, Output):
        return _dense(name, layer.units(num_classes), shape)
    if isinstance(layer, Flatten):
        sums = " · ".join(map(str, shape))
        return Effect((prod(shape),), arithmetic=f"{sums} = {prod(shape)}")
    if isinstance(layer, GlobalAveragePooling2D | GlobalMaxPooling2D):
        need_maps(name, shape)
        which = "average" if isinstance(layer, GlobalAveragePooling2D) else "maximum"
        return Effect((shape[2],), arithmetic=f"{shape[2]} maps, one {which} each")
    return _normalised(name, layer, shape)


def _normalised(name: str, layer: Layer, shape: Shape) -> Effect:
    """Normalisations; whatever else there is keeps the shape and has no weights."""
    if isinstance(layer, GroupNormalization) and shape[-1] % layer.groups:
        raise _unequal_groups(name, layer, shape[-1])
    if isinstance(layer, BatchNormalization):
        return Effect(shape, 4 * shape[-1], prod(shape), f"4 · {shape[-1]} weights")
    if isinstance(layer, LayerNormalization | GroupNormalization):
        return Effect(shape, 2 * shape[-1], prod(shape), f"2 · {shape[-1]} weights")
    return Effect(shape)


def _unequal_groups(name: str, layer: GroupNormalization, maps: int) -> ImpossibleLayer:
    fitting = [number for number in range(1, maps + 1) if maps % number == 0]
    nearest = min(fitting, key=lambda number: (abs(number - layer.groups), number))
    return ImpossibleLayer(
        f"Layer {name!r} cannot divide {maps} maps into {layer.groups} equal groups.",
        f"Use {nearest} groups, the nearest number that {maps} is a multiple of.",
        instead=layer.model_copy(update={"groups": nearest}),
    )


def _convolution(
    name: str, layer: Conv2D | DepthwiseConv2D | SeparableConv2D, shape: Shape
) -> Effect:
    sides, sums = slide(name, layer, shape)
    window, maps = layer.kernel_size**2, shape[2]
    if isinstance(layer, DepthwiseConv2D):
        weights, filters = window * maps * layer.depth_multiplier, maps * layer.depth_multiplier
    elif isinstance(layer, SeparableConv2D):
        weights, filters = window * maps + maps * layer.filters, layer.filters
    else:
        weights, filters = window * maps * layer.filters, layer.filters
    parameters = weights + (filters if layer.use_bias else 0)
    return Effect((*sides, filters), parameters, prod(sides) * weights, sums)


def _dense(name: str, units: int, shape: Shape) -> Effect:
    if len(shape) != 1:
        raise ImpossibleLayer(
            f"Layer {name!r} needs a plain list of numbers, but {in_words(shape)} reach it.",
            "Put a 'flatten' or a 'global_average_pooling2d' layer before it.",
            before=GlobalAveragePooling2D(),
        )
    sums = f"{shape[0]} · {units} + {units} = {(shape[0] + 1) * units} weights"
    return Effect((units,), (shape[0] + 1) * units, shape[0] * units, sums)


def need_maps(name: str, shape: Shape) -> None:
    """Raises `ImpossibleLayer` unless `shape` is (height, width, maps)."""
    if len(shape) != 3:
        raise ImpossibleLayer(
            f"Layer {name!r} needs maps with height and width, but {in_words(shape)} reaches it.",
            "Move it before the layer that flattens or averages the maps.",
        )


def in_words(shape: Shape) -> str:
    """`12 maps of 30 × 30`, or `a list of 64 numbers`."""
    if len(shape) == 1:
        return f"a list of {shape[0]} numbers"
    return f"{shape[2]} maps of {shape[0]} × {shape[1]}"
