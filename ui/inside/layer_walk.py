"""The way from one layer to any other, and to the ones beside it."""

from collections.abc import Callable, Sequence

import streamlit as st

from ui import state
from ui.inside.place import Place, go_to_place


def walk_layers(
    names: Sequence[str], current: str, words: Callable[[str], str], key: str, width: int = 340
) -> None:
    """A list of all layers, and a step earlier or deeper; the address then says which.

    Args:
        names: First to last; `current` is among them.
        words: What the list says of a layer.
        key: The list is the widget `{key}-layer`, the steps `{key}-earlier`, `{key}-deeper`.
        width: Of the list, in pixels.
    """
    at, listed = names.index(current), f"{key}-layer"
    state.set_widget(listed, current)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}-walk"):
        st.selectbox(
            "Layer",
            names,
            key=listed,
            format_func=words,
            on_change=lambda: go_to_place(Place(str(state.widget(listed)))),
            width=width,
        )
        for label, icon, step in (
            ("Earlier", ":material/arrow_back:", -1),
            ("Deeper", ":material/arrow_forward:", 1),
        ):
            at_end = not 0 <= at + step < len(names)
            st.button(
                label,
                icon=icon,
                icon_position="left" if step < 0 else "right",
                key=f"{key}-{label.lower()}",
                disabled=at_end,
                on_click=go_to_place,
                args=(Place(None if at_end else names[at + step]),),
            )
