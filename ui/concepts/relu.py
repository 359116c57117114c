"""ReLU and other bends: one number through the curve, a whole map, and two layers in a row."""

import numpy as np
import streamlit as st

from core.concepts.activations import ACTIVATIONS
from core.concepts.convolution import PRESETS
from core.concepts.pictures import at_side, in_grey
from ui import messages
from ui.components.lab_part import lab_part, packed
from ui.concepts.lab import Lab

SIDE = 64


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The curves, the map before and after, and why it matters."""
    kinds = {key: {"title": one.title, "effect": one.effect} for key, one in ACTIVATIONS.items()}
    lab_part(
        "activations",
        {
            "picture": packed(in_grey(at_side(picture, SIDE))),
            "kernel": PRESETS["vertical-edges"].weights,
            "kinds": kinds,
        },
    )


LAB = Lab(
    anchor="relu",
    title="ReLU",
    hint="keep what was found, forget the rest",
    words=(
        "After a convolution every number goes through a curve with a bend, the *activation*. "
        "The usual one, *ReLU*, sets everything below zero to zero and leaves the rest. It looks "
        "like nothing, but without a bend a hundred layers could do no more than a single one. "
        "Drag the dot, or point at the map."
    ),
    question=(
        "Below, set the bends aside: can you find two weights and two biases whose two layers "
        "differ from the one layer alone? And when does ReLU change nothing at all?"
    ),
    answer=(
        "You cannot: multiplying by one weight and then by another is multiplying by their "
        "product, whatever they are. ReLU changes nothing where the first layer gives only "
        "numbers above zero; set the first bias to 3 and the first weight to 1 or less, and the "
        "green line is straight again."
    ),
    draw=show,
)
