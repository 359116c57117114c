"""A valley of two weights, and the way the optimizer of a training takes down into it.

The rule, its rate and its schedule are those of the training; only the landscape is made up:
a slope that is sixteen times as steep across as along, as losses of networks are steeper in
some directions than in others.
"""

from typing import Any

import keras
import numpy as np

from core.training.config import TrainingConfig
from core.training.objective import make_optimizer
from core.training.schedule import learning_rate_at

STEPS = 100
START = (-0.16, 0.06)
STEEPNESS = (1.0, 16.0)
# Of the slope that a single photo shows; the mean of a batch is so much surer by the root.
PHOTO_NOISE = 1.5
# A softmax over features of length 1, and an offset, is nowhere steeper than 1: the slope of its
# answers changes by at most 1/2, times the squared length of what it weighs.
OF_EQUAL_LENGTH = 1 / max(STEEPNESS)
FAR_AWAY = 10.0


def descend(
    training: TrainingConfig, equal_length: bool = False, steps: int = STEPS
) -> dict[str, Any]:
    """The way of two weights, as if the whole training had `steps`.

    Args:
        equal_length: Whether it learns from features of equal length: the valley is then flatter.

    Returns:
        path: `[x, y]` before the first step and after each, until it is far out.
        heights: The height above the ground at each of them; it begins with 1.
        steepness: Along x and along y, relative to each other.
        lost: Whether it left the valley for good.
    """
    noise = np.random.default_rng(training.seed).normal(size=(steps, 2)) * PHOTO_NOISE
    noise /= np.sqrt(training.batch_size)
    flat = OF_EQUAL_LENGTH if equal_length else 1
    weights = keras.Variable(np.array(START, np.float32))
    optimizer = make_optimizer(training)
    optimizer.build([weights])
    path = [list(START)]
    for step in range(steps):
        optimizer.learning_rate = learning_rate_at(training, step / steps, step)
        slope = (np.array(path[-1]) * STEEPNESS + noise[step]) * flat
        optimizer.apply([keras.ops.convert_to_tensor(slope.astype(np.float32))], [weights])
        here = keras.ops.convert_to_numpy(weights).astype(float).tolist()
        if not np.isfinite(here).all() or max(map(abs, here)) > FAR_AWAY:
            break
        path.append(here)
    heights = [_height(place) for place in path]
    return {
        "path": path,
        "heights": [height / heights[0] for height in heights],
        "steepness": list(STEEPNESS),
        "lost": len(path) <= steps,
    }


def _height(place: list[float]) -> float:
    return sum(steep * at**2 for at, steep in zip(place, STEEPNESS, strict=True)) / 2
