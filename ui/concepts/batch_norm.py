"""Batch normalisation: a batch of real values on three lines, and the moving averages."""

import numpy as np
import streamlit as st

from core.concepts.batch_norm import EPSILON, BatchNorm
from core.concepts.convolution import PRESETS, convolve
from core.concepts.pictures import in_grey
from core.images import PictureSpec
from ui import messages, previews, state
from ui.components.learning_labs import learning_lab, picture_source
from ui.concepts.lab import Lab

PICTURE = PictureSpec(image_size=(64, 64), fit="crop")
SIZE, BATCHES = 8, 6
MOMENTUM = 0.8  # far below Keras' 0.99, so that a few clicks show where it goes


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """How strongly one map answers to each photo of a batch, normalised before one's eyes."""
    photos = batches()
    values = [[strongest(photo) for photo in batch] for batch in photos]
    learning_lab(
        "batch_normalization",
        {
            "batches": values,
            "pictures": [[picture_source(photo) for photo in batch] for batch in photos],
            "epsilon": EPSILON,
            "momentum": MOMENTUM,
            "most": float(np.ceil(np.max(values) * 1.1)),
        },
    )
    st.caption(
        "One number per photo: the strongest answer of the kernel “vertical edges” anywhere in it, "
        "pixels from 0 to 1. A real layer does the same for every map, with the values at all its "
        "places."
    )


def batches() -> list[list[np.ndarray]]:
    """Training photos of the current data set, else drawn insects: uint8 (64, 64, 3) each."""
    name = state.current_dataset_name()
    if name is not None:
        found = [previews.dataset_pictures(name, PICTURE, SIZE, place) for place in range(BATCHES)]
        if all(len(batch) == SIZE for batch in found):
            return found
    return [previews.drawn_pictures(PICTURE, SIZE, place) for place in range(BATCHES)]


def strongest(photo: np.ndarray) -> float:
    """The largest value of the map of vertical edges, for pixels from 0 to 1."""
    found = convolve(in_grey(photo), np.array(PRESETS["vertical-edges"].weights, float))
    return float(found.max() / 255)


def _answer() -> str:
    layer = BatchNorm(momentum=MOMENTUM)
    alone, _ = layer.train(np.array([2.0]))
    pair, _ = layer.train(np.array([2.0, 1.0]))
    return (
        f"The value is its own mean, so {alone[0]:.0f} comes out before γ and β, whatever the "
        "photo shows: there is nothing to learn from. With two it is always about plus and minus "
        f"{abs(pair[0]):.2f}. That is why small batches and this layer do not go together. In "
        "prediction one photo is enough, since the moving averages stand in for the batch."
    )


LAB = Lab(
    anchor="batch-normalization",
    title="Batch normalisation",
    hint="one common scale between layers",
    words=(
        "While a network learns, the numbers between its layers grow, shrink and shift, and every "
        "layer has to follow. **Batch normalisation** takes the values of one map over a whole "
        "batch of photos, subtracts their mean and divides by their deviation; then it scales by γ "
        "and shifts by β, two weights that are learnt, so that nothing is lost. The next layer "
        "always gets numbers of about the same size."
    ),
    question="What comes out of a batch of one photo, and why does prediction manage with one?",
    answer=_answer(),
    draw=show,
)
