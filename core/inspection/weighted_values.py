"""How convolutions and dense layers come to a value: weights times values, added up."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from core.inspection.pixel_sum import Place, Sum, numbers_of, window_values


def convolution(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    kernel, index = _kernel_of(layer, place[-1])
    patch, corner = window_values(layer, inputs[0], output, place)
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        channel = index // layer.depth_multiplier
        patch = patch[..., channel : channel + 1]
    elif kernel.shape[-1] != patch.shape[-1]:  # a grouped one sees a part of the maps
        share = kernel.shape[-1]
        group = index // (output.shape[-1] * share // patch.shape[-1])
        patch = patch[..., group * share : (group + 1) * share]
    return _weighted(layer, patch, kernel, index, corner)


def kernel_of_map(layer: Any, index: int) -> tuple[np.ndarray, int] | None:
    """The weights of map `index` of any convolution, (…, channels), and its first channel's number.

    None for other layers. A depthwise convolution looks at one channel, a grouped one at some.
    """
    if isinstance(layer, (keras.layers.Conv2D, keras.layers.Conv1D, keras.layers.Conv3D)):
        weights = np.asarray(layer.kernel)[..., index]
        group = index // (layer.filters // layer.groups)
        return weights, group * weights.shape[-1]
    if isinstance(layer, keras.layers.SeparableConv2D):
        return _kernel_of(layer, index)[0], 0
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return _kernel_of(layer, index)[0], index // layer.depth_multiplier
    if isinstance(layer, (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose)):
        return np.asarray(layer.kernel)[..., index, :], 0
    return None


def _kernel_of(layer: Any, index: int) -> tuple[np.ndarray, int]:
    """(height, width, channels) of the weights of map `index`."""
    if isinstance(layer, keras.layers.SeparableConv2D):
        depthwise = numbers_of(layer.depthwise_kernel)
        column = numbers_of(layer.pointwise_kernel[0, 0, :, index]).reshape(depthwise.shape[2:])
        return np.einsum("hwcm,cm->hwc", depthwise, column), index
    # Only the part that is asked for is copied: a kernel may have millions of weights.
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        channel, copy = divmod(index, layer.depth_multiplier)
        return numbers_of(layer.kernel[:, :, channel : channel + 1, copy]), index
    return numbers_of(layer.kernel[..., index]), index


def dense(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    kernel = numbers_of(layer.kernel)
    if getattr(layer.activation, "__name__", "") == "softmax":
        return _dense_softmax(layer, inputs[0][place[:-1]], kernel, place[-1])
    return _weighted(layer, inputs[0][place[:-1]], kernel[:, place[-1]], place[-1], None)


def _dense_softmax(layer: Any, given: np.ndarray, kernel: np.ndarray, unit: int) -> Sum:
    scores = given @ kernel + (numbers_of(layer.bias) if layer.use_bias else 0)
    highest = scores.max()
    share = np.exp(scores[unit] - highest) / np.exp(scores - highest).sum()
    return Sum(
        "weighted sum",
        "Every value before it, times its weight, added up; softmax makes a share of it.",
        float(share),
        given,
        kernel[:, unit],
        float(numbers_of(layer.bias)[unit]) if layer.use_bias else None,
        float(scores[unit]),
        "softmax",
        numbers={f"score {number}": float(score) for number, score in enumerate(scores)},
    )


def _weighted(
    layer: Any,
    patch: np.ndarray,
    kernel: np.ndarray,
    index: int,
    corner: tuple[int, int] | None,
) -> Sum:
    bias = float(numbers_of(layer.bias)[index]) if layer.use_bias else None
    before = float((patch.astype(np.float64) * kernel).sum()) + (bias or 0.0)
    name = getattr(layer.activation, "__name__", "linear")
    bent = name != "linear"
    return Sum(
        "weighted sum",
        "Each value, times its weight, added up" + (", and the bias on top." if bias else "."),
        _bend(layer.activation, before) if bent else before,
        patch,
        kernel,
        bias,
        before,
        name if bent else "",
        corner,
    )


def _bend(activation: Callable[[Any], Any], value: float) -> float:
    return float(keras.ops.convert_to_numpy(activation(keras.ops.convert_to_tensor([value])))[0])
