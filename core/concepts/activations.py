"""The bend after a layer, and why a network needs one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.concepts.layers import relu

LEAK = 0.2  # the slope below zero of keras.activations.leaky_relu


@dataclass(frozen=True)
class Activation:
    """One kind of bend.

    Attributes:
        title: Its name.
        apply: Any array in, the same shape out.
        effect: What it does, in plain words.
    """

    title: str
    apply: Callable[[np.ndarray], np.ndarray]
    effect: str


def leaky_relu(values: np.ndarray) -> np.ndarray:
    """Values below zero shrink to a fifth; the rest stays."""
    return np.where(values < 0, LEAK * values, values)


def sigmoid(values: np.ndarray) -> np.ndarray:
    """Any number squeezed between 0 and 1."""
    return 1 / (1 + np.exp(-values))


ACTIVATIONS = {
    "relu": Activation(
        "ReLU", relu, "Below zero: zero. Above: unchanged. Cheap, and today's usual choice."
    ),
    "leaky_relu": Activation(
        "Leaky ReLU",
        leaky_relu,
        "Below zero a fifth is left, so that a unit that is always below zero can still learn.",
    ),
    "sigmoid": Activation(
        "Sigmoid",
        sigmoid,
        "Everything lands between 0 and 1. Far from zero the curve is nearly flat: "
        "it hardly tells large from very large, and learning there is slow.",
    ),
    "tanh": Activation(
        "Tanh",
        np.tanh,
        "Like sigmoid, but between −1 and 1, with zero in the middle.",
    ),
}


class TwoLayers(NamedTuple):
    """Two layers of one unit each, in a row.

    Attributes:
        first: What the first layer gives, before any bend.
        second: What the second makes of that.
        slope, offset: The single layer that would do the same if there were no bend.
    """

    first: np.ndarray
    second: np.ndarray
    slope: float
    offset: float


def two_layers(
    values: np.ndarray,
    first: tuple[float, float],
    second: tuple[float, float],
    bend: Callable[[np.ndarray], np.ndarray] | None = None,
) -> TwoLayers:
    """`second` of `first` of `values`, each a weight and a bias, with or without a bend between."""
    (weight, bias), (next_weight, next_bias) = first, second
    inner = weight * values + bias
    outer = next_weight * (inner if bend is None else bend(inner)) + next_bias
    return TwoLayers(inner, outer, weight * next_weight, next_weight * bias + next_bias)
