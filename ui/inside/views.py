"""The views of Look inside."""

import streamlit as st

from ui import messages
from ui.inside.compare import show_compare
from ui.inside.embeddings import show_embeddings
from ui.inside.inside import Inside
from ui.inside.layers import show_layers
from ui.inside.whole import show_whole
from ui.inside.why import show_why
from ui.view_switch import View, choose_view

VIEWS = (
    View(
        "maps",
        "Layer by layer",
        ":material/grid_on:",
        "What every layer makes of the photo: open a layer, then one of its maps.",
        show_layers,
    ),
    View(
        "why",
        "Why this answer?",
        ":material/center_focus_strong:",
        "Which parts of the photo speak for a class or against it, by several methods.",
        show_why,
    ),
    View(
        "whole",
        "The whole network",
        ":material/account_tree:",
        "From the photo to the answer: every layer at once, and what feeds what.",
        show_whole,
    ),
    View(
        "compare",
        "Compare",
        ":material/compare:",
        "Two photos, a varied copy, two epochs or two trainings, side by side under one cursor.",
        show_compare,
    ),
    View(
        "embeddings",
        "Embeddings",
        ":material/scatter_plot:",
        "All photos on a plane: what the network takes for alike lies close together.",
        show_embeddings,
    ),
)


@st.fragment
@messages.guarded
def show_view(inside: Inside) -> None:
    """The buttons for all views, and the chosen one."""
    view = choose_view(VIEWS, key="inside-view")
    with messages.guard():
        view.draw(inside)
