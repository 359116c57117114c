"""From scores to shares, and from the right answer's share to the loss."""

import numpy as np

from core.concepts.layers import softmax
from core.errors import LoupeError


def tempered_softmax(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Shares that sum to one, after Hinton, Vinyals and Dean (2015).

    Args:
        scores: `(classes,)`.
        temperature: Above 1 the shares come closer to each other, below 1 the highest gains.

    Raises:
        LoupeError: If the temperature is not above 0.
    """
    if not temperature > 0:
        raise LoupeError(
            f"A temperature must be above 0, not {temperature:g}.",
            "Use 1 to leave the scores as they are.",
        )
    return softmax(np.asarray(scores, float) / temperature)


def sigmoid(score: float) -> float:
    """The share of yes, 0 to 1: softmax of `score` and 0."""
    return float(softmax(np.array([score, 0.0]))[0])


def cross_entropy(share: float) -> float:
    """The loss of one photo whose right class was given `share` (above 0, up to 1)."""
    return float(-np.log(share))
