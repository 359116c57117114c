"""A network of five weights, forward and backward: x → two hidden values → one answer."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

NAMES = ("w1", "w2", "v1", "v2", "b")
FITS = 1e-4  # a loss below this counts as fitting


@dataclass(frozen=True)
class FiveWeights:
    """Two weights before the hidden values, two behind them, and a bias.

    Attributes:
        kind: What the hidden values do with their sums.
    """

    w1: float
    w2: float
    v1: float
    v2: float
    b: float
    kind: Literal["sigmoid", "relu"] = "sigmoid"

    def hidden(self, x: float) -> np.ndarray:
        """The two hidden values, float64 (2,)."""
        return self._bent(np.array([self.w1, self.w2]) * x)

    def answer(self, x: float) -> float:
        """`v1·h1 + v2·h2 + b`."""
        return float(np.array([self.v1, self.v2]) @ self.hidden(x) + self.b)

    def loss(self, x: float, target: float) -> float:
        """The squared distance of the answer from `target`."""
        return (self.answer(x) - target) ** 2

    def slopes(self, x: float, target: float) -> dict[str, float]:
        """The slope of the loss along each weight, by the chain rule (Rumelhart et al. 1986)."""
        hidden = self.hidden(x)
        to_answer = 2 * (self.answer(x) - target)
        to_hidden = to_answer * np.array([self.v1, self.v2])
        to_sums = to_hidden * self._slope(np.array([self.w1, self.w2]) * x)
        found = [*(to_sums * x), *(to_answer * hidden), to_answer]
        return dict(zip(NAMES, map(float, found), strict=True))

    def stepped(self, x: float, target: float, learning_rate: float) -> "FiveWeights":
        """The network after one step against the slopes."""
        slopes = self.slopes(x, target)
        changed = {name: getattr(self, name) - learning_rate * slopes[name] for name in NAMES}
        return replace(self, **changed)

    def _bent(self, sums: np.ndarray) -> np.ndarray:
        return np.maximum(sums, 0) if self.kind == "relu" else 1 / (1 + np.exp(-sums))

    def _slope(self, sums: np.ndarray) -> np.ndarray:
        bent = self._bent(sums)
        return (sums > 0).astype(float) if self.kind == "relu" else bent * (1 - bent)


def steps_to_fit(
    network: FiveWeights, x: float, target: float, learning_rate: float, most: int = 600
) -> int:
    """How many steps it takes until the loss is at most `FITS`; `most` if it takes longer."""
    for steps in range(most):
        if network.loss(x, target) <= FITS:
            return steps
        network = network.stepped(x, target, learning_rate)
    return most
