"""Overfitting: a curve with more and more freedom through the same twelve points."""

import numpy as np
import streamlit as st

from core.concepts.overfitting import MAX_DEGREE, fit_curve
from ui import messages
from ui.concepts import diagrams as diagram
from ui.concepts.lab import Lab


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """A curve with more and more freedom through the same twelve points."""
    left, right = st.columns([7, 5], gap="large")
    with right:
        freedom = st.slider("Freedom of the curve", 1, MAX_DEGREE, 3, key="concept-freedom")
        fit = fit_curve(freedom)
        first, second = st.columns(2)
        first.metric("Off on its own points", f"{fit.train_error:.2f}")
        second.metric("Off on new points", f"{fit.fresh_error:.2f}")
        st.markdown(verdict(freedom))
    with left:
        st.html(diagram.curve_drawing(fit))
        st.caption("Orange: the points it learnt from. Grey: new ones. Green: what it learnt.")


def verdict(freedom: int) -> str:
    """What the two errors mean, in words."""
    best = min(range(1, MAX_DEGREE + 1), key=lambda degree: fit_curve(degree).fresh_error)
    if freedom < best - 1:
        return "**Too stiff.** It cannot follow the points, neither its own nor new ones."
    if freedom > best + 2:
        return (
            "**By heart.** It hits its own points better and better, and new ones worse and worse."
        )
    return "**About right.** It misses its own points a little and new ones hardly more."


LAB = Lab(
    anchor="overfitting",
    title="Overfitting",
    hint="learning by heart",
    words=(
        "A model with much freedom and few examples learns them by heart, their accidents "
        "included, and fails on anything new. That is why some photos are set aside for "
        "testing, and what augmentation and dropout work against."
    ),
    question=("At which freedom are new points hit best?"),
    answer=("Where the second number is lowest: neither the stiffest curve nor the freest."),
    draw=show,
)
