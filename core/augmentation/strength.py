"""One step from least to most, to find the last strength at which a photo is still itself."""

from typing import Any, NamedTuple

import numpy as np

from core.augmentation.changes import happens
from core.augmentation.drawing import Drawn
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, Step
from core.augmentation.transforms import apply

LEVELS = 7
# The ranges of these reach as far to the other side of nothing.
TWO_SIDED = frozenset(
    (
        "rotation",
        "width_shift",
        "height_shift",
        "shear",
        "zoom",
        "perspective",
        "brightness",
        "contrast",
        "saturation",
        "hue",
        "gamma",
        "channel_shift",
    )
)


class Level(NamedTuple):
    """One picture of the strip.

    Attributes:
        step: The step whose range ends here.
        value: Of the field that says how strongly.
        picture: uint8 (height, width, channels): the most that this range allows.
        drawn: What was done to it.
    """

    step: Step
    value: float
    picture: np.ndarray
    drawn: Drawn


def can_be_shown(kind: str) -> bool:
    """Whether a step has a strength to run through."""
    return bool(STEP_KINDS[kind].strength)


def strengths(kind: str, levels: int = LEVELS) -> list[float]:
    """The values of a step's strength from the one that does nothing to the strongest.

    They grow faster towards the end, because the last one that still looks right lies mostly
    in the lower half.
    """
    model = STEP_KINDS[kind]
    shares = (np.arange(levels) / (levels - 1)) ** 1.5
    values = model.weakest + (model.strongest - model.weakest) * shares
    extra: Any = model.model_fields[model.strength].json_schema_extra
    grain = extra["step"]
    rounded = [round(float(value) / grain) * grain for value in values]
    whole = model.model_fields[model.strength].annotation is int
    return [round(value) if whole else round(value, 3) for value in rounded]


def strip(
    picture: np.ndarray, step: Step, recipe: AugmentationRecipe, levels: int = LEVELS
) -> list[Level]:
    """The same picture at growing strength, each with all that the range then allows.

    Args:
        picture: uint8 (height, width, channels).
        step: Which one; its other fields stay as they are.
        recipe: Says how edges are filled.
    """
    shown = []
    for value in strengths(step.kind, levels):
        drawn = at_ends(step, value, recipe)[0]
        shown.append(Level(at_strength(step, value), value, apply(picture, drawn), drawn))
    return shown


def at_ends(step: Step, value: float, recipe: AugmentationRecipe) -> list[Drawn]:
    """All that the step does at strength `value`: at both ends of its range, if it has two.

    The first is the one that `strip` shows.

    Args:
        recipe: Says how edges are filled.
    """
    reached = at_strength(step, value)
    ends = [reached.extreme]
    if step.kind in TWO_SIDED:
        ends.append(tuple(1 - number for number in reached.extreme))
    return [
        Drawn(tuple(filter(happens, reached.changes(end))), recipe.fill_mode, recipe.fill_value)
        for end in ends
    ]


def at_strength(step: Step, value: float) -> Step:
    """The step, switched on, with its range ending at `value`."""
    changed: dict[str, Any] = {step.strength: value, "enabled": True}
    if step.kind == "erasing":
        changed["smallest"] = min(step.model_dump()["smallest"], value)
    return type(step).model_validate(step.model_dump() | changed)


def nearest(step: Step, levels: int = LEVELS) -> int:
    """The place in the strip whose strength is nearest to the step's own."""
    values = np.array(strengths(step.kind, levels), float)
    return int(np.abs(values - getattr(step, step.strength)).argmin())
