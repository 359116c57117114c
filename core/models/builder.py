"""Turns an architecture into a Keras model that takes raw pixels."""

from typing import Any

import keras

from core.models.architecture import Architecture, Place
from core.models.backbones import Backbone
from core.models.keras_layers import as_keras, model_name
from core.models.layers import Activation, Layer, ResidualBlock
from core.models.picture_sizes import check_open
from core.models.shapes import BENT, shortcut_layers, trace
from core.models.transfer import build_whole
from core.models.weights import local_weights


def build(
    architecture: Architecture | Backbone,
    input_shape: tuple[int | None, int | None, int],
    num_classes: int,
    rescale: float = 1 / 255,
) -> keras.Model:
    """An untrained, uncompiled model.

    Args:
        architecture: The layers, first to last.
        input_shape: (height, width, channels); height and width None for pictures of any size.
            An architecture with an open size must work at this one, and is built for any.
        num_classes: How many classes it tells apart.
        rescale: What pixels are multiplied by in the first layer.

    Returns:
        A model from float32 (N, height, width, channels), values 0..255, to probabilities:
        (N, num_classes), or (N, 1) for a single sigmoid. Layers are named as in
        `core.models.shapes.trace`.

    Raises:
        LoupeError: If a layer cannot work on what reaches it.
    """
    height, width, channels = input_shape
    if isinstance(architecture, Backbone):
        return _backbone(architecture, input_shape, num_classes)
    if height is None or width is None:
        check_open(architecture, channels, num_classes)
    else:
        trace(architecture, (height, width, channels), num_classes)
    size = (None, None) if architecture.open_size else (height, width)
    picture = keras.Input((*size, channels), name="picture")
    value = keras.layers.Rescaling(rescale, name="rescaling")(picture)
    names = architecture.names()
    for number, layer in enumerate(architecture.layers):
        if isinstance(layer, ResidualBlock):
            value = _block(layer, (number,), names, value, num_classes)
        else:
            value = _layer(layer, names[(number,)], num_classes)(value)
    return keras.Model(picture, value, name=model_name(architecture.name))


def _layer(layer: Layer, name: str, num_classes: int) -> keras.layers.Layer:
    class_name, arguments = as_keras(layer, num_classes)
    return getattr(keras.layers, class_name)(**arguments, name=name)


def _block(
    block: ResidualBlock, place: Place, names: dict[Place, str], value: Any, num_classes: int
) -> Any:
    name, branch, shortcut = names[place], value, value
    for at, layer in enumerate(block.layers):
        branch = _layer(layer, names[(*place, at)], num_classes)(branch)
    before, after = tuple(value.shape[1:]), tuple(branch.shape[1:])
    for ending, changing in shortcut_layers(block, before, after):
        shortcut = _layer(changing, name + ending, num_classes)(shortcut)
    total = _layer(block, name, num_classes)([branch, shortcut])
    if block.activation == "linear":
        return total
    return _layer(Activation(activation=block.activation), name + BENT, num_classes)(total)


def _backbone(
    backbone: Backbone, input_shape: tuple[int | None, int | None, int], num_classes: int
) -> keras.Model:
    height, width, channels = input_shape
    own = backbone.family.sides[0]
    shape = (height or own, width or own, channels)
    return build_whole(backbone, shape, num_classes, local_weights(backbone, shape[:2]))
