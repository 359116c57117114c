"""The views of Look inside."""

import streamlit as st

from ui import messages
from ui.inside.compare import show_compare
from ui.inside.embeddings import show_embeddings
from ui.inside.inside import Inside
from ui.inside.why import show_why
from ui.map_viewer import map_viewer
from ui.view_switch import View, choose_view


def show_maps(inside: Inside) -> None:
    """Every feature map of a layer, and one of them beside the photo."""
    map_viewer(inside.run, inside.photo, inside.image_size)


VIEWS = (
    View(
        "maps",
        "Layer by layer",
        ":material/grid_on:",
        "What every layer makes of the photo, map by map.",
        show_maps,
    ),
    View(
        "why",
        "Why this answer?",
        ":material/center_focus_strong:",
        "Which parts of the photo speak for a class or against it, by several methods.",
        show_why,
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
