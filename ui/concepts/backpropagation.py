"""Backpropagation: five weights, forward and back by the chain rule, all numbers on screen."""

from dataclasses import asdict

import numpy as np
import streamlit as st

from core.concepts.five_weights import FiveWeights, steps_to_fit
from ui import messages
from ui.components.learning_labs import learning_lab
from ui.concepts.lab import Lab

NETWORK = FiveWeights(w1=0.6, w2=-0.4, v1=0.8, v2=0.5, b=0.1)
X, TARGET, RATE = 1.5, 2.0, 0.1


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The network of five weights, to step through and to play."""
    start = asdict(NETWORK) | {"x": X, "target": TARGET}
    learning_lab("backpropagation", {"start": start, "rate": RATE})


def _answer() -> str:
    slopes = NETWORK.slopes(X, TARGET)
    return (
        f"b: its slope is {slopes['b']:.3f}, that of w2 only {slopes['w2']:.3f}. The way from the "
        "loss to b is short; on the way to w2 the slope is multiplied by v2 and by the sigmoid's "
        "slope, which is never above 0.25. In a deep network many such factors follow each other "
        "and the first layers hardly learn: the *vanishing gradient*. ReLU has the slope 1 "
        "instead, or 0. With the first settings it takes "
        f"{steps_to_fit(NETWORK, X, TARGET, RATE)} updates until it fits."
    )


LAB = Lab(
    anchor="backpropagation",
    title="Backpropagation",
    hint="who is to blame, and by how much",
    words=(
        "A network computes forward: from the input to the answer, and to the loss. To learn, it "
        "has to know the loss's slope along *every* weight. **Backpropagation** walks the same way "
        "back: at each place it multiplies what comes from behind by the slope of that one step. "
        "That is the *chain rule*, and one walk back serves all weights, here five, elsewhere "
        "millions."
    ),
    question="Which weight has the steepest slope at the start, and why is that of w2 so small?",
    answer=_answer(),
    draw=show,
)
