"""How far a training is, and which learning rate belongs there."""

import time
from math import cos, floor, log10, pi

from core.training.config import TrainingConfig

# Shape and numbers of the one-cycle policy: Smith and Topin, "Super-Convergence", 2018,
# as fastai set them (25 and a fifth to a quarter of warm-up).
WARM_UP_SHARE = 0.2
START_DIVISOR = 25.0
END_DIVISOR = 1000.0
# Their learning rate has come down to (nearly) nothing at the end.
SETTLING_SCHEDULES = ("one-cycle", "cosine")
# From here on their rate has come down far enough that the loss shows what was learnt.
COUNTING_FROM = 0.5
# Wrong labels are learnt after the others: from here on a network may doubt them.
DOUBTING_FROM = 0.5


def learning_rate_at(config: TrainingConfig, share: float, steps_done: int = 0) -> float:
    """The learning rate after `share` (0..1) of the training and `steps_done` steps."""
    peak = config.learning_rate
    if config.schedule == "constant":
        return peak
    if config.schedule == "inverse-time":
        return peak / (1 + config.decay * steps_done)
    if config.schedule == "step":
        stairs = config.drops + 1
        return peak * config.drop_to ** min(config.drops, int(share * stairs))
    if config.schedule == "cosine":
        return _cosine(peak, peak / END_DIVISOR, share)
    if share < WARM_UP_SHARE:
        return _cosine(peak / START_DIVISOR, peak, share / WARM_UP_SHARE)
    return _cosine(peak, peak / END_DIVISOR, (share - WARM_UP_SHARE) / (1 - WARM_UP_SHARE))


def rate_in_words(rate: float) -> str:
    """A learning rate as people write it: `0.003`, `0.000012`; two digits that count."""
    if not rate:
        return "0"
    decimals = max(0, 1 - floor(log10(abs(rate))))
    text = f"{round(rate, decimals):.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + cos(pi * min(1.0, share))) / 2


class Clock:
    """Counts a training's steps and seconds against its epochs and its time budget.

    Time begins with the first step, so that neither importing nor preparing is charged.

    Args:
        seconds_before: What an earlier part of the same training took; only added up.
    """

    def __init__(self, config: TrainingConfig, steps_per_epoch: int, seconds_before: float = 0.0):
        self.steps_per_epoch = steps_per_epoch
        self.steps_done = 0
        self._before = seconds_before
        self._budget = config.budget_seconds
        self._steps = config.epochs * steps_per_epoch if config.epochs else None
        self._begun: float | None = None

    @staticmethod
    def now() -> float:
        """Seconds; benchmarks count the processor's instead, for which no machine is busy."""
        return time.perf_counter()

    def begin(self) -> None:
        """Starts the time, unless it runs."""
        if self._begun is None:
            self._begun = self.now()

    def step(self) -> None:
        self.steps_done += 1

    @property
    def seconds(self) -> float:
        return self._before + self._own_seconds

    @property
    def _own_seconds(self) -> float:
        return 0.0 if self._begun is None else self.now() - self._begun

    @property
    def share(self) -> float:
        """How much of the training is behind us, 0..1: by time, by steps, whichever is more."""
        by_time = self._own_seconds / self._budget if self._budget else 0.0
        by_steps = self.steps_done / self._steps if self._steps else 0.0
        return min(1.0, max(by_time, by_steps))

    @property
    def progress(self) -> tuple[int, int, str]:
        """How far, of how much, and what is counted: steps if they decide, else seconds."""
        if self._steps:
            return self.steps_done, self._steps, "steps"
        budget = self._budget or 0.0
        return int(min(self._own_seconds, budget)), round(budget), "seconds"

    @property
    def is_over(self) -> bool:
        return self.share >= 1.0

    @property
    def seconds_left(self) -> float | None:
        """Exact by the budget, an estimate by the steps; None before the second step."""
        ends = []
        if self._budget:
            ends.append(max(0.0, self._budget - self._own_seconds))
        if self._steps and self.steps_done > 1:
            ends.append(self._own_seconds * (self._steps - self.steps_done) / self.steps_done)
        return min(ends) if ends else None
