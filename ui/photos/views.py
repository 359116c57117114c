"""The views of the Photos page, and which of them the address asks for."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.datasets.dataset import Dataset
from ui import messages, state
from ui.photos.checks_view import checks
from ui.photos.collecting import collecting
from ui.photos.gallery import gallery
from ui.photos.map_view import map_view
from ui.photos.overview import overview
from ui.photos.splits_view import splits_view
from ui.photos.suspects_view import suspects
from ui.photos.undo_bar import undo_bar

ADD = "add"


@dataclass(frozen=True)
class View:
    """One way to look at a data set, or to work on it.

    Attributes:
        name: What the address calls it: `?view=gallery`.
        title: What its button says.
        icon: Of the button.
        sentence: What it is for, in one sentence.
        draw: Draws it.
    """

    name: str
    title: str
    icon: str
    sentence: str
    draw: Callable[[Dataset], None]


VIEWS = (
    View("overview", "Overview", ":material/dashboard:", "What is in it.", overview),
    View(
        "gallery",
        "Gallery",
        ":material/photo_library:",
        "Every photo: look at it, move it, take it out.",
        gallery,
    ),
    View(
        "checks",
        "Checks",
        ":material/troubleshoot:",
        "What is amiss with the photos, what that does, and what to do about it.",
        checks,
    ),
    View(
        "labels",
        "Labels",
        ":material/person_search:",
        "Photos whose class is in doubt, worst first, for you to decide.",
        suspects,
    ),
    View(
        "split",
        "Split",
        ":material/call_split:",
        "Which photos teach, which check, and which are kept for the test.",
        splits_view,
    ),
    View(
        "map",
        "Map",
        ":material/scatter_plot:",
        "Alike lies close together: see what stands apart, or in the wrong crowd.",
        map_view,
    ),
    View(
        ADD,
        "Add photos",
        ":material/add_photo_alternate:",
        "More photos for this data set, or another data set.",
        collecting,
    ),
)
BY_NAME = {view.name: view for view in VIEWS}


def show_view(dataset: Dataset) -> None:
    """The buttons for all views, and the chosen one."""
    asked = state.address("view")
    current = asked if asked in BY_NAME else VIEWS[0].name
    # The address decides, so that links and the back button work.
    state.set_widget("photos-view", current)
    st.segmented_control(
        "View",
        list(BY_NAME),
        required=True,
        format_func=lambda name: f"{BY_NAME[name].icon} {BY_NAME[name].title}",
        key="photos-view",
        label_visibility="collapsed",
        on_change=_chosen,
        wrap=True,
    )
    view = BY_NAME[current]
    st.caption(view.sentence)
    if view.name != ADD:
        with messages.guard():
            undo_bar(dataset)
    with messages.guard():
        view.draw(dataset)


def go_to_view(name: str) -> None:
    """Opens the view `name` of this page; for callbacks."""
    state.set_address("view", name)


def _chosen() -> None:
    go_to_view(state.widget("photos-view") or VIEWS[0].name)
