"""Overfitting: a curve that learns points by heart, and a network that learns digits by heart."""

import numpy as np
import streamlit as st

from core.concepts.overfitting import (
    MAX_DEGREE,
    NOISE,
    POINTS,
    Errors,
    best_degree,
    draw_points,
    errors_by_freedom,
    fit_curve,
)
from ui import messages, state
from ui.charts.freedom import freedom_chart
from ui.components.curve_points import curve_points
from ui.concepts.by_heart import show_network
from ui.concepts.lab import Lab

CURVE = "concept-curve"
PENALTIES = {"none": 0.0, "a breath": 1e-6, "a little": 1e-4, "some": 1e-3, "much": 1e-2}


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The curve, and below it the network."""
    _curve()
    st.subheader("A real network that learns by heart", anchor=False)
    show_network()


def _curve() -> None:
    left, right = st.columns([7, 5], gap="large")
    with right:
        freedom = st.slider(
            "Freedom of the curve",
            1,
            MAX_DEGREE,
            3,
            key="concept-freedom",
            help="The degree of the polynomial: how often it may bend.",
        )
        count = st.slider(
            "Points to learn from", 6, 60, POINTS, key="concept-points", on_change=_put_back
        )
        noise = st.slider("Noise", 0.0, 0.6, NOISE, 0.02, key="concept-noise", on_change=_put_back)
        held = st.select_slider(
            "Held back from bending",
            list(PENALTIES),
            key="concept-penalty",
            help="Regularisation: large weights cost something, so only useful bends stay.",
        )
        with st.container(horizontal=True):
            st.button(
                "Other points", icon=":material/casino:", on_click=_draw_again, key="concept-redraw"
            )
            if state.get("concept-moved"):
                st.button(
                    "Put them back", icon=":material/undo:", on_click=_put_back, key="concept-back"
                )
    seed = 5 + state.get("concept-curve-seed", 0)
    train, fresh = draw_points(count, noise, seed)
    train = _as_moved(train)
    penalty = PENALTIES[held]
    fit = fit_curve(freedom, count, seed, noise, penalty, train)
    errors = errors_by_freedom(train, fresh, penalty)
    with left:
        curve_points(
            fit.train,
            fit.fresh,
            fit.curve,
            key=CURVE,
            words="Points to learn from, new points, and the curve",
            on_moved=_moved,
        )
        st.caption(
            "Orange: the points it learnt from; **drag one**. Grey: new ones. Green: what it "
            "learnt."
        )
    # Below both, so that on a narrow screen the sliders stay beside the curve.
    below, beside = st.columns([7, 5], gap="large")
    with below:
        st.vega_lite_chart(
            freedom_chart(errors, min(freedom, errors[-1].degree)),
            key="concept-errors",
            alt="Both errors over the freedom of the curve",
        )
    with beside:
        first, second = st.columns(2)
        first.metric("Off on its own points", f"{fit.train_error:.2f}")
        second.metric("Off on new points", f"{fit.fresh_error:.2f}")
        st.markdown(verdict(freedom, errors))


def verdict(freedom: int, errors: tuple[Errors, ...]) -> str:
    """What the two errors mean, in words."""
    best = best_degree(errors)
    least = errors[best - 1].fresh
    mine = errors[min(freedom, len(errors)) - 1]
    if mine.fresh <= 1.15 * least:
        return "**About right.** It misses its own points a little and new ones hardly more."
    if freedom < best:
        return "**Too stiff.** It cannot follow the points, neither its own nor new ones."
    return (
        "**By heart.** It hits its own points better and better, and new ones worse and worse. "
        f"The best freedom here is {best}."
    )


def _as_moved(train: np.ndarray) -> np.ndarray:
    train = train.copy()
    for index, place in (state.get("concept-moved") or {}).items():
        if index < len(train):
            train[index] = place
    return train


def _moved() -> None:
    told = state.event(CURVE, "moved")
    if told:
        place = (float(np.clip(told["x"], 0, 1)), float(np.clip(told["y"], -1.9, 1.9)))
        state.put(
            "concept-moved", {**(state.get("concept-moved") or {}), int(told["index"]): place}
        )


def _put_back() -> None:
    state.put("concept-moved", None)


def _draw_again() -> None:
    _put_back()
    state.put("concept-curve-seed", state.get("concept-curve-seed", 0) + 1)


LAB = Lab(
    anchor="overfitting",
    title="Overfitting",
    hint="learning by heart",
    words=(
        "A model with much freedom and few examples learns them by heart, their accidents "
        "included, and fails on anything new. That is why some photos are set aside for "
        "testing, and what augmentation and dropout work against."
    ),
    question=(
        "Set the freedom to 11, so that the curve hits every point. Find three ways to bring the "
        "error on new points down without touching the freedom again."
    ),
    answer=(
        "More points, less noise in them, or holding the curve back from bending. With photos: "
        "more of them, cleaner labels, or regularisation. Augmentation is the cheapest way to "
        "more photos."
    ),
    draw=show,
)
