"""Flatten and dense: maps written into one row, and the weighted sum of one unit."""

import numpy as np
import streamlit as st

from core.concepts.convolution import PRESETS
from core.concepts.flattening import made_up_weights, small_maps
from core.concepts.pictures import at_side, in_grey
from ui import messages
from ui.components.lab_part import lab_part
from ui.concepts.lab import Lab

SIDE, SIDES, BIASES, SEED = 64, (2, 3, 4), (0.1, -0.2, 0.3), 4
MAPS = {
    "Upright edges, dark to bright": PRESETS["vertical-edges"].weights,
    "Level edges, dark to bright": PRESETS["horizontal-edges"].weights,
    "Outlines": PRESETS["outline"].weights,
    "Brightness": PRESETS["blur"].weights,
}


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The maps, the row, and what each number of it adds to a unit's sum."""
    plane = in_grey(at_side(picture, SIDE))
    kernels = np.stack([np.array(one, float) for one in MAPS.values()], axis=-1)
    largest = max(SIDES) ** 2 * len(MAPS)
    lab_part(
        "dense",
        {
            "maps": {side: small_maps(plane, kernels, side).tolist() for side in SIDES},
            "names": list(MAPS),
            "weights": made_up_weights(largest, len(BIASES), SEED).tolist(),
            "biases": BIASES,
        },
    )


LAB = Lab(
    anchor="dense",
    title="Flatten and dense",
    hint="from maps to one row, from the row to a score",
    words=(
        "At the end of a network the maps are written into one long row: *flatten*. A *dense* "
        "layer then weighs it: each of its units multiplies every number of the row by a weight "
        "of its own and adds everything up. That makes many weights. The average of each map "
        "(*global average pooling*) is the frugal way: it forgets where something was found, "
        "and keeps how much of it there was. The weights here are drawn by lot, as before a "
        "training."
    ),
    question=(
        "Play the flattening. Which number follows the first one of “Upright edges”? And how "
        "many weights are saved by averaging 7 × 7 maps?"
    ),
    answer=(
        "The first one of the second map, not the second of the first: Keras goes place by "
        "place and takes all maps at each. Averaging 7 × 7 maps leaves about a 49th of the "
        "weights, since each map gives one number instead of 49."
    ),
    draw=show,
)
