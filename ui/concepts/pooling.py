"""Pooling: two by two numbers become one."""

import numpy as np
import streamlit as st

from core.concepts.layers import pool, relu
from ui import messages
from ui.concepts import drawings as draw
from ui.concepts.lab import Lab
from ui.concepts.maps import busiest, edges


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """Two by two numbers become one."""
    found = relu(edges(picture))
    row, column = busiest(found, 6)
    patch = found[row : row + 6, column : column + 6]
    left, right = st.columns([7, 5], gap="large")
    with right:
        kind = st.segmented_control(
            "Keep", ["max", "average"], default="max", required=True, key="concept-pool"
        )
        window = st.slider("Window", 1, 9, 5, key="concept-window") - 1
        smaller = pool(found, kind="max" if kind == "max" else "average")
        before, after = (f"{one.shape[1]} × {one.shape[0]}" for one in (found, smaller))
        st.markdown(f"The whole map goes from {before} to **{after}** numbers: a quarter.")
    pooled = pool(patch, kind="max" if kind == "max" else "average")
    down, across = divmod(window, 3)
    four = frozenset((2 * down + i, 2 * across + j) for i in (0, 1) for j in (0, 1))
    with left:
        st.html(
            draw.row(
                draw.number_grid(patch.round(), "part of a feature map", True, four),
                draw.sign("→"),
                draw.number_grid(
                    pooled.round(), "after pooling", True, frozenset([(down, across)])
                ),
            )
        )


LAB = Lab(
    anchor="pooling",
    title="Pooling",
    hint="smaller, and less fussy about the exact place",
    words=(
        "Keep one number out of every two by two: the largest, or the average. The map "
        "becomes a quarter as large, and it matters less where exactly something was found."
    ),
    question=("When do the largest and the average give the same number?"),
    answer=("When all four numbers are the same."),
    draw=show,
)
