"""Batch normalisation of a row of values, in training and in prediction (Ioffe, Szegedy 2015)."""

from dataclasses import dataclass

import numpy as np

EPSILON, MOMENTUM = 1e-3, 0.99  # the defaults of Keras


@dataclass(frozen=True)
class BatchNorm:
    """What the layer has learnt and kept for one map.

    Attributes:
        gamma: The scale that is learnt.
        beta: The shift that is learnt.
        moving_mean: What prediction takes for the mean.
        moving_variance: What prediction takes for the variance.
        momentum: How much of a moving average stays at each training step.
    """

    gamma: float = 1.0
    beta: float = 0.0
    moving_mean: float = 0.0
    moving_variance: float = 1.0
    momentum: float = MOMENTUM
    epsilon: float = EPSILON

    def train(self, values: np.ndarray) -> tuple[np.ndarray, "BatchNorm"]:
        """One training step on a batch `(n,)`.

        Returns:
            The values, normalised by their own mean and variance, scaled and shifted; and the
            layer afterwards, its moving averages a little closer to those of the batch.
        """
        mean, variance = float(values.mean()), float(values.var())
        after = BatchNorm(
            self.gamma,
            self.beta,
            self._moved(self.moving_mean, mean),
            self._moved(self.moving_variance, variance),
            self.momentum,
            self.epsilon,
        )
        return self._normalised(values, mean, variance), after

    def predict(self, values: np.ndarray) -> np.ndarray:
        """`values` `(n,)`, normalised by the moving averages, scaled and shifted."""
        return self._normalised(values, self.moving_mean, self.moving_variance)

    def _moved(self, moving: float, fresh: float) -> float:
        return moving * self.momentum + fresh * (1 - self.momentum)

    def _normalised(self, values: np.ndarray, mean: float, variance: float) -> np.ndarray:
        return self.gamma * (values - mean) / np.sqrt(variance + self.epsilon) + self.beta
