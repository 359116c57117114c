"""Stride and padding: how many places a window finds, with the formula filled in and played."""

import numpy as np
import streamlit as st

from core.concepts.pictures import at_side
from ui import messages
from ui.components.lab_part import lab_part, packed
from ui.concepts.lab import Lab

MOST = {"W": 20, "F": 7, "P": 3, "S": 5}


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The formula, the row and the picture with the windows on it."""
    pictures = {side: packed(at_side(picture, side)) for side in range(3, MOST["W"] + 1)}
    lab_part("sizes", {"pictures": pictures, "most": MOST})


LAB = Lab(
    anchor="stride-and-padding",
    title="Stride and padding",
    hint="how large the result becomes",
    words=(
        "A kernel finds only so many places on a picture, and each becomes one number of the "
        "map. On W pixels a kernel of F, moved by S pixels a time (the *stride*), with P zeros "
        "added at each end (the *padding*), finds `1 + (W + 2P − F) / S` places along each "
        "side. Where that is no whole number, the window stops early and some pixels are never "
        "looked at. Keras knows two paddings by name: “valid” adds nothing, “same” adds as many "
        "zeros as keep the size when the stride is 1."
    ),
    question=(
        "Which padding keeps the size with a kernel of 3 and steps of 1? And what does "
        "“same” give for 10 pixels and steps of 3?"
    ),
    answer=(
        "P = 1: `1 + (W + 2·1 − 3) / 1 = W`; a kernel of 5 needs 2, one of 7 needs 3. With steps "
        "of 3, “same” gives 10 / 3 rounded up, 4 places: it keeps the size only for steps of 1."
    ),
    draw=show,
)
