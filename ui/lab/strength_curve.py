"""Below the strength strip: how sure the judging model stays of photos it has not learnt from."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import Step
from core.augmentation.strength import TWO_SIDED, strengths
from core.evaluation.strength_curve import Curve, curve, gathered, in_words
from ui import messages
from ui.charts.strength import strength_chart, strength_legend
from ui.lab.judging import Asking

ASK = "core.evaluation.strength_curve:ask_at"
SLOW = "The model is looking at its validation photos, one strength after another."
BOTH = " At each strength both directions are tried, and their mean is taken."
CAREFUL = (
    "A model that trains with a step learns to bear more of it: the curve shows how far this "
    "one has come, and where photos begin to lose what tells them apart, for it."
)


def show_curve(
    asking: Asking, step: Step, recipe: AugmentationRecipe, on: bool, unit: Callable[[float], str]
) -> None:
    """The curve with a sentence, or words while it is worked out or if it cannot be.

    Args:
        step: The one that the strip shows; its strength is marked if it is `on`.
        recipe: Says how edges are filled.
        unit: A strength as words, such as "40°".
    """
    st.header("On photos it has not learnt from", anchor=False)
    levels = _levels(asking, step, recipe)
    if asking.error is not None:
        asking.show_error()
    elif levels is None:
        asking.watch(SLOW, key="asking-strengths")
    else:
        available = int(levels[0]["available"])
        severity = gathered(step.kind, strengths(step.kind), levels)
        _drawn(curve(severity, available), step, on, unit, available)


def _levels(
    asking: Asking, step: Step, recipe: AugmentationRecipe
) -> Sequence[dict[str, Any]] | None:
    """What `ask_at` answered for each strength; None as long as one is missing."""
    # What the answers do not depend on is left out, so that they are found again.
    bare = step.model_copy(update={"enabled": True, "probability": 1.0})
    given = bare.model_dump(mode="json", exclude={step.strength})
    edges = NO_AUGMENTATION.model_copy(
        update={"fill_mode": recipe.fill_mode, "fill_value": recipe.fill_value}
    ).model_dump(mode="json")
    found = [
        asking.ask(ASK, given, edges, value, content=(repr((given, edges)), value))
        for value in strengths(step.kind)
    ]
    return None if any(level is None for level in found) else found


def _drawn(
    found: Curve, step: Step, on: bool, unit: Callable[[float], str], available: int
) -> None:
    used = float(getattr(step, step.strength)) if on else None
    st.markdown(messages.literal(in_words(found, used, unit)))
    st.html(strength_legend(on))
    chart = strength_chart(found.points, _axis(step), used)
    st.vega_lite_chart(chart, key=f"augment-curve-{step.kind}")
    st.caption(f"{_which(found, available)}{BOTH if step.kind in TWO_SIDED else ''} {CAREFUL}")


def _which(found: Curve, available: int) -> str:
    if found.chosen:
        return (
            f"{found.photos:,} of {available:,} validation photos, chosen evenly over the classes "
            "and always the same."
        )
    return f"All {found.photos:,} validation photos."


def _axis(step: Step) -> str:
    extra = type(step).model_fields[step.strength].json_schema_extra
    named = extra if isinstance(extra, dict) else {}
    unit = f" ({named['unit']})" if named.get("unit") else ""
    return f"{named.get('label', step.strength)}{unit}"
