"""How normalising layers come to a value: less the mean, by the spread, scaled and moved."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from core.inspection.pixel_sum import Place, Sum, alone, numbers_of

# Keras divides by no less: the root of what it adds to the squares.
UNIT_LEAST = 1e-6


def batch_norm(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    given, index = inputs[0][place], place[-1]
    numbers = {
        "mean": float(numbers_of(layer.moving_mean)[index]),
        "variance": float(numbers_of(layer.moving_variance)[index]),
        "epsilon": layer.epsilon,
    }
    return _normalised(layer, given, numbers, index)


def layer_norm(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    given = inputs[0]
    axes = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
    whole = tuple(
        slice(None) if axis in [one % (given.ndim + 1) - 1 for one in axes] else place[axis]
        for axis in range(given.ndim)
    )
    part = given[whole].astype(np.float64)
    numbers = {
        "mean": float(part.mean()),
        "variance": float(part.var()),
        "epsilon": layer.epsilon,
    }
    at = tuple(place[axis % (given.ndim + 1) - 1] for axis in axes)
    return _normalised(layer, given[place], numbers, at if len(at) > 1 else at[0])


def group_norm(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    given, index = inputs[0], place[-1]
    groups = given.shape[-1] if layer.groups == -1 else layer.groups
    size = given.shape[-1] // groups
    group = index // size
    part = given[..., group * size : (group + 1) * size].astype(np.float64)
    numbers = {
        "mean": float(part.mean()),
        "variance": float(part.var()),
        "epsilon": layer.epsilon,
    }
    return _normalised(layer, given[place], numbers, index)


def _normalised(layer: Any, given: float, numbers: dict[str, float], at: Any) -> Sum:
    value = (float(given) - numbers["mean"]) / (numbers["variance"] + numbers["epsilon"]) ** 0.5
    for name, word in (("gamma", "scale"), ("beta", "offset")):
        weight = getattr(layer, name, None)
        if weight is not None:
            numbers[word] = float(numbers_of(weight)[at])
            value = value * numbers[word] if word == "scale" else value + numbers[word]
    says = "(value − mean) / √(variance + epsilon) × scale + offset."
    return Sum("formula", says, value, alone(given), numbers=numbers)


def unit_length(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    """As `keras.layers.UnitNormalization` over the last axis."""
    given = inputs[0]
    length = float(np.sqrt((given[place[:-1]].astype(np.float64) ** 2).sum()))
    value = float(given[place]) / max(length, UNIT_LEAST)
    says = "value / length, the length being √(sum of the squares of all values here)."
    return Sum("formula", says, value, alone(given[place]), numbers={"length": length})


def normalization(
    layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place
) -> Sum:
    given = float(inputs[0][place])
    mean = float(np.ravel(numbers_of(layer.mean))[place[-1]])
    variance = float(np.ravel(numbers_of(layer.variance))[place[-1]])
    value = (given - mean) / max(variance**0.5, keras.backend.epsilon())
    numbers = {"mean": mean, "variance": variance}
    return Sum("formula", "(value − mean) / √variance.", value, alone(given), numbers=numbers)
