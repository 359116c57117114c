"""What the other layers do with their numbers: ReLU, pooling, dense, softmax."""

from typing import Literal

import numpy as np

from core.concepts.convolution import windows


def relu(values: np.ndarray) -> np.ndarray:
    """Negative values become zero; the rest stays."""
    return np.maximum(values, 0)


def pool(
    values: np.ndarray, size: int = 2, stride: int = 2, kind: Literal["max", "average"] = "max"
) -> np.ndarray:
    """One number for every `size` by `size` window of `values` `(height, width)`.

    Raises:
        LoupeError: If no window fits.
    """
    seen = windows(values, (size, size), stride, 0)
    return seen.max(axis=(2, 3)) if kind == "max" else seen.mean(axis=(2, 3))


def dense(values: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Scores `(classes,)` from `values` `(n,)`, `weights` `(n, classes)`, `bias` `(classes,)`."""
    return values @ weights + bias


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities that sum to one; a higher score gets a larger share."""
    raised = np.exp(scores - np.max(scores))
    return raised / raised.sum()
