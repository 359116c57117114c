"""Twelve real flowers, a model of one or two weights, and the steps that fit it to them.

The flowers are irises measured by Anderson and published by Fisher (1936).
"""

from typing import Literal, NamedTuple

import numpy as np

# Petal length and width in centimetres.
FLOWERS = (
    (1.4, 0.2),
    (1.2, 0.2),
    (4.5, 1.5),
    (3.5, 1.0),
    (4.8, 1.8),
    (3.0, 1.1),
    (5.9, 2.1),
    (6.9, 2.3),
    (5.8, 1.6),
    (5.9, 2.3),
    (1.0, 0.2),
    (5.0, 1.7),
)
SHIFT = 2  # centimetres taken from the length where there is a bias, so that the valley is rounder
MOMENTUM, FIRST, SECOND, EPSILON = 0.9, 0.9, 0.999, 1e-7  # the usual values, as Keras has them

Rule = Literal["plain", "momentum", "adam"]


class Valley(NamedTuple):
    """The bowl that the loss of two weights is.

    Attributes:
        lowest: Weight and bias at its lowest point.
        loss: How high that is.
        steepness: Its curvature along its gentlest and across, in its steepest direction.
        along: The gentlest direction, of length 1.
    """

    lowest: tuple[float, float]
    loss: float
    steepness: tuple[float, float]
    along: tuple[float, float]


def square_loss(weight: float, bias: float = 0.0, shift: float = 0.0) -> float:
    """The mean of `(bias + weight · (length − shift) − width)²` over the flowers."""
    _, off = _errors(weight, bias, shift)
    return float((off**2).mean())


def square_slopes(weight: float, bias: float = 0.0, shift: float = 0.0) -> tuple[float, float]:
    """The exact slopes of `square_loss` along the weight and along the bias."""
    lengths, off = _errors(weight, bias, shift)
    return float((2 * off * lengths).mean()), float((2 * off).mean())


def best_weight() -> float:
    """The one weight, without a bias, whose loss is lowest."""
    lengths, widths = np.array(FLOWERS).T
    return float(lengths @ widths / (lengths @ lengths))


def largest_rate() -> float:
    """Above this learning rate, one weight leaps farther away with every step."""
    lengths = np.array(FLOWERS)[:, 0]
    return float(1 / (lengths**2).mean())


def valley() -> Valley:
    """The loss of weight and bias, which is a bowl: its lowest point and its shape."""
    lengths, widths = np.array(FLOWERS).T
    inputs = np.stack([lengths - SHIFT, np.ones(len(lengths))], axis=1)
    lowest, *_ = np.linalg.lstsq(inputs, widths)
    steepness, directions = np.linalg.eigh(2 * inputs.T @ inputs / len(inputs))
    weight, bias = map(float, lowest)
    return Valley(
        (weight, bias),
        square_loss(weight, bias, SHIFT),
        (float(steepness[0]), float(steepness[1])),
        (float(directions[0, 0]), float(directions[1, 0])),
    )


def descend(
    rule: Rule, learning_rate: float, start: tuple[float, float], steps: int
) -> list[tuple[float, float]]:
    """The way of weight and bias: the start, and where each step leads.

    Args:
        rule: "plain" gradient descent, with "momentum" (Polyak 1964), or "adam" (Kingma and
            Ba 2015).
    """
    place = np.array(start, float)
    way = [start]
    speed, means, squares = np.zeros(2), np.zeros(2), np.zeros(2)
    for step in range(1, steps + 1):
        slopes = np.array(square_slopes(place[0], place[1], SHIFT))
        if rule == "plain":
            place = place - learning_rate * slopes
        elif rule == "momentum":
            speed = MOMENTUM * speed - learning_rate * slopes
            place = place + speed
        else:
            means = means + (slopes - means) * (1 - FIRST)
            squares = squares + (slopes**2 - squares) * (1 - SECOND)
            size = learning_rate * np.sqrt(1 - SECOND**step) / (1 - FIRST**step)
            place = place - size * means / (np.sqrt(squares) + EPSILON)
        way.append((float(place[0]), float(place[1])))
    return way


def _errors(weight: float, bias: float, shift: float) -> tuple[np.ndarray, np.ndarray]:
    lengths, widths = np.array(FLOWERS).T
    return lengths - shift, bias + weight * (lengths - shift) - widths
