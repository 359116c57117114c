"""A picture as numbers: a frame on it, the numbers inside, and what is left at another size."""

from typing import Any

import numpy as np
import streamlit as st

from core.concepts.pictures import shrunk
from ui import messages
from ui.components.lab_part import lab_part, packed
from ui.concepts.lab import Lab

SIDES = (8, 16, 24, 32, 48, 64, 96, 128, 160, 192, 224)


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The picture at every size, its numbers to look at and to change."""
    whole = min(picture.shape[:2])
    sides = [side for side in SIDES if side < whole] + [whole]
    lab_part("pixels", {"sides": {side: _at(picture, side) for side in sides}})


def _at(picture: np.ndarray, side: int) -> dict[str, Any]:
    smaller = shrunk(picture, side)
    return {"picture": packed(smaller.picture), "off": smaller.off}


LAB = Lab(
    anchor="pixels",
    title="A picture as numbers",
    hint="what the computer gets to see",
    words=(
        "To a computer a picture is a table. Every pixel is three numbers from 0 to 255: how "
        "much red, green and blue light it gives. Nothing else reaches the network, no wing and "
        "no eye. Move over the picture and read what is under the frame; change a number, and "
        "the picture changes with it. Before a network looks, every photo is brought to one "
        "size: the slider shows what is left of it."
    ),
    question=(
        "Find a pixel that looks green. Is its red number zero? Then: at how many pixels along "
        "each side do you no longer recognise what the picture shows?"
    ),
    answer=(
        "Hardly ever: colours in photos are mixtures, and green only means that the middle "
        "number is the largest. Most people still recognise a familiar thing at 32 × 32, with "
        "1,024 pixels; at 8 × 8 little more than the colours is left. A network has the same "
        "trouble: where small details tell the classes apart, it needs larger pictures."
    ),
    draw=show,
)
