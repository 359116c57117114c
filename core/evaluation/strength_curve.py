"""How sure a model stays of photos it has not learnt from while one step of a recipe grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.augmentation import strength
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS
from core.evaluation.asked import ask_photos
from core.evaluation.metrics import percent, wilson_interval
from core.evaluation.severity import Severity, answers_to
from core.training.runs import Run

MOST_PHOTOS = 200  # so that the answer comes while somebody waits
Z = 1.96  # standard deviations that hold 95 % of a normal distribution
# A difference that rounding to whole percent hides is not spoken of.
SMALLEST = 0.005


@dataclass(frozen=True)
class Point:
    """What the model says about the photos at one strength.

    Attributes:
        value: The strength.
        mean: How sure it is of the right class, on average, 0..1.
        mean_low: The 95 % interval of that mean for many such photos: here to `mean_high`.
        low: A quarter of the photos lies below: `low` to `high` is the middle half.
        right: The share of the photos that it still names rightly.
        right_low: The 95 % interval (Wilson) of that share: here to `right_high`.
        less_sure: Whether it is less sure than without the step by more than chance explains.
        less_right: Whether it is right for fewer than without, by more than chance explains.
    """

    value: float
    mean: float
    mean_low: float
    mean_high: float
    low: float
    high: float
    right: float
    right_low: float
    right_high: float
    less_sure: bool
    less_right: bool


@dataclass(frozen=True)
class Curve:
    """A `Point` per strength, the first without the step; of how many photos."""

    points: list[Point]
    photos: int
    chosen: bool

    @property
    def sure_until(self) -> int:
        """The last point before the first at which the model is less sure."""
        return next((at - 1 for at, one in enumerate(self.points) if one.less_sure), len(self) - 1)

    @property
    def right_until(self) -> int:
        """The last point before the first at which it is right for fewer photos."""
        return next((at - 1 for at, one in enumerate(self.points) if one.less_right), len(self) - 1)

    def __len__(self) -> int:
        return len(self.points)


def ask_at(
    run_folder: Run | Path | str, step: dict[str, Any], edges: dict[str, Any], value: float
) -> dict[str, Any]:
    """`severity.ask_at_strengths` at one strength, for the engine: others get a turn between.

    Args:
        step: As JSON.
        edges: A recipe as JSON; says how edges are filled.
        value: The strength.

    Returns:
        ids, true, by_way (float32 (ways, n, num_classes)), class_names and available (how
        many photos the validation split has) of at most `MOST_PHOTOS` photos.

    Raises:
        LoupeError: If there are no validation photos, or the run has no model.
    """
    asked = ask_photos(run_folder, "validation", MOST_PHOTOS)
    model = STEP_KINDS[step["kind"]].model_validate(step)
    drawn = strength.at_ends(model, value, AugmentationRecipe.model_validate(edges))
    return {
        "ids": asked.ids,
        "true": asked.true,
        "by_way": answers_to(asked, drawn),
        "class_names": asked.class_names,
        "available": asked.available,
    }


def gathered(kind: str, values: Sequence[float], levels: Sequence[dict[str, Any]]) -> Severity:
    """The answers of `ask_at` at several strengths as one `Severity`."""
    first = levels[0]
    by_way = np.stack([level["by_way"] for level in levels])
    names = tuple(first["class_names"])
    return Severity(kind, list(values), first["ids"], first["true"], by_way, names)


def curve(severity: Severity, available: int) -> Curve:
    """The curve of `severity`, whose first strength is that without the step.

    Each photo counts once: where a step goes both ways, as the mean of both. Whether a
    point is less than the first is judged by the differences photo by photo.

    Args:
        available: How many photos there were to choose from.
    """
    everyone = np.arange(len(severity.true))
    sure = severity.probabilities[:, everyone, severity.true].astype(float)
    points = [
        _point(value, sure[at], sure[0], severity.right[at], severity.right[0])
        for at, value in enumerate(severity.values)
    ]
    return Curve(points, len(everyone), available > len(everyone))


def _point(
    value: float, sure: np.ndarray, sure_before: np.ndarray, right: np.ndarray, before: np.ndarray
) -> Point:
    mean, half = float(sure.mean()), half_width(sure)
    low, high = np.quantile(sure, (0.25, 0.75))
    right_low, right_high = wilson_interval(round(float(right.sum())), len(right))
    return Point(
        value=value,
        mean=mean,
        mean_low=max(0.0, mean - half),
        mean_high=min(1.0, mean + half),
        low=float(low),
        high=float(high),
        right=float(right.mean()),
        right_low=right_low,
        right_high=right_high,
        less_sure=is_less(sure - sure_before),
        less_right=is_less(right - before),
    )


def half_width(values: np.ndarray) -> float:
    """Half of the 95 % interval of the mean; infinite for a single value."""
    if len(values) < 2:
        return float("inf")
    return float(Z * values.std(ddof=1) / np.sqrt(len(values)))


def is_less(differences: np.ndarray) -> bool:
    """Whether the mean of paired differences is below 0 by more than chance explains."""
    mean = float(differences.mean())
    return mean < -SMALLEST and mean + half_width(differences) < 0


def in_words(found: Curve, used: float | None, unit: Callable[[float], str]) -> str:
    """The curve in a few sentences.

    Args:
        used: The strength that the recipe allows now; None if the step is off.
        unit: A strength as words, such as "40°".
    """
    parts = [_sure_words(found, unit), _right_words(found, unit)]
    if used is not None:
        parts.append(_used_words(found, used, unit))
    return " ".join(part for part in parts if part)


def _sure_words(found: Curve, unit: Callable[[float], str]) -> str:
    first, until = found.points[0], found.sure_until
    without = f"{percent(first.mean)} for the right class on average"
    if until == len(found) - 1:
        return (
            f"Up to the most, {unit(found.points[-1].value)}, the model is as sure as without "
            f"({without}): these photos show no loss."
        )
    if until == 0:
        reached = found.points[1]
        return (
            f"Already at {unit(reached.value)} the model is less sure than without: "
            f"{percent(reached.mean)} instead of {without}."
        )
    return f"Up to {unit(found.points[until].value)} the model is as sure as without ({without})."


def _right_words(found: Curve, unit: Callable[[float], str]) -> str:
    first, last, until = found.points[0], found.points[-1], found.right_until
    if until == len(found) - 1:
        right, before = percent(last.right), percent(first.right)
        return f"At the most it is right for {right}, without the step for {before}."
    reached = found.points[until + 1]
    said = (
        f"From {unit(reached.value)} on it is right for fewer: {percent(reached.right)} there "
        f"instead of {percent(first.right)}"
    )
    if reached is last:
        return f"{said}."
    return f"{said}, {percent(last.right)} at the most, {unit(last.value)}."


def _used_words(found: Curve, used: float, unit: Callable[[float], str]) -> str:
    values = [point.value for point in found.points]
    sign = -1 if values[-1] < values[0] else 1
    until = found.sure_until
    if sign * used <= sign * values[until]:
        where = "within what this model bears"
    elif sign * used >= sign * values[until + 1]:
        where = "beyond what this model bears"
    else:
        where = "between the last that this model bears and the first that it does not"
    return f"Your range ends at {unit(used)}, {where}."
