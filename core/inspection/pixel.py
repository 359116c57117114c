"""How one value of a layer comes about, number by number, so that anyone can check the sum."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from core.errors import LoupeError
from core.inspection import normalised_values, plain_values, weighted_values
from core.inspection.graph import Formula
from core.inspection.pixel_sum import Place, Sum

Explain = Callable[[Any, Sequence[np.ndarray], np.ndarray, Place], Sum]


def explain(
    layer: keras.layers.Layer | Formula,
    inputs: Sequence[np.ndarray],
    output: np.ndarray,
    place: Place,
) -> Sum:
    """How `output[place]` comes about.

    Args:
        layer: One that was run in inference mode, or an operation between layers.
        inputs: What it was given, without the batch axis: (height, width, channels) or (n,).
        output: What it gave, without the batch axis.
        place: (row, column, map), or (unit,).

    Raises:
        LoupeError: If there is no such place, or the layer is of a kind that is not known here.
    """
    if len(place) != output.ndim or any(
        not 0 <= at < size for at, size in zip(place, output.shape, strict=False)
    ):
        raise LoupeError(
            f"Layer {layer.name!r} has no value at {place}.",
            f"Its output has the shape {output.shape}.",
        )
    way = way_of(layer)
    if way is not None:
        with np.errstate(all="ignore"):  # of a network whose numbers grew beyond all bounds
            return way(layer, inputs, output, place)
    raise LoupeError(
        f"How a {type(layer).__name__} layer computes is not known here.",
        "Look at a convolution, pooling or dense layer instead.",
    )


def way_of(layer: Any) -> Explain | None:
    """How values of this kind of layer are explained; None if nobody knows."""
    if isinstance(layer, Formula | keras.Operation) and not isinstance(layer, keras.layers.Layer):
        return plain_values.formula
    if type(layer).__name__ == "LayerScale":  # ConvNeXt's own, which Keras does not show
        return plain_values.scaled
    return next((way for known, way in WAYS if isinstance(layer, known)), None)


kinds = keras.layers
WAYS: tuple[tuple[Any, Explain], ...] = (
    ((kinds.Conv2D, kinds.DepthwiseConv2D, kinds.SeparableConv2D), weighted_values.convolution),
    (kinds.Dense, weighted_values.dense),
    ((kinds.MaxPooling2D, kinds.AveragePooling2D), plain_values.pooling),
    ((kinds.GlobalAveragePooling2D, kinds.GlobalMaxPooling2D), plain_values.global_pooling),
    (kinds.BatchNormalization, normalised_values.batch_norm),
    (kinds.LayerNormalization, normalised_values.layer_norm),
    (kinds.GroupNormalization, normalised_values.group_norm),
    (kinds.Normalization, normalised_values.normalization),
    (kinds.UnitNormalization, normalised_values.unit_length),
    (kinds.Rescaling, plain_values.rescaling),
    (
        (kinds.Activation, kinds.ReLU, kinds.LeakyReLU, kinds.ELU, kinds.Softmax),
        plain_values.activation,
    ),
    (
        (kinds.Dropout, kinds.SpatialDropout2D, kinds.Flatten, kinds.Reshape, kinds.Identity),
        plain_values.copy,
    ),
    (kinds.ZeroPadding2D, plain_values.padding),
    ((kinds.Add, kinds.Multiply, kinds.Average, kinds.Maximum), plain_values.together),
    (kinds.Concatenate, plain_values.concatenate),
)
