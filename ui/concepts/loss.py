"""Loss and the step downhill: one answer, one weight, two weights."""

import numpy as np
import streamlit as st

from core.concepts.descent import (
    FLOWERS,
    SHIFT,
    best_weight,
    descend,
    largest_rate,
    square_loss,
    valley,
)
from ui import messages
from ui.components.learning_labs import learning_lab
from ui.concepts.lab import Lab

STEPS = 20
START = (-0.55, 2.1)


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The loss of one answer; a ball on the curve of one weight; three ways down with two."""
    bottom = valley()
    learning_lab(
        "loss",
        {
            "flowers": [list(flower) for flower in FLOWERS],
            "shift": SHIFT,
            "start": list(START),
            "best": {"weight": best_weight()},
            "valley": bottom._asdict(),
        },
    )


def _answer() -> str:
    left = {
        rule: square_loss(*descend(rule, 0.05, START, STEPS)[-1], SHIFT)
        for rule in ("plain", "momentum", "adam")
    }
    return (
        f"It leaps out above {largest_rate():.4f}: there each step crosses the valley and lands "
        "higher on the other side. Steepness sets that limit, and a network has many directions, "
        "some much steeper than others: what is right for one is slow for the rest. That is what "
        f"momentum and Adam are for. With two weights at η = 0.05, {STEPS} steps from the start "
        f"bring the loss to {left['plain']:.3f} plainly, {left['momentum']:.3f} with momentum and "
        f"{left['adam']:.3f} with Adam, which takes its time here: its steps are all about as long "
        "as η, however steep it is."
    )


LAB = Lab(
    anchor="loss",
    title="Loss and the step downhill",
    hint="how wrong, and which way is better",
    words=(
        "The **loss** is one number for how wrong a model is. Change a weight a little and the "
        "loss changes a little: that ratio is the *slope*, or gradient. Learning is nothing but "
        "this: look at the slope, take a step against it, look again. The **learning rate** η "
        "says how long a step is."
    ),
    question="With one weight, from which learning rate on does the ball never come to rest?",
    answer=_answer(),
    draw=show,
)
