"""Turns an architecture into a Keras model that takes raw pixels."""

import keras

from core.models.architecture import (
    Activation,
    Architecture,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    LayerSpec,
    MaxPooling2D,
)
from core.models.backbones import Backbone
from core.models.shapes import trace
from core.models.transfer import build_whole
from core.models.weights import local_weights


def build(
    architecture: Architecture | Backbone,
    input_shape: tuple[int, int, int],
    num_classes: int,
    rescale: float = 1 / 255,
) -> keras.Model:
    """An untrained, uncompiled model.

    Args:
        architecture: The layers, first to last.
        input_shape: (height, width, channels).
        num_classes: How many classes it tells apart.
        rescale: What pixels are multiplied by in the first layer.

    Returns:
        A model from float32 (N, height, width, channels), values 0..255, to probabilities:
        (N, num_classes), or (N, 1) for a single sigmoid. Layers are named as in
        `core.models.shapes.trace`.

    Raises:
        LoupeError: If a layer cannot work on what reaches it.
    """
    trace(architecture, input_shape, num_classes)
    if isinstance(architecture, Backbone):
        weights = local_weights(architecture, input_shape[:2])
        return build_whole(architecture, input_shape, num_classes, weights)
    picture = keras.Input(input_shape, name="picture")
    value = keras.layers.Rescaling(rescale, name="rescaling")(picture)
    for name, layer in zip(architecture.layer_names(), architecture.layers, strict=True):
        value = _layer(layer, name, num_classes)(value)
    return keras.Model(picture, value, name=architecture.name.replace("-", "_"))


def _layer(layer: LayerSpec, name: str, num_classes: int) -> keras.layers.Layer:
    layers = keras.layers
    if isinstance(layer, Conv2D):
        return layers.Conv2D(
            layer.filters,
            layer.kernel_size,
            strides=layer.strides,
            padding=layer.padding,
            activation=layer.activation,
            name=name,
        )
    if isinstance(layer, MaxPooling2D):
        return layers.MaxPooling2D(layer.pool_size, layer.strides, layer.padding, name=name)
    if isinstance(layer, BatchNormalization):
        return layers.BatchNormalization(momentum=layer.momentum, name=name)
    if isinstance(layer, Activation):
        return layers.Activation(layer.activation, name=name)
    if isinstance(layer, Dropout):
        return layers.Dropout(layer.rate, name=name)
    if isinstance(layer, Flatten):
        return layers.Flatten(name=name)
    if isinstance(layer, GlobalAveragePooling2D):
        return layers.GlobalAveragePooling2D(name=name)
    if isinstance(layer, Dense):
        return layers.Dense(layer.units, activation=layer.activation, name=name)
    units = layer.units(num_classes)
    return layers.Dense(units, activation="sigmoid" if units == 1 else "softmax", name=name)
