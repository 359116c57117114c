"""What a learning-rate range test found: the loss at every rate tried, and the rate to take.

The test is L. N. Smith's ("Cyclical Learning Rates for Training Neural Networks", 2017, section
3.3): the rate rises exponentially while the network trains, and the loss says where it learns
and where it no longer does. The rate to take follows two rules known from fastai's `lr_find`: a
safe fraction of the rate with the lowest loss, and where the loss falls most steeply.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import LoupeError
from core.training.config import TrainingConfig
from core.training.schedule import SETTLING_SCHEDULES, rate_in_words
from core.workspace import read_json

JOB = "core.training.rate_finder:find_rate"
FILE = "rates.json"
# The whole range that a training may use, but for its lower end, where nothing happens.
LOWEST_RATE, HIGHEST_RATE = 1e-5, 10.0
# How far the loss may rise above its lowest until it counts as exploded, as in fastai.
EXPLODED = 4.0
# What is taken of the rate with the lowest loss, where the loss no longer falls: less if the
# rate stays up there to the end, more if the schedule comes down from it.
FRACTION_IF_IT_STAYS, FRACTION_IF_IT_SETTLES = 1 / 10, 1 / 3
SETTLING = {*SETTLING_SCHEDULES, "step"}
# The steepest place may be that near to the lowest.
NEAREST = 1 / 2
# Of the rates on either side that a smoothed loss is the mean of, in steps.
SMOOTHING_STEPS = 3.0
FEWEST_STEPS = 12
# A fall smaller than this share of the first loss is none, nor one that is smaller than this many
# times its wobble: losses that only wobble reach that in one of a hundred tests.
SMALLEST_FALL, CLEAR_FALL = 0.02, 5.0


class Suggestion(BaseModel):
    """The rate to take and why, or why there is none.

    Attributes:
        rate: None where the curve tells nothing.
        kind: "found", or what was the matter with the curve.
        steepest: The rate at which the loss falls most steeply; None without a fall.
        lowest: The rate with the lowest loss; None without a fall.
        sentence: Says it in plain words.
    """

    model_config = ConfigDict(frozen=True)

    rate: float | None
    kind: Literal["found", "flat", "exploded", "short"]
    steepest: float | None = None
    lowest: float | None = None
    sentence: str


class RateCurve(BaseModel):
    """One range test.

    Attributes:
        rates: The rates tried, rising.
        losses: The loss of one batch at each of them, before the step that it led to.
        smoothed: `losses` without most of their wobble.
        exploded: Whether it ended because the loss grew beyond all bounds.
        present: The rate that the training would have used.
        seconds: How long the steps took.
    """

    model_config = ConfigDict(frozen=True)

    rates: list[float]
    losses: list[float]
    smoothed: list[float]
    exploded: bool
    present: float
    seconds: float
    suggestion: Suggestion


def rate_curve(
    rates: Sequence[float],
    losses: Sequence[float],
    exploded: bool,
    training: TrainingConfig,
    seconds: float = 0.0,
) -> RateCurve:
    """The curve of a range test with its suggestion for `training`.

    Args:
        rates: Rising; as many as `losses`.
        losses: The loss of each batch; those that are no number are left out, at the end.
    """
    count = next((place for place, loss in enumerate(losses) if not np.isfinite(loss)), len(losses))
    tried, seen = [float(rate) for rate in rates[:count]], [float(loss) for loss in losses[:count]]
    smoothed = smooth(seen)
    return RateCurve(
        rates=tried,
        losses=seen,
        smoothed=smoothed.tolist(),
        exploded=exploded or count < len(losses),
        present=training.learning_rate,
        seconds=seconds,
        suggestion=suggest(
            tried, seen, smoothed, exploded or count < len(losses), training.schedule in SETTLING
        ),
    )


def judged_for(curve: RateCurve, training: TrainingConfig) -> RateCurve:
    """The same test with the suggestion for `training`, whose rate or schedule is another."""
    return rate_curve(curve.rates, curve.losses, curve.exploded, training, curve.seconds)


def read_rate_curve(folder: Path) -> RateCurve:
    """What the job in `folder` found.

    Raises:
        NotFound: If it has not found anything (yet).
        LoupeError: If its file is damaged.
    """
    try:
        return RateCurve.model_validate(read_json(folder / FILE))
    except ValidationError as error:
        raise LoupeError(
            "What the search for a learning rate found cannot be read again.", "Search once more."
        ) from error


def smooth(losses: Sequence[float]) -> np.ndarray:
    """float64 (n,): each loss as the mean of its neighbours, the near ones counting more.

    An explosion at the end must not reach back to where the network still learnt: losses
    far above the lowest are cut off first.
    """
    values = np.asarray(losses, np.float64)
    if not len(values):
        return values
    ceiling = max(EXPLODED * np.abs(values).min(), 2 * np.abs(values[:FEWEST_STEPS]).max())
    values = np.minimum(values, ceiling)
    places = np.arange(len(values))
    distances = (places[:, None] - places[None, :]) / SMOOTHING_STEPS
    weights = np.exp(-0.5 * distances**2)
    return weights @ values / weights.sum(axis=1)


def suggest(
    rates: Sequence[float],
    losses: Sequence[float],
    smoothed: np.ndarray,
    exploded: bool,
    settles: bool,
) -> Suggestion:
    """The rate to take: within the rates tried, or none.

    Args:
        settles: Whether the schedule comes down from the rate.
    """
    if len(rates) < FEWEST_STEPS:
        return _without_enough(rates, exploded)
    lowest = int(np.argmin(smoothed))
    fall = float(smoothed[: lowest + 1].max() - smoothed[lowest])
    wobble = _wobble(losses, smoothed)
    if fall <= max(SMALLEST_FALL * abs(smoothed[0]), CLEAR_FALL * wobble):
        return _flat(rates, exploded)
    slopes = np.gradient(smoothed, np.log(rates))
    steepest = int(np.argmin(slopes[: lowest + 1]))
    fraction = FRACTION_IF_IT_SETTLES if settles else FRACTION_IF_IT_STAYS
    steep = min(rates[steepest], NEAREST * rates[lowest])
    rate = max(steep, fraction * rates[lowest])
    return Suggestion(
        rate=_two_digits(rate, rates),
        kind="found",
        steepest=rates[steepest],
        lowest=rates[lowest],
        sentence=_reasons(rates, steepest, lowest, rate > steep, settles, exploded),
    )


def _wobble(losses: Sequence[float], smoothed: np.ndarray) -> float:
    """How far two smoothed values differ by chance, as a standard deviation.

    From the median, so that the wild losses of an explosion do not count; a smoothed value is
    the mean of about 3.5 × `SMOOTHING_STEPS` others (2√π of them, for weights like a bell).
    """
    spread = np.asarray(losses) - smoothed
    return float(1.4826 * np.median(np.abs(spread)) * (2 / (3.5 * SMOOTHING_STEPS)) ** 0.5)


def _reasons(
    rates: Sequence[float],
    steepest: int,
    lowest: int,
    is_fraction: bool,
    settles: bool,
    exploded: bool,
) -> str:
    words = rate_in_words
    falls = f"The loss falls most steeply around {words(rates[steepest])}"
    if lowest == len(rates) - 1 and not exploded:
        falls += f" and was still falling at {words(rates[lowest])}, the highest rate tried"
    else:
        then = "explodes" if exploded else "rises"
        falls += f" and is lowest at {words(rates[lowest])}, after which it {then}"
    if not is_fraction:
        return (
            f"{falls}. Taken is about the rate where it falls most steeply: there the network "
            "learns most."
        )
    if settles:
        return f"{falls}. Taken is a third of the latter, from which the schedule comes down."
    return f"{falls}. Taken is a tenth of the latter, because the schedule stays up there."


def _without_enough(rates: Sequence[float], exploded: bool) -> Suggestion:
    if exploded:
        first = f" ({rate_in_words(rates[0])} and a little more)" if len(rates) else ""
        return Suggestion(
            rate=None,
            kind="exploded",
            sentence=f"The loss exploded at the very first rates{first}, so the curve tells "
            "nothing. Something else is wrong: look at the variations of the photos and at the "
            "layers of the network.",
        )
    return Suggestion(
        rate=None,
        kind="short",
        sentence=f"Only {len(rates)} steps were made: too few to tell anything.",
    )


def _flat(rates: Sequence[float], exploded: bool) -> Suggestion:
    end = f"until it exploded at {rate_in_words(rates[-1])}" if exploded else "at any rate tried"
    return Suggestion(
        rate=None,
        kind="flat",
        sentence=f"The loss did not clearly fall {end}, so the curve tells nothing: keep the "
        "rate you have. It may help to use larger batches, which make the curve calmer.",
    )


def _two_digits(rate: float, rates: Sequence[float]) -> float:
    """`rate` as people write it, kept within the rates tried."""
    return min(max(float(f"{rate:.1e}"), rates[0]), rates[-1])
