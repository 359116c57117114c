"""Every feature map of a layer as one grid, and the chosen map enlarged beside the photo."""

import base64
from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from core.models.architecture import LAYER_KINDS
from core.training.runs import Run
from ui import cache, charts, state
from ui.components.image_grid import Atlas, image_grid
from ui.photo_sources import Photo, picture_address

ENLARGED = 384
Size = tuple[int, int]
MANY_MAPS = 64
TALL = 620
SCALES = {"map": "Each map for itself", "layer": "All maps alike"}
PURPOSES = {kind.__name__: (kind.__doc__ or "").split("\n")[0] for kind in LAYER_KINDS.values()}
PURPOSES |= {
    "Rescaling": "Turns pixel values from 0 to 255 into small numbers between 0 and 1.",
    "ReLU": "Keeps what is above zero and cuts off the rest.",
    "DepthwiseConv2D": "Slides one small filter over each map by itself.",
    "SeparableConv2D": "A filter for each map, then a mixture of the maps.",
    "ZeroPadding2D": "Adds a rim of zeros around every map.",
    "Add": "Adds an earlier layer's maps to these, so that nothing is forgotten on the way.",
    "Concatenate": "Stacks the maps of several layers on top of each other.",
    "AveragePooling2D": "Keeps the average of every little window: a smaller picture.",
}


def map_viewer(run: Run, photo: Photo, image_size: Size | None = None) -> None:
    """Layer, grid and enlarged map; where you are stands in the address.

    Args:
        image_size: (height, width) at which the network looks; None for the run's own.

    Raises:
        UnusablePicture: If the photo cannot be read.
        LoupeError: If the model has no layer with feature maps.
    """
    layers = cache.remembered(_layers, str(run.folder), _stamp(run), image_size)
    layer = _choose_layer(layers)
    st.markdown(explanation(layer))
    scale = st.segmented_control(
        "Brightness",
        list(SCALES),
        default="map",
        format_func=lambda scale: SCALES[scale],
        required=True,
        key="map-scale",
        help="Each map for itself shows the faintest pattern; all maps alike shows which maps "
        "respond most.",
    )
    beside, grid = st.columns([2, 3], gap="large")
    many = layer["shape"][2] > MANY_MAPS
    with grid, st.container(height=TALL if many else "content", border=False, key="map-grid"):
        index = _grid(run, photo, layer, scale, image_size)
    with beside:
        _enlarged(run, photo, layer, index, image_size)


def explanation(layer: dict[str, Any]) -> str:
    """What the layer makes of the photo, in Markdown."""
    height, width, count = layer["shape"]
    many = f"**{count:,} maps** of {height} × {width}" if count > 1 else f"one {height} × {width}"
    return f"{many}. {PURPOSES.get(layer['kind'], '')}"


def _choose_layer(layers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = [layer["name"] for layer in layers]
    first = next((x["name"] for x in layers if "Conv" in x["kind"]), names[0])
    wanted = state.address("layer")
    current = wanted if wanted in names else first
    place = names.index(current)
    state.set_widget("layer-choice", current)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Layer",
            names,
            key="layer-choice",
            format_func=lambda name: _title(layers[names.index(name)], names.index(name)),
            on_change=_layer_chosen,
            width=340,
        )
        for label, icon, step in (
            ("Earlier", ":material/arrow_back:", -1),
            ("Deeper", ":material/arrow_forward:", 1),
        ):
            at_end = not 0 <= place + step < len(names)
            st.button(
                label,
                icon=icon,
                icon_position="left" if step < 0 else "right",
                disabled=at_end,
                on_click=_go,
                args=("" if at_end else names[place + step],),
            )
    return layers[place]


def _title(layer: dict[str, Any], place: int) -> str:
    return f"{place + 1}. {layer['name']}"


def _layer_chosen() -> None:
    _go(state.widget("layer-choice"))


def _go(name: str) -> None:
    state.set_address("layer", name)
    state.set_address("map", None)


