"""The weights that make one map or unit of a layer, the strongest of them first."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from core.inspection.graph import PICTURE, Step
from core.inspection.weighted_values import kernel_of_map

MOST_WINDOWS = 12
MOST_WEIGHTS = 24
COLOURS = ("red", "green", "blue")
# What a photo passes through without its channels being mixed.
KEEP_CHANNELS = (
    keras.layers.Rescaling,
    keras.layers.Normalization,
    keras.layers.ZeroPadding2D,
    keras.layers.Cropping2D,
)


def kernel_of(
    steps: Mapping[str, Step], values: Mapping[str, np.ndarray], name: str, index: int
) -> dict[str, Any]:
    """What makes map (or unit) `index` of layer `name`.

    Returns:
        kind: "windows" (small pictures of weights, one for each channel that the layer looks
            at), "weights" (a weight for each channel), "numbers" (a few numbers of this map
            alone, as normalising layers have them) or "none";
        source: the name of the layer whose channels these are, "" for the photo;
        channels: how many there are;
        shown: the strongest of them, each {channel, name, norm, weights}: `weights` a list of
            lists (height, width), for "weights" of one number;
        largest: the largest weight of all channels, without its sign;
        bias: the number that is added, or None;
        numbers: {name: value} for "numbers", else empty.
    """
    step = steps.get(name)
    told: dict[str, Any] = {
        "kind": "none",
        "source": step.sources[0] if step and step.sources else PICTURE,
        "channels": 0,
        "shown": [],
        "largest": 0.0,
        "bias": None,
        "numbers": {},
    }
    if step is None or not isinstance(step.layer, keras.layers.Layer):
        return told
    found = _windows(step, steps, values, index)
    if found is None:
        numbers = _numbers(step.layer, values[name].shape[-1], index)
        return told | {"kind": "numbers", "numbers": numbers} if numbers else told
    weights, first, source = found
    bias = getattr(step.layer, "bias", None)
    return told | {
        "source": source,
        "bias": None if bias is None else float(np.asarray(bias)[index]),
        **_strongest(weights, first, _names(steps, values, source)),
    }


def _windows(
    step: Step, steps: Mapping[str, Step], values: Mapping[str, np.ndarray], index: int
) -> tuple[np.ndarray, int, str] | None:
    """(height, width, channels) of weights, the number of the first channel, and whose they are."""
    layer, source = step.layer, step.sources[0] if step.sources else PICTURE
    if isinstance(layer, keras.layers.Dense):
        weights = np.asarray(layer.kernel, np.float32)[:, index]
        before = steps.get(source)
        if before is not None and isinstance(before.layer, keras.layers.Flatten):
            flat = before.sources[0] if before.sources else PICTURE
            shape = values[flat].shape
            if len(shape) == 3 and shape[0] * shape[1] > 1:
                return weights.reshape(shape), 0, flat
        return weights.reshape(1, 1, -1), 0, source
    found = kernel_of_map(layer, index)
    if found is None:
        return None
    weights, first = found
    # One line of a convolution over a sequence, all slices of one over a volume.
    return weights.reshape(-1, *weights.shape[-2:]).astype(np.float32), first, source


def _strongest(weights: np.ndarray, first: int, names: Mapping[int, str]) -> dict[str, Any]:
    norms = np.sqrt(np.square(np.nan_to_num(weights)).sum(axis=(0, 1)))
    single = weights.shape[:2] == (1, 1)
    order = np.argsort(-norms, kind="stable")[: MOST_WEIGHTS if single else MOST_WINDOWS]
    shown = [
        {
            "channel": first + int(channel),
            "name": names.get(first + int(channel), ""),
            "norm": float(norms[channel]),
            "weights": weights[..., channel].tolist(),
        }
        for channel in order
    ]
    return {
        "kind": "weights" if single else "windows",
        "channels": len(norms),
        "shown": shown,
        "largest": float(np.abs(np.nan_to_num(weights)).max(initial=0.0)),
    }


def _names(
    steps: Mapping[str, Step], values: Mapping[str, np.ndarray], source: str
) -> dict[int, str]:
    """What the channels are called where they are still the photo's own."""
    while source != PICTURE:
        step = steps[source]
        if not isinstance(step.layer, KEEP_CHANNELS) or not step.sources:
            return {}
        source = step.sources[0]
    count = values[PICTURE].shape[-1]
    return dict(enumerate(COLOURS)) if count == len(COLOURS) else {0: "grey"}


def _numbers(layer: keras.layers.Layer, count: int, index: int) -> dict[str, float]:
    """Weights of which each map has one."""
    return {
        weight.name.replace("_", " "): float(np.asarray(weight)[index])
        for weight in layer.weights
        if tuple(weight.shape) == (count,)
    }
