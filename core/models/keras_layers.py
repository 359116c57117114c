"""Which Keras layer each of ours is: the builder and the code take it from here."""

import re
from typing import Any, NamedTuple

from core.models.backbones import Backbone
from core.models.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    GroupNormalization,
    Layer,
    LayerNormalization,
    MaxPooling2D,
    Output,
    ResidualBlock,
    SeparableConv2D,
)

CLASSES: dict[type[Layer], str] = {
    Conv2D: "Conv2D",
    DepthwiseConv2D: "DepthwiseConv2D",
    SeparableConv2D: "SeparableConv2D",
    BatchNormalization: "BatchNormalization",
    LayerNormalization: "LayerNormalization",
    GroupNormalization: "GroupNormalization",
    Activation: "Activation",
    MaxPooling2D: "MaxPooling2D",
    AveragePooling2D: "AveragePooling2D",
    Dropout: "Dropout",
    Flatten: "Flatten",
    GlobalAveragePooling2D: "GlobalAveragePooling2D",
    GlobalMaxPooling2D: "GlobalMaxPooling2D",
    Dense: "Dense",
    Output: "Dense",
    ResidualBlock: "Add",
}


class KerasLayer(NamedTuple):
    """A class of `keras.layers` and what it is made with, the name left out."""

    class_name: str
    arguments: dict[str, Any]


def as_keras(layer: Layer, num_classes: int) -> KerasLayer:
    """The Keras layer that `layer` is; of a residual block, the sum at its end."""
    if isinstance(layer, Output):
        units = layer.units(num_classes)
        activation = "sigmoid" if units == 1 else "softmax"
        return KerasLayer("Dense", {"units": units, "activation": activation})
    if isinstance(layer, ResidualBlock):
        return KerasLayer("Add", {})
    arguments = layer.model_dump(exclude={"kind"})
    # A convolution without a bend and one with an offset are Keras' own defaults.
    if not isinstance(layer, Activation) and arguments.get("activation") == "linear":
        del arguments["activation"]
    if arguments.get("use_bias") is True:
        del arguments["use_bias"]
    return KerasLayer(CLASSES[type(layer)], arguments)


def head_as_keras(backbone: Backbone, num_classes: int) -> list[tuple[str, KerasLayer]]:
    """The layers after the features of `backbone`, each with its name."""
    found: list[tuple[str, KerasLayer]] = []
    if backbone.unit_length:
        found.append(("unit_length", KerasLayer("UnitNormalization", {})))
    found.append(("dropout", KerasLayer("Dropout", {"rate": backbone.dropout})))
    # There are more features than photos: what a random start adds where no photo speaks would
    # stay in the answer.
    start = {} if backbone.hidden else {"kernel_initializer": "zeros"}
    if backbone.hidden:
        hidden = {"units": backbone.hidden, "activation": "relu"}
        found.append(("hidden", KerasLayer("Dense", hidden)))
    answer = {"units": num_classes, "activation": "softmax", **start}
    return [*found, ("output", KerasLayer("Dense", answer))]


def model_name(name: str) -> str:
    """`name` as Keras wants a model to be called: letters, digits and `_`."""
    return re.sub(r"\W+", "_", name).strip("_") or "network"