def _grid(
    run: Run, photo: Photo, layer: dict[str, Any], scale: str, image_size: Size | None
) -> int:
    """The grid; returns the index of the map to enlarge."""
    name, count = layer["name"], layer["shape"][2]
    found = cache.remembered(
        _atlas, str(run.folder), _stamp(run), _source(photo), layer["name"], scale, image_size
    )
    index = _in_address(count)
    cell_height, cell_width = found["cell"]
    picture = base64.b64encode(found["png"]).decode()
    chosen = image_grid(
        Atlas(
            f"data:image/png;base64,{picture}",
            count,
            found["columns"],
            found["rows"],
            cell_height,
            cell_width,
            found["gap"],
        ),
        key=f"maps-{run.name}-{name}",
        title=f"{count} feature maps of layer {name}",
        noun="map",
        selected=index,
        smallest=52 if count > 64 else 72,
    )
    if chosen is not None:
        state.set_address("map", str(chosen))
        return chosen
    return index


def _in_address(count: int) -> int:
    wanted = state.address("map") or ""
    return int(wanted) if wanted.isdigit() and int(wanted) < count else 0


def _enlarged(
    run: Run, photo: Photo, layer: dict[str, Any], index: int, image_size: Size | None
) -> None:
    one = cache.remembered(
        _feature_map, str(run.folder), _stamp(run), _source(photo), layer["name"], index, image_size
    )
    st.html(pair_html(picture_address(photo, run.config.dataset), photo.name, one))
    st.html(
        charts.figures_html(
            {
                "lowest": f"{one['min']:z.2f}",
                "highest": f"{one['max']:z.2f}",
                "mean": f"{one['mean']:z.2f}",
                "exactly zero": f"{one['zeros']:.0%}",
            }
        )
    )
    st.caption("Bright: here the map responds. Dark: here it does not.")


def pair_html(address: str, photo_name: str, one: dict[str, Any]) -> str:
    """The photo and the enlarged map, one beside the other, as HTML."""
    title = f"map {one['index'] + 1} of {one['count']:,}"
    height, width = one["shape"]
    picture = base64.b64encode(one["png"]).decode()
    return (
        f"<style>{CSS}</style><div class='lp-pair'>"
        f"<figure><img alt='{escape(photo_name, quote=True)}' src='{address}'>"
        "<figcaption>the photo</figcaption></figure>"
        f"<figure><img class='map' alt='{title} of {escape(one['layer'], quote=True)}, enlarged'"
        f" style='aspect-ratio: {width} / {height}' src='data:image/png;base64,{picture}'>"
        f"<figcaption>{title}</figcaption></figure></div>"
    )


def _stamp(run: Run) -> int:
    return run.model_path.stat().st_mtime_ns


def _source(photo: Photo) -> bytes | str:
    return photo.source


def _layers(folder: str, stamp: int, image_size: Size | None) -> list[dict[str, Any]]:
    return cache.engine().call("core.inspection.activations:layers_with_maps", folder, image_size)


def _atlas(
    folder: str,
    stamp: int,
    source: bytes | str,
    layer_name: str,
    scale: str,
    image_size: Size | None,
) -> dict[str, Any]:
    return cache.engine().call(
        "core.inspection.activations:atlas", folder, source, layer_name, scale, image_size
    )


def _feature_map(
    folder: str,
    stamp: int,
    source: bytes | str,
    layer_name: str,
    index: int,
    image_size: Size | None,
) -> dict[str, Any]:
    function = "core.inspection.activations:feature_map"
    return cache.engine().call(function, folder, source, layer_name, index, ENLARGED, image_size)


CSS = """
.lp-pair {display: grid; grid-template-columns: 1fr 1fr; gap: .8rem; align-items: start}
.lp-pair figure {margin: 0}
.lp-pair img {width: 100%; display: block; border-radius: .5rem; max-height: 20rem;
  object-fit: cover}
.lp-pair .map {image-rendering: pixelated}
.lp-pair figcaption {font-size: .85rem; opacity: .75; margin-top: .35rem}
"""
