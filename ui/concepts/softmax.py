"""From maps to an answer: evidence, weighed by a dense layer, shared out by softmax."""

import numpy as np
import streamlit as st

from core.concepts.layers import dense, softmax
from ui import messages
from ui.concepts import drawings as draw
from ui.concepts.lab import Lab

CLASSES = ("dragonfly", "damselfly", "pond skater")
EVIDENCE = ("Wings spread flat", "Wings folded back", "Long thin legs")
EVIDENCE_WEIGHTS = np.array([[4.0, -2.0, -2.0], [-3.0, 4.0, -1.0], [-2.0, 0.5, 4.0]])
EVIDENCE_BIAS = np.array([0.0, 0.0, -0.5])


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """Evidence, weighed by a dense layer, shared out by softmax."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("How strongly three feature maps answer:")
        values = np.array(
            [
                st.slider(name, 0.0, 1.0, start, 0.05, key=f"concept-evidence-{place}")
                for place, (name, start) in enumerate(zip(EVIDENCE, (0.8, 0.1, 0.2), strict=True))
            ]
        )
    scores = dense(values, EVIDENCE_WEIGHTS, EVIDENCE_BIAS)
    shares = softmax(scores)
    with right:
        st.html(draw.probability_bars(CLASSES, [float(share) for share in shares]))
        st.html(draw.row(f"<div class='sums'>{'<br>'.join(sums(values, scores))}</div>"))
        total = " + ".join(f"{np.exp(score):.2f}" for score in scores)
        st.caption(
            f"Softmax raises e to each score ({total} = {np.exp(scores).sum():.2f}) and gives "
            "each class its share of the sum."
        )


def sums(values: np.ndarray, scores: np.ndarray) -> list[str]:
    """The weighted sum of every class, written out."""
    lines = []
    for place, (name, score) in enumerate(zip(CLASSES, scores, strict=True)):
        products = " + ".join(
            f"{value:.2f}·({draw.number(weight)})"
            for value, weight in zip(values, EVIDENCE_WEIGHTS[:, place], strict=True)
        )
        bias = f" + ({draw.number(EVIDENCE_BIAS[place])})" if EVIDENCE_BIAS[place] else ""
        lines.append(f"{name}: {products}{bias} = <b>{draw.number(round(score, 2))}</b>")
    return lines


LAB = Lab(
    anchor="softmax",
    title="From maps to an answer",
    hint="flatten, weigh, share out",
    words=(
        "In the end the maps are flattened into one row of numbers. A *dense* layer weighs "
        "them, with weights of its own for every class, and *softmax* turns the scores into "
        "shares that sum to 100 %."
    ),
    question=(
        "Make the model as unsure as it can be between two classes. What do their scores have"
        " in common?"
    ),
    answer=("They are equal: softmax gives equal scores equal shares."),
    draw=show,
)
