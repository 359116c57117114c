"""One layer: what it does, its numbers, all its maps; and the one that was chosen among them."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ui import charts, messages
from ui.inside import downloads
from ui.inside.all_maps import TALL, all_maps, all_units, is_flat, unit_names
from ui.inside.drawing_controls import Look, choose_look
from ui.inside.inside import Inside
from ui.inside.layer_walk import walk_layers
from ui.inside.layer_words import figure, made_of, purpose, share, short_name, unit_noun
from ui.inside.map_level import map_details, map_panel
from ui.inside.network_level import unreal_words
from ui.inside.place import Place

FEW_UNITS = 24  # as bars they have their height; an atlas has its own whatever it shows


def layer_level(inside: Inside, layers: Sequence[dict[str, Any]], place: Place) -> None:
    """The layer at `place`, and the map of it that is chosen there.

    Args:
        layers: As `core.inspection.looking.layers_of` tells them; `place` is among them.
    """
    layer = next(one for one in layers if one["name"] == place.layer)
    _walk(layers, layer)
    _heading(layers, layer)
    flat = is_flat(layer)
    look = Look() if flat else choose_look()
    all_of_it, beside = st.columns(2, gap="large")
    names = unit_names(inside, layers, layer)
    reserved = not flat or layer["units"] > FEW_UNITS
    with (
        all_of_it,
        st.container(height=TALL if reserved else "content", border=False, key="inside-maps"),
    ):
        if flat:
            all_units(inside, layer, place.map, names)
        else:
            all_maps(inside, layer, place.map, look)
    with beside:
        if place.map is None:
            _numbers(inside, layer, look)
        else:
            map_panel(inside, layer, place.map, names[place.map], look)
    if place.map is not None:
        map_details(inside, layer, place.map, names[place.map])


def _walk(layers: Sequence[dict[str, Any]], layer: dict[str, Any]) -> None:
    """The way to any layer, and to the next ones."""
    names = [one["name"] for one in layers]

    def words(name: str) -> str:
        return f"{names.index(name) + 1}. {short_name(name)}"

    walk_layers(names, layer["name"], words, key="inside")


def _heading(layers: Sequence[dict[str, Any]], layer: dict[str, Any]) -> None:
    name = messages.literal(short_name(layer["name"]))
    at = next(number for number, one in enumerate(layers) if one["name"] == layer["name"])
    st.markdown(
        f"### {name}\n{made_of(layer)}. {purpose(layer['kind'])}  \n"
        f":gray[{messages.literal(layer['kind'])}, layer {at + 1} of {len(layers)}"
        f"{_inside(layer)}, {_fed_by(layer)}]"
    )


def _inside(layer: dict[str, Any]) -> str:
    nested = messages.literal(layer["name"].rpartition("/")[0])
    return f" (in {nested})" if nested else ""


def _fed_by(layer: dict[str, Any]) -> str:
    sources = [messages.literal(short_name(name)) or "the photo" for name in layer["sources"]]
    if not sources:
        return "fed by a sum between layers"
    return f"fed by {' and '.join(sources)}"


def _numbers(inside: Inside, layer: dict[str, Any], look: Look) -> None:
    if layer["unreal"]:
        st.warning(unreal_words(layer), icon=":material/warning:")
    noun = unit_noun(layer)
    st.html(
        charts.figures_html(
            {
                "weights": f"{layer['parameters']:,}" if layer["parameters"] else "none",
                f"dead {noun}s": share(layer["dead"]) if layer["dead"] else "none",
                "exactly zero": share(layer["zeros"]),
                "lowest": figure(layer["low"]),
                "mean": f"{figure(layer['mean'])} ± {figure(layer['spread'])}",
                "highest": figure(layer["high"]),
            }
        )
    )
    st.vega_lite_chart(
        charts.histogram_chart(layer["counts"], layer["low"], layer["high"], layer["zeros"]),
        key="inside-histogram",
        alt=f"How often each value comes out of {layer['name']}, from {figure(layer['low'])} to "
        f"{figure(layer['high'])}",
    )
    what = "its number" if is_flat(layer) else "it large"
    st.caption(
        f"Click a {noun} to see {what}, the weights that make it, the photos that it answers "
        "to most and what drives it." + ("" if is_flat(layer) else f" {look.legend}")
    )
    with st.container(horizontal=True):
        if not is_flat(layer):
            downloads.atlas_button(inside, layer["name"], look)
        downloads.numbers_button(inside, layer["name"])
