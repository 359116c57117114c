"""The labs of How it works, one at a time: the buttons for all of them, and the chosen one."""

from typing import Literal

import numpy as np
import streamlit as st

from core.images import PictureSpec
from ui import messages, previews, state
from ui.concepts.lab import Lab
from ui.concepts.labs import LABS

PICTURE = PictureSpec(image_size=(64, 64), fit="crop")


def subject() -> np.ndarray:
    """A training photo of the current data set, else a drawn dragonfly, uint8 (64, 64, 3)."""
    dataset_name = state.current_dataset_name()
    if dataset_name is not None:
        photos = previews.dataset_pictures(dataset_name, PICTURE, 1, 0)
        if photos:
            return photos[0]
    return previews.drawn_pictures(PICTURE, 1, 0)[0]


def show_labs(_: None) -> None:
    """The lab that the address asks for, else the first."""
    by_anchor = {lab.anchor: lab for lab in LABS}
    asked = state.address("lab")
    current = asked if asked in by_anchor else LABS[0].anchor
    # The address decides, so that links and the back button work.
    state.set_widget("concept-lab", current)
    st.pills(
        "Labs",
        list(by_anchor),
        key="concept-lab",
        required=True,
        format_func=lambda anchor: by_anchor[anchor].title,
        label_visibility="collapsed",
        on_change=_chosen,
    )
    with messages.guard():
        _show(by_anchor[current])
    _neighbours(list(by_anchor).index(current))


def _show(lab: Lab) -> None:
    st.header(lab.title, anchor=lab.anchor, divider="gray")
    st.markdown(lab.words)
    lab.draw(subject())
    with st.container(border=True, key="concept-question"):
        st.markdown(f"**Try it.** {lab.question}")
        with st.expander("What one finds"):
            st.markdown(lab.answer)


def _neighbours(place: int) -> None:
    with st.container(horizontal=True):
        if place > 0:
            _go_to(LABS[place - 1], ":material/arrow_back:", "left")
        if place + 1 < len(LABS):
            _go_to(LABS[place + 1], ":material/arrow_forward:", "right")


def _go_to(lab: Lab, icon: str, side: Literal["left", "right"]) -> None:
    st.button(lab.title, icon=icon, icon_position=side, on_click=go_to_lab, args=[lab.anchor])


def go_to_lab(anchor: str) -> None:
    """Opens a lab of this page; for callbacks."""
    state.set_address("lab", anchor)


def _chosen() -> None:
    go_to_lab(str(state.widget("concept-lab")))
