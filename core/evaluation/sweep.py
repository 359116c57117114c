"""What is tried on the photos, to see what a model withstands: every step at growing strength."""

from typing import NamedTuple

from core.augmentation import strength
from core.augmentation.changes import Change
from core.augmentation.drawing import Drawn
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import STEP_KINDS
from core.images import PictureSpec

UNCHANGED = "unchanged"
# Grey pictures have nothing that these could change.
COLOUR_KINDS = ("saturation", "hue", "grey")
# Besides the seven strengths: what turns a class into another lies at right angles and between.
TURNS = tuple(float(degrees) for degrees in range(15, 180, 15))
# Steps that have no strength: they happen or not.
SWITCHES: dict[str, tuple[Change, ...]] = {
    "horizontal_flip": (Change("horizontal_flip", (), "horizontal_flip"),),
    "vertical_flip": (Change("vertical_flip", (), "vertical_flip"),),
    "grey": (Change("grey", (), "grey"),),
}


class Trial(NamedTuple):
    """One thing done to all photos.

    Attributes:
        kind: Of the step, or `UNCHANGED`.
        value: How strongly; 1 for a step that only happens or not.
        way: 0, or 1 at the other end of a range that has two.
        level: Its place among the seven strengths; -1 for one that was tried besides.
        drawn: What is done.
    """

    kind: str
    value: float
    way: int
    level: int
    drawn: Drawn


def trials(spec: PictureSpec, recipe: AugmentationRecipe = NO_AUGMENTATION) -> list[Trial]:
    """Everything that is tried on pictures of this kind, step by step.

    Args:
        recipe: Says how edges are filled.
    """
    grey = spec.color_mode == "grayscale"
    kinds = [kind for kind in STEP_KINDS if not (grey and kind in COLOUR_KINDS)]
    made = [Trial(UNCHANGED, 0.0, 0, 0, Drawn((), recipe.fill_mode, recipe.fill_value))]
    for kind in kinds:
        made += _of_kind(kind, recipe)
    return made


def _of_kind(kind: str, recipe: AugmentationRecipe) -> list[Trial]:
    if kind in SWITCHES:
        drawn = Drawn(SWITCHES[kind], recipe.fill_mode, recipe.fill_value)
        return [Trial(kind, 1.0, 0, 1, drawn)]
    if not strength.can_be_shown(kind):
        return []
    values = dict.fromkeys(strength.strengths(kind)[1:])
    levels = {value: level for level, value in enumerate(strength.strengths(kind))}
    if kind == "rotation":
        values |= dict.fromkeys(TURNS)
    step = STEP_KINDS[kind].model_validate({"kind": kind})
    return [
        Trial(kind, float(value), way, levels.get(value, -1), drawn)
        for value in sorted(values, reverse=step.weakest > step.strongest)
        for way, drawn in enumerate(strength.at_ends(step, value, recipe))
        if not drawn.changes_nothing
    ]
