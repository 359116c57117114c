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
        "A *kernel* is a small grid of weights. Lay it on the picture, multiply each pixel by the "
        "weight on it, add everything up, and one more number, the *bias*: that is one number of "
        "the *feature map*. Slide on by one pixel and do it again. Where the kernel's pattern is "
        "in the picture, the sum is large. Watch it step by step, or change a weight and see the "
        "whole map follow."
    ),
    question=(
        "Which nine weights leave the picture as it is? And what does the same kernel do with "
        "2 instead of 1, or with a bias of 50?"
    ),
    answer=(
        "A one in the middle and zeros around it. A 2 doubles every number, so that bright parts "
        "become white; a bias of 50 adds the same to all of them, bright or dark."
    ),
    draw=show,
)
