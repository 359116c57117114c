"""What single settings do, as arithmetic: what is shown, striven for, kept of a weight."""

from math import ceil
from typing import NamedTuple

import numpy as np

from core.training.config import TrainingConfig
from core.training.order import epoch_order
from core.training.schedule import DOUBTING_FROM

# Of a weight's way to its goal that one step goes; so that the way shows within 200 steps.
WOBBLING_RATE = 0.05


class Epoch(NamedTuple):
    """What the first epoch of a training shows.

    Attributes:
        first: int (n,): the places of the photos of its first batch.
        steps: How many batches it has.
        times: int (num_classes,): how often photos of each class are shown.
        most: int (num_classes,): how often a photo of each class is shown at most.
        unseen: How many photos it does not show at all.
    """

    first: np.ndarray
    steps: int
    times: np.ndarray
    most: np.ndarray
    unseen: int


def first_epoch(labels: np.ndarray, num_classes: int, training: TrainingConfig) -> Epoch:
    """The epoch that a training on photos with these class numbers, int (N,), begins with."""
    order = epoch_order(labels, training.seed, 0, training.balance == "batches")
    seen = np.bincount(order, minlength=len(labels))
    most = np.zeros(num_classes, np.int64)
    np.maximum.at(most, labels, seen)
    return Epoch(
        first=order[: training.batch_size],
        steps=-(-len(labels) // training.batch_size),
        times=np.bincount(labels[order], minlength=num_classes),
        most=most,
        unseen=int((seen == 0).sum()),
    )


def targets(num_classes: int, place: int, smoothing: float) -> list[float]:
    """What a photo of the class at `place` is to be answered with: a share for every class.

    Label smoothing takes a share from the right class and spreads it over all of them
    (Szegedy et al., "Rethinking the Inception Architecture", 2016, section 7).
    """
    spread = smoothing / num_classes
    return [(1 - smoothing) * (number == place) + spread for number in range(num_classes)]


def doubted_answer(times: float) -> tuple[float, float]:
    """Where doubt begins with two candidates: what is believed of the own class and of the other.

    A photo is passed over when the other class is more than `times` as likely as its own.
    """
    return 1 / (1 + times), times / (1 + times)


def first_doubting_epoch(epochs: int) -> int | None:
    """The first of `epochs`, from 1, to begin in the second half; None if none does."""
    first = ceil(epochs * DOUBTING_FROM) + 1
    return first if first <= epochs else None


def passed_over_in_words(share: float) -> str:
    """What is said of a training that passed over this share of its photos in the last epoch."""
    return (
        f"In its last epoch, {100 * share:.1f} % of the training photos did not count: the network "
        "held them to be of another class by far. Their labels may be wrong."
    )


def left_of_a_weight(training: TrainingConfig, steps: int) -> float:
    """The share of a weight, 0..1, that decay leaves after `steps` at the full learning rate.

    Each step takes learning rate times decay of it (Loshchilov and Hutter, "Decoupled
    Weight Decay Regularization", 2019).
    """
    return float(max(0.0, 1 - training.learning_rate * training.weight_decay) ** steps)


def steps_averaged(share: float) -> float:
    """About how many of the last steps a running average that keeps `share` looks back on."""
    return 1 / (1 - share)


def running_average(values: np.ndarray, share: float) -> np.ndarray:
    """What weight averaging makes of a weight with these values after each step, float (N,).

    The exponential average that keeps `share` of itself, with its start corrected for: see
    `core.training.averaging`.
    """
    average, averages = 0.0, []
    for step, value in enumerate(values.tolist(), start=1):
        average += (1 - share) / (1 - share**step) * (value - average)
        averages.append(average)
    return np.array(averages)


def wobbling_weight(steps: int, batch_size: int, seed: int) -> np.ndarray:
    """A weight on its way to 1 by noisy steps, float (steps,): the smaller the batches, the more.

    Plain gradient descent on a parabola, whose slope the photos of a batch tell with an error.
    """
    noise = np.random.default_rng(seed).normal(size=steps) * 4 / np.sqrt(batch_size)
    weight, weights = 0.0, []
    for error in noise.tolist():
        weight += WOBBLING_RATE * (1 - weight + error)
        weights.append(weight)
    return np.array(weights)
