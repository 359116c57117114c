"""Where one stands, network → layer → map → pixel, each rung a way back up."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui import messages
from ui.inside.inside import Inside
from ui.inside.place import Place, asked_place, go_to_place

LAYERS = "core.inspection.looking:layers_of"


def show_ladder(inside: Inside, names: Sequence[str]) -> Place:
    """The rungs down to the place in the address, as buttons; returns the place that there is.

    What does not exist is said in a sentence, and the nearest rung above it is shown instead.

    Args:
        names: Of the layers that can be stood on.
    """
    asked = asked_place()
    layer = None
    if asked.layer in names:
        layer = next((one for one in inside.ask(LAYERS) if one["name"] == asked.layer), None)
    place, sentence = nearest_place(asked, layer)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="ladder"):
        rungs = _rungs(place, layer)
        for number, (words, rung) in enumerate(rungs):
            if number == len(rungs) - 1:
                st.markdown(f"**{messages.literal(words)}**", width="content")
                continue
            st.button(
                messages.literal(words),
                key=f"ladder-{number}",
                type="tertiary",
                help=f"Back up to {messages.literal(words)}",
                on_click=go_to_place,
                args=(rung,),
            )
            st.markdown(":gray[›]", width="content")
    if sentence:
        st.info(sentence, icon=":material/info:")
    return place


def nearest_place(asked: Place, layer: Mapping[str, Any] | None) -> tuple[Place, str]:
    """The lowest rung of `asked` that exists, and a sentence about what does not ("" if all do).

    Args:
        layer: What `layers_of` tells of the layer that is asked for; None if there is no such.
    """
    if asked.layer is None:
        return Place(), ""
    if layer is None:
        name = messages.literal(asked.layer[:80])
        return Place(), f"This network has no layer called {name}. You see the whole network."
    name, shape = messages.literal(layer["name"]), layer["shape"]
    what = "map" if len(shape) == 3 else "unit"
    if asked.map is None:
        return Place(layer["name"]), ""
    if asked.map >= shape[-1]:
        return Place(layer["name"]), (
            f"{name} has no {what} {asked.map + 1:,}, only 1 to {shape[-1]:,}. "
            "You see the whole layer."
        )
    if asked.at is None:
        return Place(layer["name"], asked.map), ""
    if len(shape) != 3:
        return Place(layer["name"], asked.map), f"The units of {name} have no rows and columns."
    if asked.at[0] >= shape[0] or asked.at[1] >= shape[1]:
        return Place(layer["name"], asked.map), (
            f"The maps of {name} have no pixel {asked.at[0]:,}, {asked.at[1]:,}: their rows are "
            f"0 to {shape[0] - 1:,}, their columns 0 to {shape[1] - 1:,}. You see the whole map."
        )
    return asked, ""


def _rungs(place: Place, layer: Mapping[str, Any] | None) -> list[tuple[str, Place]]:
    rungs = [("Network", Place())]
    if place.layer is not None and layer is not None:
        rungs.append((place.layer.rpartition("/")[2], Place(place.layer)))
        what = "map" if len(layer["shape"]) == 3 else "unit"
        if place.map is not None:
            rungs.append((f"{what} {place.map + 1}", Place(place.layer, place.map)))
        if place.at is not None:
            rungs.append((f"pixel {place.at[0]}, {place.at[1]}", place))
    return rungs
