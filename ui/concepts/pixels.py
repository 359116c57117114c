"""A picture as numbers: a frame on it and the numbers inside."""

import numpy as np
import streamlit as st

from ui import messages
from ui.concepts import drawings as draw
from ui.concepts.lab import Lab
from ui.concepts.maps import grey

PATCH = 7
CHANNELS = ("Grey", "Red", "Green", "Blue")


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """A frame on the picture and the numbers inside it."""
    left, right = st.columns([5, 7], gap="large")
    height, width = picture.shape[:2]
    with right:
        channel = st.segmented_control(
            "Which numbers", CHANNELS, default="Grey", required=True, key="concept-channel"
        )
        column = st.slider("From the left", 0, width - PATCH, width // 2, key="concept-column")
        row = st.slider("From the top", 0, height - PATCH, height // 2 - 6, key="concept-row")
        number = CHANNELS.index(channel or "Grey") - 1
        plane = grey(picture) if number < 0 else picture[..., number]
        patch = plane[row : row + PATCH, column : column + PATCH]
        st.html(draw.row(draw.number_grid(patch, "0 is black, 255 is as bright as it gets")))
    with left:
        caption = f"{width} × {height} pixels × 3 colours = {picture[..., :3].size:,} numbers"
        st.html(draw.row(draw.picture(picture, caption, (row, column, PATCH)), css=""))


LAB = Lab(
    anchor="pixels",
    title="A picture as numbers",
    hint="what the computer gets to see",
    words=(
        "A picture is a table. Every pixel is three numbers: how much red, green and blue. "
        "Nothing else reaches the computer."
    ),
    question=("Find the brightest pixel of the picture. What are its three numbers?"),
    answer=(
        "Where all three numbers are near 255 the pixel is white; where all are near 0 it is black."
    ),
    draw=show,
)
