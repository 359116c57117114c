"""The whole network: from the photo to the answer at once, or reacting while one draws."""

import base64
from typing import Any

import streamlit as st

from ui import state
from ui.components.network_flow import network_flow
from ui.inside.inside import Inside
from ui.inside.place import Place, go_to_place
from ui.inside.whole_live import show_live
from ui.inside.whole_words import column_title, layers_words, shape_words
from ui.palette import class_color
from ui.view_switch import go_to_view

OVERVIEW = "core.inspection.overview:overview"
KEY = "whole-flow"
PARTS = {"photo": "Your photo, layer by layer", "draw": "Draw, and watch it think"}
BLOCKS, EVERY = "blocks", "every"


def show_whole(inside: Inside) -> None:
    """Both ways to see it; the address says which: `?part=draw`."""
    asked = state.address("part")
    current = asked if asked in PARTS else "photo"
    state.set_widget("whole-part", current)
    st.segmented_control(
        "What the network looks at",
        list(PARTS),
        required=True,
        format_func=lambda part: PARTS[part],
        key="whole-part",
        label_visibility="collapsed",
        on_change=_part_chosen,
        wrap=True,
    )
    (show_live if current == "draw" else show_flow)(inside)


def show_flow(inside: Inside) -> None:
    """The photo's way through all layers, in columns."""
    opened = tuple(sorted(set(state.address_list("open"))))
    every = state.address("detail") == EVERY
    with st.spinner("Following the photo through the whole network", show_time=True):
        found = inside.ask(OVERVIEW, opened, every)
    columns = [_column(column) for column in found["columns"]]
    foldable = every or any(len(column["kinds"]) > 1 for column in columns)
    network_flow(
        key=KEY,
        network=f"{inside.run.name}-{every}",
        columns=columns,
        edges=found["edges"],
        sprite=_png(found["png"]),
        photo=_png(found["photo"]),
        photo_size=" × ".join(map(str, found["picture"])),
        answers=[
            {"name": name, "color": class_color(index), "probability": probability}
            for index, (name, probability) in enumerate(
                zip(inside.class_names, found["probabilities"], strict=False)
            )
        ],
        detail=(EVERY if every else BLOCKS) if foldable else "",
        on_act=_acted,
    )


def _column(column: dict[str, Any]) -> dict[str, Any]:
    return column | {
        "name": column["layer"].rpartition("/")[2],
        "heading": column_title(column),
        "sub": shape_words(column),
        "holds": layers_words(column),
    }


def _png(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _part_chosen() -> None:
    chosen = state.widget("whole-part")
    state.set_address("part", chosen if chosen == "draw" else None)


def _acted() -> None:
    act = state.event(KEY, "act")
    if not isinstance(act, dict):
        return
    if act.get("do") == "open":
        number = act.get("map")
        go_to_place(Place(str(act.get("layer")), number if isinstance(number, int) else None))
        go_to_view("maps")
    elif act.get("do") == "fold":
        opened, group = state.address_list("open"), str(act.get("group"))
        state.set_address_list("open", sorted({*opened} ^ {group}))
    elif act.get("do") == "detail":
        state.set_address("detail", EVERY if act.get("detail") == EVERY else None)
