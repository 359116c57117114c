"""Where a change spoils the label: a 6 that is turned far enough is a 9."""

import streamlit as st

from core.concepts.turned_six import turned
from ui import previews, state
from ui.charts.lines import line_chart
from ui.galleries import Tile, picture_wall
from ui.palette import CLASS_COLORS, QUIET
from ui.settings.asking import Asking

TAKEN = {"6": CLASS_COLORS[0], "9": CLASS_COLORS[1], "something else": QUIET}


def show_turned_six() -> None:
    """A 6 to turn beside a 9, and what all sixes are taken for."""
    figures = previews.sample_pictures("digits")
    left, right = st.columns([5, 7], gap="large")
    with left:
        angle = st.slider("Turn the 6 by", 0, 180, 40, 5, format="%d°", key="concept-six")
        tiles = [
            Tile(turned(figures[6], angle), f"a 6, turned by {angle}°", original=True),
            Tile(figures[9], "a 9, as it was written"),
        ]
        st.html(picture_wall(tiles, 2, "loupe-lab-six"))
    with right:
        st.markdown(
            "A mirrored dragonfly is a dragonfly, in any light. But a **6** that is turned far "
            "enough *is* a **9**, and a network that is told “6” all the same learns to be wrong. "
            "Whether a change leaves the label as it is depends on what you photograph; only you "
            "know that."
        )
        _counted(angle)


def _counted(angle: int) -> None:
    if not state.get("concept-count-sixes"):
        st.button(
            "Count it on all handwritten sixes",
            icon=":material/calculate:",
            on_click=state.put,
            args=("concept-count-sixes", True),
            key="concept-count",
        )
        return
    asking = Asking("turned-six")
    rows = asking.ask_or_say("core.concepts.turned_six:taken_for")
    asking.watch()
    if rows is None:
        return
    lines = {
        name: [(row["angle"], row[part]) for row in rows]
        for name, part in zip(TAKEN, ("six", "nine", "other"), strict=True)
    }
    chart = line_chart(
        lines, TAKEN, "turned by, in degrees", ticks=list(range(0, 181, 30)), used=float(angle)
    )
    st.vega_lite_chart(chart, key="concept-sixes", alt="What turned sixes are taken for")
    st.caption("What 181 sixes are taken for, each by the five other digits that are most like it.")
