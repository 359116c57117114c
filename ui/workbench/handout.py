"""A network to take away: its drawing and its program, each with the button that downloads it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import network_plan
from ui.components.drawing import drawing
from ui.view_switch import View


def program_view(draw: Callable[[Any], None]) -> View:
    """The view of a network's Keras code, which `draw` shows."""
    return View(
        "code",
        "Code",
        ":material/code:",
        "The same network in Keras, to be copied and run without Loupe.",
        draw,
    )


def show_drawing(svg: str, key: str) -> None:
    """The drawing, and the button for it as a file that prints."""
    drawing(svg, key=f"{key}-plan")
    st.download_button(
        "Download drawing",
        network_plan.on_paper(svg),
        "network.svg",
        "image/svg+xml",
        icon=":material/download:",
        key=f"{key}-svg-out",
        on_click="ignore",
        help="An SVG that prints in any size.",
    )


def show_program(code: str, key: str) -> None:
    """The Keras code, and the button for it as a file."""
    st.code(code, language="python")
    st.download_button(
        "Download code",
        code,
        "network.py",
        "text/x-python",
        icon=":material/download:",
        key=f"{key}-code-out",
        on_click="ignore",
    )
