"""What sets two recipes apart, in words."""

from typing import Any, NamedTuple

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, Step


class Difference(NamedTuple):
    """One line of a comparison: what, and how it is in each of the two."""

    what: str
    first: str
    second: str


def differences(first: AugmentationRecipe, second: AugmentationRecipe) -> list[Difference]:
    """All differences in what the recipes do; names and steps that are off do not count."""
    found = []
    ours, theirs = (_steps(recipe) for recipe in (first, second))
    for kind in [kind for kind in STEP_KINDS if kind in ours or kind in theirs]:
        found += _of_step(kind, ours.get(kind), theirs.get(kind))
    both = [kind for kind in ours if kind in theirs]
    if both != [kind for kind in theirs if kind in ours]:
        found.append(Difference("Order", _names(ours), _names(theirs)))
    for field in ("fill_mode", "fill_value", "rescale"):
        one, other = getattr(first, field), getattr(second, field)
        used = field != "fill_value" or "constant" in (first.fill_mode, second.fill_mode)
        if one != other and used:
            found.append(Difference(field.replace("_", " ").capitalize(), _say(one), _say(other)))
    return found


def _of_step(kind: str, one: Step | None, other: Step | None) -> list[Difference]:
    label = STEP_KINDS[kind].label
    if one is None or other is None:
        return [Difference(label, "on" if one else "off", "on" if other else "off")]
    return [
        Difference(f"{label}: {name_of(kind, field)}", _say(getattr(one, field)), _say(theirs))
        for field in type(one).model_fields
        if (theirs := getattr(other, field)) != getattr(one, field)
    ]


def name_of(kind: str, field: str) -> str:
    """What a field is called on the screen, in lower case."""
    extra: Any = STEP_KINDS[kind].model_fields[field].json_schema_extra
    return str(extra["label"]).lower()


def _steps(recipe: AugmentationRecipe) -> dict[str, Step]:
    return {step.kind: step for step in recipe.steps if step.enabled}


def _names(steps: dict[str, Step]) -> str:
    return ", ".join(step.label for step in steps.values())


def _say(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
