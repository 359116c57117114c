"""One map: large over the photo and beside it, in numbers, and what made it what it is."""

from typing import Any

import streamlit as st

from ui import charts, messages
from ui.components.map_over_photo import map_over_photo
from ui.inside import downloads
from ui.inside.drawing_controls import Look
from ui.inside.driven import show_driven
from ui.inside.inside import Inside
from ui.inside.kernel import kernel_html, kernel_words
from ui.inside.layer_words import figure, share, unit_noun
from ui.inside.pictures import INPUT, MAP, picture_url
from ui.inside.pixel import show_pixel
from ui.inside.place import Place, go_to_place
from ui.inside.strongest import show_strongest

FEATURE_MAP = "core.inspection.layer_pictures:feature_map"


def map_panel(inside: Inside, layer: dict[str, Any], index: int, name: str, look: Look) -> None:
    """The map `index` of a layer beside all of them; of a layer without places its number."""
    told = inside.ask(FEATURE_MAP, layer["name"], index)
    _title(layer, index, name)
    if told["shape"] in ([], [1, 1]):
        st.html(charts.figures_html({"its number for this photo": figure(told["mean"])}))
        return
    map_over_photo(
        picture_url(inside, INPUT),
        picture_url(inside, MAP, layer["name"], index=index, **look.query()),
        key="inside-map",
        photo_name=inside.photo.name,
        map_name=f"{name} of {layer['units']:,}",
        shape=inside.image_size or inside.run.config.recipe.picture.image_size,
    )
    st.html(
        charts.figures_html(
            {
                "lowest": figure(told["min"]),
                "mean": figure(told["mean"]),
                "highest": figure(told["max"]),
                "exactly zero": share(told["zeros"]),
            }
        )
    )
    st.caption(look.legend)
    downloads.map_button(inside, layer["name"], index, look)


def map_details(inside: Inside, layer: dict[str, Any], index: int, name: str) -> None:
    """What made the map what it is: each value, its weights, its photos, what drives it."""
    st.markdown("#### Value by value")
    show_pixel(inside, layer, index)
    told = inside.ask(FEATURE_MAP, layer["name"], index)
    weights, driven = st.columns(2, gap="large")
    with weights:
        st.markdown("#### The weights that make it")
        st.markdown(kernel_words(told["kernel"], layer, name))
        drawn = kernel_html(told["kernel"])
        if drawn:
            st.html(drawn)
    with driven:
        st.markdown("#### What drives it")
        show_driven(inside.run, layer["name"], index, name)
    st.markdown("#### The photos that it answers to most")
    show_strongest(inside, layer["name"], index, name)


def _title(layer: dict[str, Any], index: int, name: str) -> None:
    noun, count = unit_noun(layer), layer["units"]
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="inside-map-walk"
    ):
        said = messages.literal(name[:1].upper() + name[1:])
        st.markdown(f"#### {said} :gray[of {count:,}]", width="stretch")
        for label, step in (("Previous", -1), ("Next", 1)):
            at_end = not 0 <= index + step < count
            st.button(
                label,
                key=f"inside-map-{step}",
                help=f"{label} {noun}",
                disabled=at_end,
                on_click=go_to_place,
                args=(Place(layer["name"], None if at_end else index + step),),
            )
        st.button(
            "Close",
            key="inside-map-close",
            help="Back to the numbers of the whole layer",
            on_click=go_to_place,
            args=(Place(layer["name"]),),
        )
