"""The views of Look inside."""

import streamlit as st

from ui import messages
from ui.inside.inside import Inside
from ui.inside.ladder import LAYERS, show_ladder
from ui.inside.pixel import show_pixel
from ui.inside.whole import show_whole
from ui.inside.why import show_why
from ui.map_viewer import map_viewer
from ui.view_switch import View, choose_view


def show_maps(inside: Inside) -> None:
    """Every feature map of a layer, and one of them beside the photo."""
    map_viewer(inside.run, inside.photo, inside.image_size)
    layers = {layer["name"]: layer for layer in inside.ask(LAYERS)}
    first = next((name for name in layers if "conv" in name.lower()), next(iter(layers)))
    place = show_ladder(inside, list(layers))
    layer = layers[place.layer or first]
    index = place.map or 0
    show_pixel(inside, layer, index)


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
        "whole",
        "The whole network",
        ":material/account_tree:",
        "From the photo to the answer: every layer at once, and what feeds what.",
        show_whole,
    ),
)


@st.fragment
@messages.guarded
def show_view(inside: Inside) -> None:
    """The buttons for all views, and the chosen one."""
    view = choose_view(VIEWS, key="inside-view")
    with messages.guard():
        view.draw(inside)
