"""Several channels, several filters: a kernel per colour, their maps summed to one per filter."""

import numpy as np
import streamlit as st

from core.concepts.channels import FILTERS
from core.concepts.pictures import at_side
from ui import messages
from ui.components.lab_part import lab_part, packed
from ui.concepts.lab import Lab

SIDE = 48


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The three colours, a kernel for each, their maps and the sum; and several filters."""
    filters = [{"title": one.title, "kernels": one.kernels, "bias": one.bias} for one in FILTERS]
    lab_part("channels", {"picture": packed(at_side(picture, SIDE)), "filters": filters})


LAB = Lab(
    anchor="channels",
    title="Several channels",
    hint="a kernel for every colour, a map for every filter",
    words=(
        "A colour photo is three tables, red, green and blue, called *channels*. A *filter* "
        "has one kernel for each of them. Each kernel finds its own map; the three are added "
        "up, place by place, with one more number, the *bias*: that is one feature map. A layer "
        "has many filters, so it gives many maps, and these are the channels of the next layer."
    ),
    question=(
        "Open “Red against green”. Which weights would you change so that it answers to yellow? "
        "And how many numbers does a layer of 32 filters learn that looks at 32 maps?"
    ),
    answer=(
        "Yellow light is red and green together, without blue: +1 in the middle of red and of "
        "green, −2 in the middle of blue. White then sums to zero, as does grey. The layer "
        "learns 3 · 3 · 32 · 32 + 32 = 9,248 numbers: each filter has 32 kernels, one per map."
    ),
    draw=show,
)
