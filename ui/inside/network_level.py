"""The widest view: every layer of the network in a row each, to be opened."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.inspection.atlas import THUMBNAIL
from ui import charts, state
from ui.components.layer_table import layer_table
from ui.inside.inside import Inside
from ui.inside.layer_words import figure, purpose, shape_words, share, short_name
from ui.inside.pictures import THUMBNAILS, picture_url
from ui.inside.place import Place, go_to_place

KEY = "inside-layers"


def network_level(inside: Inside, layers: Sequence[dict[str, Any]]) -> None:
    """All layers with their numbers for the photo.

    Args:
        layers: As `core.inspection.looking.layers_of` tells them.
    """
    st.html(charts.figures_html(_totals(layers)))
    layer_table(
        table_rows(layers),
        key=KEY,
        thumbnails=picture_url(inside, THUMBNAILS),
        thumbnail=THUMBNAIL,
        on_open=_opened,
    )
    st.caption(
        "The numbers are of this photo. **Values** shows how often each number comes out, from "
        "the lowest to the highest. **Dead** is the share of maps or units that are zero "
        "everywhere. The small picture is the map that varies most."
    )


def table_rows(layers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What `layer_table` shows of each layer."""
    rows: list[dict[str, Any]] = []
    with_maps, last = 0, ""
    for layer in layers:
        name = layer["name"]
        nested = name.rpartition("/")[0]
        rows.append(
            {
                "name": name,
                "title": short_name(name),
                "inside": nested if nested != last else "",  # said where it begins
                "kind": layer["kind"],
                "does": purpose(layer["kind"]),
                "shape": shape_words(layer["shape"]),
                "weights": f"{layer['parameters']:,}" if layer["parameters"] else "none",
                "dead": share(layer["dead"]) if layer["dead"] else "none",
                "mean": figure(layer["mean"]),
                "spread": figure(layer["spread"]),
                "low": figure(layer["low"]),
                "high": figure(layer["high"]),
                "counts": layer["counts"],
                "thumb": with_maps if layer["has_maps"] else None,
                "warn": unreal_words(layer),
            }
        )
        with_maps += layer["has_maps"]
        last = nested
    return rows


def unreal_words(layer: dict[str, Any]) -> str:
    """A sentence where values of the layer are no numbers, else nothing."""
    if not layer["unreal"]:
        return ""
    return (
        f"{share(layer['unreal'])} of its values are no numbers (not a number, or infinite) "
        "and count as zero here."
    )


def _totals(layers: Sequence[dict[str, Any]]) -> dict[str, str]:
    maps = sum(layer["units"] for layer in layers if layer["has_maps"])
    return {
        "layers": f"{len(layers):,}",
        "maps in all of them": f"{maps:,}",
        "weights": f"{sum(layer['parameters'] for layer in layers):,}",
    }


def _opened() -> None:
    name = state.event(KEY, "open")
    if name:
        go_to_place(Place(str(name)))
