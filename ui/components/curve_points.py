"""A curve among points that can be dragged, by mouse, finger or arrow keys."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

HERE = Path(__file__).parent


def curve_points(
    train: np.ndarray,
    fresh: np.ndarray,
    curve: np.ndarray,
    *,
    key: str,
    words: str,
    on_moved: Callable[[], None],
) -> None:
    """Shows points and curve; a point that was dragged arrives as `moved`, while it is dragged.

    Args:
        train: `(n, 2)` points of 0..1 × −1.9..1.9 that can be dragged.
        fresh: `(m, 2)` points that stay.
        curve: `(k, 2)` the course of the curve.
        key: Identity on its page; the callback finds `{"index", "x", "y"}` as `moved` there.
        words: What is to be seen, for people who hear it.
    """
    _component(
        key=key,
        data={
            "train": np.round(train, 4).tolist(),
            "fresh": np.round(fresh, 4).tolist(),
            "curve": np.round(np.clip(curve, -9, 9), 4).tolist(),
            "words": words,
        },
        on_moved_change=on_moved,
    )


_component = st.components.v2.component(
    "loupe_curve_points",
    html='<svg viewBox="0 0 400 230" role="group"><path class="ground" d="M5 115H395"/>'
    '<g class="fresh"></g><polyline class="curve"/><g class="train"></g></svg>',
    css=(HERE / "curve_points.css").read_text(encoding="utf-8"),
    js=(HERE / "curve_points.js").read_text(encoding="utf-8"),
)
