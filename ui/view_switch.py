"""One page, several views: the buttons above them, and which of them the address asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import state


@dataclass(frozen=True)
class View:
    """One way to look at what a page is about, or to work on it.

    Attributes:
        name: What the address calls it: `?view=gallery`.
        title: What its button says.
        icon: Of the button.
        sentence: What it is for, in one sentence.
        draw: Draws it, given what the page is about.
    """

    name: str
    title: str
    icon: str
    sentence: str
    draw: Callable[[Any], None]


def choose_view(views: Sequence[View], key: str) -> View:
    """The buttons for all views; the one in the address is chosen, else the first.

    Args:
        views: In the order of their buttons.
        key: Identity of the buttons on their page.
    """
    by_name = {view.name: view for view in views}
    asked = state.address("view")
    current = asked if asked in by_name else views[0].name
    # The address decides, so that links and the back button work.
    state.set_widget(key, current)
    st.segmented_control(
        "View",
        list(by_name),
        required=True,
        format_func=lambda name: f"{by_name[name].icon} {by_name[name].title}",
        key=key,
        label_visibility="collapsed",
        on_change=_chosen,
        args=(key,),
        wrap=True,
    )
    view = by_name[current]
    st.caption(view.sentence)
    return view


def go_to_view(name: str) -> None:
    """Opens the view `name` of this page; for callbacks."""
    state.set_address("view", name)


def _chosen(key: str) -> None:
    chosen = state.widget(key)
    if chosen:
        go_to_view(str(chosen))
