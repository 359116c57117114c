"""The steps of a recipe that would turn one class into another, by what a report found."""

from dataclasses import dataclass

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, Step
from core.evaluation.label_safety import Turn
from core.evaluation.sweep import SWITCHES

# The magnitude 10 of RandAugment turns by so much.
RANDAUGMENT_DEGREES = 30.0


@dataclass(frozen=True)
class UnsafeStep:
    """A step of a recipe that the last report found unsafe at its range."""

    label: str
    turn: Turn
    sentence: str


def unsafe_steps(recipe: AugmentationRecipe, turns: list[Turn]) -> list[UnsafeStep]:
    """The steps of a recipe that would do what was found, each with its worst pair of classes."""
    found = []
    for label, kind, value in _reaches(recipe):
        unsafe = [turn for turn in turns if turn.kind == kind and _beyond(turn, value)]
        if unsafe:
            worst = min(unsafe, key=lambda turn: _share(turn.kind, turn.before))
            found.append(UnsafeStep(label, worst, f"{worst.shown}. {worst.advice}"))
    return found


def _reaches(recipe: AugmentationRecipe) -> list[tuple[str, str, float]]:
    """What the steps that are on can do: which step, what kind of thing, how strongly."""
    on: dict[str, Step] = {
        step.kind: step for step in recipe.steps if step.enabled and step.probability > 0
    }
    reached = []
    for kind, step in on.items():
        value = float(getattr(step, step.strength)) if step.strength else 1.0
        reached.append((step.label, kind, value))
        if kind == "zoom_crop" and step.model_dump()["mirror"]:
            reached.append((f"{step.label} (it mirrors)", "horizontal_flip", 1.0))
        if kind == "randaugment":
            degrees = RANDAUGMENT_DEGREES * value / 10
            reached.append((f"{step.label} (it turns)", "rotation", degrees))
        if kind == "saturation" and value >= 1:
            reached.append((f"{step.label} (it takes the colour away)", "grey", 1.0))
    mirrors = {kind for _, kind, _ in reached}
    if {"horizontal_flip", "vertical_flip"} <= mirrors and "rotation" not in on:
        reached.append(("Both flips together", "rotation", 180.0))
    return reached


def _beyond(turn: Turn, value: float) -> bool:
    return turn.before is None or _share(turn.kind, value) > _share(turn.kind, turn.before) + 1e-9


def _share(kind: str, value: float | None) -> float:
    """How strong a value is, 0 (does nothing) to 1."""
    if value is None or kind in SWITCHES:
        return 0.0
    model = STEP_KINDS[kind]
    return (value - model.weakest) / (model.strongest - model.weakest)
