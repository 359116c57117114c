"""The maps of one layer in two looks, side by side: all of them, and one enlarged."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.inspection.comparing_words import percent
from core.inspection.looks import Look
from ui import cache, state
from ui.components.map_pair import map_pair
from ui.inside.compare_pair import RUN, Pair, model_stamps
from ui.inside.layer_walk import walk_layers
from ui.inside.place import Place, asked_place, go_to_place

SIDE_BY_SIDE = "core.inspection.comparing:side_by_side"
KEY = "compare-maps"
ORDERS = {
    "changed": "Most changed first",
    "alike": "Most alike first",
    "layer": "As in the layer",
}


def show_maps_of_both(pair: Pair, layers: Sequence[dict[str, Any]]) -> None:
    """The layer that the address names, else the one with maps that is least alike."""
    with_maps = [layer for layer in layers if layer["has_maps"]]
    chosen = chosen_layer(layers)
    if chosen is None:
        st.caption("None of the layers that can be compared has maps to show.")
        return
    st.subheader("The maps of both", anchor=False)
    layer = _choose_layer(with_maps, chosen)
    order = _choose_order()
    count = layer["shape"][-1]
    wanted = asked_place().map
    index = wanted if wanted is not None and wanted < count else None
    found = _maps(pair, layer["name"], index or 0, order)
    if index is None and found["order"][0] != 0:
        # Nobody chose one: the first in the order says most.
        found = _maps(pair, layer["name"], found["order"][0], order)
    map_pair(found, pair.titles, key=KEY, on_map=_map_chosen)
    st.caption(_colours(pair))


def chosen_layer(layers: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The layer with maps in the address, else the one that is least alike; None without any."""
    with_maps = {layer["name"]: layer for layer in layers if layer["has_maps"]}
    wanted = asked_place().layer
    if wanted in with_maps:
        return with_maps[wanted]
    alike = {name: layer["likeness"] for name, layer in with_maps.items()}
    told = [name for name in alike if alike[name] is not None] or list(alike)
    return with_maps[min(told, key=lambda name: alike[name] or 0)] if told else None


def _choose_layer(layers: Sequence[dict[str, Any]], chosen: dict[str, Any]) -> dict[str, Any]:
    by_name = {layer["name"]: layer for layer in layers}
    walk_layers(
        list(by_name),
        chosen["name"],
        lambda name: _layer_words(by_name[name]),
        key="compare",
        width=380,
    )
    return by_name[chosen["name"]]


def _layer_words(layer: dict[str, Any]) -> str:
    share = layer["likeness"]
    return layer["name"] if share is None else f"{layer['name']}, alike to {percent(share)}"


def _choose_order() -> str:
    wanted = state.address("order") or ""
    current = wanted if wanted in ORDERS else "changed"
    state.set_widget("compare-order", current)
    st.segmented_control(
        "Order of the maps",
        list(ORDERS),
        required=True,
        format_func=lambda one: ORDERS[one],
        key="compare-order",
        on_change=lambda: state.set_address("order", str(state.widget("compare-order"))),
        wrap=True,
    )
    return current


def _map_chosen() -> None:
    chosen = state.event(KEY, "map")
    if isinstance(chosen, int) and chosen >= 0:
        layer = state.widget("compare-layer")
        go_to_place(Place(str(layer) if layer else None, chosen))


def _maps(pair: Pair, layer_name: str, index: int, order: str) -> dict[str, Any]:
    stamps = model_stamps(pair.one, pair.other)
    return cache.remembered(
        _side_by_side, pair.one, pair.other, layer_name, index, order, pair.same_maps, stamps
    )


def _side_by_side(
    one: Look,
    other: Look,
    layer_name: str,
    index: int,
    order: str,
    same_maps: bool,
    stamps: tuple[int, ...],
) -> dict[str, Any]:
    return cache.engine().call(SIDE_BY_SIDE, one, other, layer_name, index, order, same_maps)


def _colours(pair: Pair) -> str:
    if pair.kind == RUN:
        return (
            "Each network has colours of its own: what counts as a strong answer is not the same "
            "in both. On the right stands the map that answers most like the one on the left."
        )
    return "A map has the same colours on both sides: bright is a strong answer, dark a weak one."
