"""The labs of How it works, one at a time: the list of all of them, and the chosen one."""

from collections.abc import Sequence
from typing import Any, Literal

import streamlit as st

from ui import jargon, messages, state
from ui.components.lab_rail import lab_rail
from ui.concepts.course import Part, in_order, minutes_of, parts_of, shows_picture
from ui.concepts.lab import Lab
from ui.concepts.labs import LABS
from ui.concepts.subject import choose_subject, subject

RAIL = "concept-rail"
TRIED = "concept-tried"


def show_labs(_: None) -> None:
    """The lab that the address asks for, else the first."""
    labs = in_order(LABS)
    by_anchor = {lab.anchor: lab for lab in labs}
    asked = state.address("lab")
    current = asked if asked in by_anchor else labs[0].anchor
    tried = {*state.get(TRIED, ()), current}
    state.put(TRIED, tried)
    lab_rail(_listed(parts_of(labs), tried), key=RAIL, current=current, on_chosen=_chosen)
    with messages.guard():
        _show(by_anchor[current])
    _neighbours(labs, list(by_anchor).index(current))


def _listed(parts: Sequence[Part], tried: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "title": part.title,
            "labs": [
                {
                    "anchor": lab.anchor,
                    "title": lab.title,
                    "hint": lab.hint,
                    "minutes": minutes_of(lab),
                    "tried": lab.anchor in tried,
                }
                for lab in part.labs
            ],
        }
        for part in parts
    ]


def _show(lab: Lab) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="concept-head"):
        st.header(lab.title, anchor=lab.anchor, width="stretch")
        picture = choose_subject() if shows_picture(lab) else subject()
    st.markdown(lab.words)
    jargon.words_here(jargon.words_of_lab(lab.anchor), key="lab", label="Words of this lab")
    lab.draw(picture)
    with st.container(border=True, key="concept-question"):
        st.markdown(f"**Try it.** {lab.question}")
        with st.expander("What one finds"):
            st.markdown(lab.answer)


def _neighbours(labs: Sequence[Lab], place: int) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if place > 0:
            _go_to(labs[place - 1], ":material/arrow_back:", "left")
        if place + 1 < len(labs):
            _go_to(labs[place + 1], ":material/arrow_forward:", "right")


def _go_to(lab: Lab, icon: str, side: Literal["left", "right"]) -> None:
    st.button(lab.title, icon=icon, icon_position=side, on_click=go_to_lab, args=[lab.anchor])


def go_to_lab(anchor: str) -> None:
    """Opens a lab of this page; for callbacks."""
    state.set_address("view", None)
    state.set_address("lab", anchor)


def _chosen() -> None:
    chosen = state.event(RAIL, "chosen")
    if chosen:
        go_to_lab(str(chosen))
