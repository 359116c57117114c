"""ReLU: one number through it, and a whole feature map."""

import numpy as np
import streamlit as st

from core.concepts.convolution import as_grey
from core.concepts.layers import relu
from ui import messages
from ui.concepts import diagrams as diagram
from ui.concepts import drawings as draw
from ui.concepts.lab import Lab
from ui.concepts.maps import edges


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """One number through ReLU, and a whole feature map."""
    left, right = st.columns(2, gap="large")
    with left:
        value = st.slider("A number from a feature map", -5.0, 5.0, -2.0, 0.5, key="concept-z")
        st.html(diagram.relu_curve(value))
        after = max(value, 0.0)
        st.markdown(f"max(0, {draw.number(value)}) = **{draw.number(after)}**")
    found = edges(picture)
    with right:
        st.html(
            draw.row(
                draw.picture(as_grey(found), "Before: grey is zero, darker is negative"),
                draw.picture(as_grey(relu(found)), "After: nothing below zero is left"),
                css="pair",
            )
        )


LAB = Lab(
    anchor="relu",
    title="ReLU",
    hint="keep what was found, forget the rest",
    words=(
        "After a convolution, everything below zero is set to zero. It looks like nothing, "
        "but without such a bend a hundred layers could do no more than a single one."
    ),
    question=("What does ReLU do to a number that is already above zero?"),
    answer=("Nothing: it stays as it is."),
    draw=show,
)
