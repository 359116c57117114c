"""Convolution: a kernel to choose and to edit, its feature map, and the sum behind every number."""

import numpy as np
import streamlit as st

from core.concepts.convolution import PRESETS
from core.concepts.pictures import at_side, in_grey
from ui import messages
from ui.components.lab_part import lab_part, packed
from ui.concepts.lab import Lab

SIDES = (16, 32, 64)


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The kernel, the picture and its map, all at once or step by step."""
    lab_part(
        "convolution",
        {
            "pictures": {side: packed(in_grey(at_side(picture, side))) for side in SIDES},
            "presets": {
                name: {
                    "title": preset.title,
                    "weights": preset.weights,
                    "wide": preset.wide,
                    "effect": preset.effect,
                }
                for name, preset in PRESETS.items()
            },
        },
    )


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
