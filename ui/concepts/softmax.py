"""Softmax and sigmoid: scores that are dragged become shares."""

import numpy as np
import streamlit as st

from core.concepts.answers import tempered_softmax
from ui import messages
from ui.components.learning_labs import learning_lab
from ui.concepts.lab import Lab
from ui.palette import class_color

CLASSES = ("dragonfly", "damselfly", "pond skater", "frog")
SCORES = (2.4, 1.1, 0.3, -1.0)


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """Scores to drag, and the shares that softmax or sigmoid make of them."""
    learning_lab(
        "softmax",
        {
            "names": list(CLASSES),
            "colors": [class_color(place) for place in range(len(CLASSES))],
            "scores": list(SCORES),
            "temperature": 1.0,
        },
    )


def _answer() -> str:
    first = tempered_softmax(np.array(SCORES))
    warm = tempered_softmax(np.array(SCORES), 5.0)
    return (
        "Differences shrink until every class has nearly the same share, and no order changes: at"
        f" the start dragonfly has {first[0]:.1%} of it, at 5 only {warm[0]:.1%}. Below 1 it is the"
        " other way round and the highest takes nearly everything. Adding the same number to all"
        " scores changes nothing at all."
    )


LAB = Lab(
    anchor="softmax",
    title="Softmax and sigmoid",
    hint="from scores to shares",
    words=(
        "A network's last layer gives every class a *score*, any number at all. **Softmax** makes"
        " shares of them: it raises *e* to every score, so that all become positive and each step"
        " of 1 counts 2.7-fold, and divides by their sum. That fits where exactly one class is"
        " right. Where a photo may show several things at once, each class gets a **sigmoid** of"
        " its own instead: yes or no, whatever the others say."
    ),
    question="What does a high temperature do to the shares, and what to their order?",
    answer=_answer(),
    draw=show,
)
