"""The last rung of the ladder: one value, what it sees of the photo and what it is made of."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import numpy as np
import streamlit as st

from ui import messages, state
from ui.components.pixel_probe import pixel_probe
from ui.inside.asked import look_query
from ui.inside.inside import Inside
from ui.inside.place import Place, asked_place, go_to_place

PROBE = "core.inspection.probe:probe"
KEY = "pixel-probe"


def show_pixel(inside: Inside, layer: dict, index: int) -> None:
    """One map, or a layer's row of units, to be looked at value by value.

    Args:
        layer: As `core.inspection.looking.layers_of` tells it.
        index: The map's number; the chosen unit's of a layer without maps.

    Raises:
        LoupeError: If the layer has no such map.
    """
    shape = layer["shape"]
    if len(shape) not in (1, 3):
        st.caption(
            f"{messages.literal(layer['name'])} gives numbers in {len(shape)} directions "
            f"({' × '.join(map(str, shape))}), neither maps nor a row of units: its single values "
            "cannot be looked at here. The layers before and behind it can."
        )
        return
    units = len(shape) == 1
    # All units are one picture: whichever is chosen, the same is asked for.
    found = inside.ask(PROBE, layer["name"], 0 if units else index)
    shown = _told(inside, layer, found) | {
        "index": 0 if units else index,
        "names": _names(inside, layer) if units else None,
        "at": _pinned(found),
        "address": _address(inside, layer["name"]),
    }
    pixel_probe(shown, key=KEY, on_act=_acted)


def _told(inside: Inside, layer: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    values = np.ascontiguousarray(found["values"], "<f4")
    return {
        "layer": found["layer"],
        "title": found["layer"].rpartition("/")[2],
        "units": found["units"],
        "count": found["count"],
        "shape": found["shape"],
        "values": base64.b64encode(values.tobytes()).decode(),
        "map": _data("image/png", found["png"]),
        "photo": _data(found["photo_kind"], found["photo"]),
        "photo_size": found["photo_size"],
        "colours": found["colours"],
        "rows": found["rows"],
        "columns": found["columns"],
    }


def _pinned(found: Mapping[str, Any]) -> list[int] | None:
    """The place in the address, if the picture has it."""
    place = asked_place()
    rows, columns = found["shape"]
    if found["units"]:
        if place.map is None or place.map >= found["count"]:
            return None
        return list(divmod(place.map, columns))
    if place.at is None or place.at[0] >= rows or place.at[1] >= columns:
        return None
    return list(place.at)


def _names(inside: Inside, layer: Mapping[str, Any]) -> list[str] | None:
    """What the units of the last layer stand for."""
    names = inside.class_names
    return names if layer["shape"] == [len(names)] else None


def _address(inside: Inside, layer_name: str) -> str:
    run = quote(inside.run.name, safe="")
    return (
        f"/api/runs/{run}/value/{quote(layer_name)}"
        f"?place={{place}}&reach={{reach}}&most={{most}}&{look_query(inside)}"
    )


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _acted() -> None:
    """Pinned, freed, or followed back to a value of another layer."""
    act = state.event(KEY, "act") or {}
    layer, index, at = act.get("layer"), act.get("map"), act.get("at")
    if not isinstance(layer, str) or not _is_count(index):
        return
    if act.get("do") == "free":
        units = asked_place().at is None
        go_to_place(Place(layer, None if units else index))
    elif at is None:
        go_to_place(Place(layer, index))
    elif isinstance(at, list) and len(at) == 2 and all(map(_is_count, at)):
        go_to_place(Place(layer, index, (at[0], at[1])))


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and number >= 0
