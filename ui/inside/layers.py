"""Layer by layer: from the whole network to one layer, to one map of it; the address says where."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ui import messages
from ui.inside.inside import Inside
from ui.inside.layer_level import layer_level
from ui.inside.layer_words import unit_noun
from ui.inside.network_level import network_level
from ui.inside.place import Place, asked_place

LAYERS = "core.inspection.looking:layers_of"


def show_layers(inside: Inside) -> None:
    """The level that the address asks for; what it asks for in vain is said."""
    layers = inside.ask(LAYERS)
    place = found_place(layers, asked_place())
    if place.layer is None:
        network_level(inside, layers)
    else:
        layer_level(inside, layers, place)


def found_place(layers: Sequence[dict[str, Any]], asked: Place) -> Place:
    """As much of `asked` as there is; a sentence about the rest."""
    if asked.layer is None:
        return Place()
    layer = next((one for one in layers if one["name"] == asked.layer), None)
    if layer is None:
        name = messages.literal(asked.layer)
        st.info(f"This network has no layer called {name}. Choose one of these.")
        return Place()
    if asked.map is not None and asked.map >= layer["units"]:
        noun = unit_noun(layer)
        st.info(
            f"This layer has no {noun} {asked.map + 1:,}: the last one is {layer['units']:,}. "
            "Choose one of these."
        )
        return Place(asked.layer)
    return asked
