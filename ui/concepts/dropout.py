"""Dropout: ten draws of which units may work."""

import numpy as np
import streamlit as st

from core.concepts.layers import draw_dropout
from ui import messages, state
from ui.concepts import diagrams as diagram
from ui.concepts.lab import Lab

UNITS, DRAWS = 12, 10


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """Ten draws of which units may work."""
    left, right = st.columns([5, 7], gap="large")
    with left:
        percent = st.slider("Left out", 0, 90, 50, 5, format="%d %%", key="concept-rate")
        st.button("Draw again", icon=":material/casino:", on_click=draw_again, key="concept-draw")
    kept = draw_dropout(UNITS, percent / 100, DRAWS, state.get("concept-dropout", 0))
    counts = kept.sum(axis=1)
    with left:
        st.markdown(
            f"On average {UNITS * (1 - percent / 100):.3g} of {UNITS} units stay. Here it is "
            f"between {counts.min()} and {counts.max()}, {counts.mean():.3g} on average."
        )
    with right:
        st.html(diagram.dropout_drawing(kept))


def draw_again() -> None:
    """The next draw."""
    state.put("concept-dropout", state.get("concept-dropout", 0) + 1)


LAB = Lab(
    anchor="dropout",
    title="Dropout",
    hint="learn without relying on anyone",
    words=(
        "While it learns, a random part of the units is switched off, another one in every "
        "step. None can rely on its neighbour, so each has to learn something useful. When "
        "the model is used, all of them work."
    ),
    question=("What happens to the average when nine of ten are left out?"),
    answer=("About one unit in ten stays, and in some draws none at all."),
    draw=show,
)
