"""Convolution: a kernel to choose and to edit, its feature map, and one pixel's sum."""

import numpy as np
import pandas as pd
import streamlit as st

from core.concepts.convolution import PRESETS, as_grey, convolve, pixel_sum
from ui import messages
from ui.concepts import drawings as draw
from ui.concepts.lab import Lab
from ui.concepts.maps import grey


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """A kernel to choose and to edit, its feature map, and one pixel's sum."""
    plane = grey(picture)
    left, right = st.columns([7, 5], gap="large")
    with right:
        preset = st.selectbox(
            "Kernel",
            list(PRESETS),
            format_func=lambda name: PRESETS[name].title,
            key="concept-preset",
            help="These are made by hand. A network finds its own while it learns.",
        )
        st.caption(PRESETS[preset].effect)
        weights = edited_weights(preset)
        last = plane.shape[0] - 3
        column = st.slider("Pixel, from the left", 0, last, last // 2 - 3, key="concept-x")
        row = st.slider("Pixel, from the top", 0, last, last // 2 + 5, key="concept-y")
    found = convolve(plane, weights)
    shown = as_grey(found, signed=weights.sum() < 0.5)
    with left:
        st.html(
            draw.row(
                draw.picture(plane.astype(np.uint8), "The picture in grey", (row, column, 3)),
                draw.picture(shown, "Its feature map", (row, column, 1)),
                css="pair",
            )
        )
        st.html(arithmetic(plane, weights, row, column))


def arithmetic(plane: np.ndarray, weights: np.ndarray, row: int, column: int) -> str:
    """Nine pixels times nine weights, and their sum."""
    one = pixel_sum(plane, weights, row, column)
    return draw.row(
        draw.number_grid(one.patch, "nine pixels"),
        draw.sign("×"),
        draw.number_grid(one.weights, "nine weights", signed=True),
        draw.sign("="),
        draw.number_grid(one.products, "nine products", signed=True),
        draw.sign("→ sum"),
        f"<span class='sum'>{draw.number(round(one.total, 1))}</span>",
    )


def edited_weights(preset: str) -> np.ndarray:
    """The nine weights, as the visitor left them."""
    table = pd.DataFrame(
        np.array(PRESETS[preset].weights, float), columns=["left", "middle", "right"]
    )
    edited = st.data_editor(
        table, hide_index=True, key=f"concept-kernel-{preset}", width=270, row_height=34
    )
    st.caption("Click a weight and type another.")
    return edited.fillna(0).to_numpy(float)


LAB = Lab(
    anchor="convolution",
    title="Convolution",
    hint="a small pattern, searched everywhere",
    words=(
        "A *kernel* is a small grid of weights. Lay it on nine pixels, multiply each pixel by"
        " the weight on it, add up: that is one number of the *feature map*. Slide on by one "
        "pixel and do it again. Where the kernel's pattern is in the picture, the sum is "
        "large."
    ),
    question=("Which nine weights leave the picture as it is?"),
    answer=("A one in the middle and zeros around it."),
    draw=show,
)
