"""How long a training may take: a time, a number of epochs, or whichever comes first."""

from typing import Any

import streamlit as st

from core.training.config import TrainingConfig
from ui import state
from ui.settings.keeping import Kept

BUDGETS = {"30 s": 30.0, "1 min": 60.0, "3 min": 180.0, "10 min": 600.0}
LIMITS = {**BUDGETS, "30 min": 1800.0, "1 h": 3600.0}
DEFAULT_BUDGET = "1 min"  # where nothing else says how long
BY_EPOCHS = "Epochs"
NO_LIMIT = "No limit"
DEFAULT_EPOCHS = 10
MOST_EPOCHS = 1000
HELP = (
    "It uses the whole time and slows its learning towards the end. You can stop earlier and keep "
    "what was learnt."
)


def how_long(training: TrainingConfig, kept: Kept, key: str) -> None:
    """Draws the choice; what was changed goes into `kept`.

    Args:
        training: The settings chosen now.
    """
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    by_epochs = training.epochs is not None
    with left:
        budgets = _budgets(BUDGETS, None if by_epochs else training.budget_seconds)
        length = BY_EPOCHS if by_epochs else _name(training.budget_seconds)
        st.segmented_control(
            "How long may it take?",
            [*budgets, BY_EPOCHS],
            required=True,
            key=f"{key}.length",
            on_change=_take,
            args=(kept, key, training),
            help=HELP,
            wrap=True,
            **_shown(f"{key}.length", length, "default"),
        )
    if not by_epochs:
        return
    with right:
        epochs = min(training.epochs or DEFAULT_EPOCHS, MOST_EPOCHS)
        st.number_input(
            "Epochs: how often it looks at every photo",
            1,
            MOST_EPOCHS,
            key=f"{key}.epochs",
            on_change=_take,
            args=(kept, key, training),
            **_shown(f"{key}.epochs", epochs, "value"),
        )
    limit = training.budget_seconds
    st.segmented_control(
        "But at most",
        [NO_LIMIT, *_budgets(LIMITS, limit)],
        required=True,
        key=f"{key}.limit",
        on_change=_take,
        args=(kept, key, training),
        help="Whichever comes first ends it: the epochs or the time. The learning slows down "
        "towards that end.",
        wrap=True,
        **_shown(f"{key}.limit", NO_LIMIT if limit is None else _name(limit), "default"),
    )


def _shown(key: str, value: Any, name: str) -> dict[str, Any]:
    """Lets a widget show the value; as in `ui.forms`, as its first one where it does already."""
    if state.widget(key) == value:
        return {name: value}
    state.set_widget(key, value)
    return {}


def _budgets(offered: dict[str, float], own: float | None) -> dict[str, float]:
    """What is offered, and the one that was chosen elsewhere."""
    found = {**offered, **({} if own is None else {_name(own): own})}
    return dict(sorted(found.items(), key=lambda entry: entry[1]))


def _name(seconds: float | None) -> str:
    known = {value: name for name, value in LIMITS.items()}
    seconds = seconds or 0.0
    return known.get(seconds, f"{seconds:g} s" if seconds % 60 else f"{seconds / 60:g} min")


def _take(kept: Kept, key: str, before: TrainingConfig) -> None:
    """Keeps what the widgets say; for their callbacks."""
    length, limit = state.widget(f"{key}.length"), state.widget(f"{key}.limit")
    known = _budgets(LIMITS, before.budget_seconds)
    if length != BY_EPOCHS:
        kept.put(epochs=None, budget_seconds=known[length])
        return
    epochs = int(state.widget(f"{key}.epochs") or before.epochs or DEFAULT_EPOCHS)
    kept.put(epochs=epochs, budget_seconds=known.get(limit))
