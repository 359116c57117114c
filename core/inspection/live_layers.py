"""The layers that a browser can compute, each as one of a few plain operations.

| kind | settings | weights |
| --- | --- | --- |
| conv, depthwise, separable | window, strides, padding, bend | kernel, pointwise, bias |
| dense | bend | kernel, bias |
| pool | how (max or average), window, strides, padding | |
| global | how (max or average) | |
| scale | | factor and offset: one for each map, or one for all |
| bend | bend (the function's name), slope, most | |
| same, flatten, add | | |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import keras
import numpy as np
from keras import layers

Shape = tuple[int, ...]

BENDS = {
    getattr(keras.activations, name): name
    for name in (
        *("linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "tanh", "sigmoid"),
        *("hard_sigmoid", "silu", "hard_silu", "mish", "softplus", "softsign", "exponential"),
        "softmax",
    )
}


class Unsupported(Exception):
    """Says in words what follows the layer's name: "is a LayerNormalization, …"."""


@dataclass(frozen=True)
class Told:
    """A layer as a plain operation.

    Attributes:
        kind: Of this module's table.
        settings: Of its kind, as JSON values.
        weights: float arrays in the order of axes that Keras has.
        work: Multiplications for one picture.
    """

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    weights: dict[str, np.ndarray] = field(default_factory=dict)
    work: int = 0


def told(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    """`layer` as a plain operation.

    Args:
        before: Shapes of what it is fed with, without batch axis.
        after: Shape of what it gives.

    Raises:
        Unsupported: If a browser could not compute it.
    """
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise Unsupported("has its maps in another order than here")
    for kinds, describe in _TABLE:
        if type(layer) in kinds:
            return describe(layer, before, after)
    if not isinstance(layer, layers.Layer):
        raise Unsupported("is an operation between layers, which cannot be computed in the browser")
    name = type(layer).__name__
    raise Unsupported(f"is of the kind {name}, which cannot be computed in the browser")


def _conv(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    if getattr(layer, "groups", 1) != 1:
        raise Unsupported("looks at its maps in groups, which cannot be computed in the browser")
    kernel = np.asarray(layer.kernel)
    work = prod(after[:2]) * kernel.size
    return Told("conv", _window(layer, layer.kernel_size) | _bent(layer), _weights(layer), work)


def _depthwise(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    work = prod(after) * prod(layer.kernel_size)
    settings = _window(layer, layer.kernel_size) | _bent(layer)
    return Told("depthwise", settings, _weights(layer), work)


def _separable(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    weights = {
        "kernel": np.asarray(layer.depthwise_kernel),
        "pointwise": np.asarray(layer.pointwise_kernel),
    }
    if layer.use_bias:
        weights["bias"] = np.asarray(layer.bias)
    settings = _window(layer, layer.kernel_size) | _bent(layer)
    work = prod(after[:2]) * sum(one.size for one in weights.values())
    return Told("separable", settings, weights, work)


def _dense(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    if len(after) != 1:
        raise Unsupported("is a dense layer on maps, which cannot be computed in the browser")
    return Told("dense", _bent(layer), _weights(layer), int(prod(before[0]) * after[0]))


def _pool(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    how = "max" if isinstance(layer, layers.MaxPooling2D) else "average"
    return Told("pool", {"how": how, **_window(layer, layer.pool_size)})


def _global(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    how = "max" if isinstance(layer, layers.GlobalMaxPooling2D) else "average"
    return Told("global", {"how": how})


def _batch_norm(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    if layer.axis not in (-1, len(after)):
        raise Unsupported("normalises along another axis than that of the maps")
    mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
    factor = 1 / np.sqrt(variance.astype(np.float64) + layer.epsilon)
    if layer.scale:
        factor = factor * np.asarray(layer.gamma)
    offset = -mean * factor
    if layer.center:
        offset = offset + np.asarray(layer.beta)
    return Told("scale", {}, {"factor": factor, "offset": offset})


def _rescaling(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    weights = {
        "factor": np.ravel(np.asarray(layer.scale, np.float64)),
        "offset": np.ravel(np.asarray(layer.offset, np.float64)),
    }
    if any(one.size not in (1, after[-1]) for one in weights.values()):
        raise Unsupported("rescales each place by another number")
    return Told("scale", {}, weights)


def _activation(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    return Told("bend", _bent(layer))


def _relu(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    if layer.threshold:
        raise Unsupported("is a ReLU with a threshold of its own")
    most = None if layer.max_value is None else float(layer.max_value)
    slope = float(layer.negative_slope or 0)
    return Told("bend", {"bend": "leaky_relu", "slope": slope, "most": most})


def _leaky(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    return Told("bend", {"bend": "leaky_relu", "slope": float(layer.negative_slope)})


def _softmax(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    if layer.axis != -1:
        raise Unsupported("is a softmax along another axis than that of the classes")
    return Told("bend", {"bend": "softmax"})


def _same(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    return Told("same")


def _flatten(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    return Told("flatten")


def _add(layer: Any, before: Sequence[Shape], after: Shape) -> Told:
    if any(shape != after for shape in before):
        raise Unsupported("adds up things of different shapes")
    return Told("add")


def _bent(layer: Any) -> dict[str, Any]:
    name = BENDS.get(layer.activation)
    if name is None:
        known = getattr(layer.activation, "__name__", "of its own")
        raise Unsupported(
            f"ends with the function {known}, which cannot be computed in the browser"
        )
    # What Keras takes where nothing else is said.
    return {"bend": name} | ({"slope": 0.2} if name == "leaky_relu" else {})


def _window(layer: Any, size: Sequence[int]) -> dict[str, Any]:
    if set(getattr(layer, "dilation_rate", (1, 1))) != {1}:
        raise Unsupported("looks at every second place only, which cannot be computed here")
    if layer.padding not in ("same", "valid"):
        raise Unsupported(f"has the padding {layer.padding}")
    return {"window": list(size), "strides": list(layer.strides), "padding": layer.padding}


def _weights(layer: Any) -> dict[str, np.ndarray]:
    weights = {"kernel": np.asarray(layer.kernel)}
    if layer.use_bias:
        weights["bias"] = np.asarray(layer.bias)
    return weights


_TABLE: tuple[tuple[tuple[type, ...], Callable[[Any, Sequence[Shape], Shape], Told]], ...] = (
    ((layers.Conv2D,), _conv),
    ((layers.DepthwiseConv2D,), _depthwise),
    ((layers.SeparableConv2D,), _separable),
    ((layers.Dense,), _dense),
    ((layers.MaxPooling2D, layers.AveragePooling2D), _pool),
    ((layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D), _global),
    ((layers.BatchNormalization,), _batch_norm),
    ((layers.Rescaling,), _rescaling),
    ((layers.Activation,), _activation),
    ((layers.ReLU,), _relu),
    ((layers.LeakyReLU,), _leaky),
    ((layers.Softmax,), _softmax),
    ((layers.Dropout, layers.SpatialDropout2D, layers.GaussianNoise, layers.Identity), _same),
    ((layers.Flatten,), _flatten),
    ((layers.Add,), _add),
)
