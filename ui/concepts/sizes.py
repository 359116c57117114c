"""Stride and padding: how many places a window finds, with the formula filled in."""

import numpy as np
import streamlit as st

from core.concepts.sizes import output_size
from ui import messages
from ui.concepts import diagrams as diagram
from ui.concepts import drawings as draw
from ui.concepts.lab import Lab


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The formula with the visitor's numbers, drawn."""
    columns = st.columns(4)
    width = columns[0].slider("Width W", 3, 16, 10, key="concept-w")
    kernel = columns[1].slider("Kernel F", 1, 7, 3, key="concept-f")
    padding = columns[2].slider("Padding P", 0, 3, 0, key="concept-p")
    stride = columns[3].slider("Stride S", 1, 4, 2, key="concept-s")
    fit = output_size(width, kernel, padding, stride)
    st.html(draw.row(f"<span class='formula'>{fit.arithmetic}</span>"))
    st.markdown(fit.sentence)
    st.html(diagram.windows_drawing(width, kernel, padding, stride, fit))
    st.caption(
        "Each bar is one place of the window and becomes one number. Dashed cells are padding. "
        "Cells that no window reaches are orange."
    )


LAB = Lab(
    anchor="stride-and-padding",
    title="Stride and padding",
    hint="how large the result becomes",
    words=(
        "How many places does a kernel find? With a picture W pixels wide, a kernel of F, P "
        "zeros of padding at each end and steps of S, it is `1 + (W + 2P − F) / S`."
    ),
    question=("Which padding keeps the size with a kernel of 3 and steps of 1?"),
    answer=("P = 1: `1 + (W + 2·1 − 3) / 1 = W`."),
    draw=show,
)
