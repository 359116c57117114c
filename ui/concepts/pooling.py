"""Pooling: every window becomes one number, and a shift of the picture matters less."""

import numpy as np
import streamlit as st

from core.concepts.convolution import PRESETS
from core.concepts.pictures import at_side, in_grey
from ui import messages
from ui.components.lab_part import lab_part, packed
from ui.concepts.lab import Lab

SIDE, MARGIN = 64, 3


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The map, its windows, the pooled map, and what a shift does to both."""
    lab_part(
        "pooling",
        {
            "picture": packed(in_grey(at_side(picture, SIDE + 2 * MARGIN))),
            "margin": MARGIN,
            "kernel": PRESETS["vertical-edges"].weights,
        },
    )


LAB = Lab(
    anchor="pooling",
    title="Pooling",
    hint="smaller, and less fussy about the exact place",
    words=(
        "*Pooling* lays a window on a feature map and keeps one number of it: the largest, or "
        "the average. There is nothing to learn in it. The map becomes smaller, so the layers "
        "after it have less to do and see more of the picture at once, and it matters less where "
        "exactly something was found."
    ),
    question=(
        "Move the picture by one pixel: by how much does the map change, and by how much the "
        "pooled one? And when do the largest and the average give the same number?"
    ),
    answer=(
        "The larger the window, the less is changed by the same move: the edge is mostly still "
        "in the same window. Only “mostly”: where it crosses into the next one the number "
        "jumps, so pooling forgives small shifts and does not undo them. Largest and average are "
        "the same where all numbers in the window are."
    ),
    draw=show,
)
