"""The training photos that a map answers to most, cut to what its strongest value looks at."""

import base64
from html import escape
from typing import Any

import streamlit as st

from core.images import encode_jpeg
from core.inspection.strongest import JOB, MOST_PHOTOS, strongest_path
from ui import cache, messages, state
from ui.components.crop_wall import crop_wall
from ui.galleries import photo_url
from ui.inside.inside import Inside
from ui.inside.layer_words import figure
from ui.palette import class_colors
from ui.photos.measuring import offer

CROPS = "core.inspection.strongest_crops:strongest_crops"
KEY, OPENED = "inside-crops", "inside-crop-opened"


def show_strongest(inside: Inside, layer: str, index: int, name: str) -> None:
    """Nine pieces of photos, or the button that looks for them."""
    run = inside.run
    if inside.dataset is None:
        st.caption("The photos that it learnt from are gone, so there are none to look through.")
        return
    stamp = cache.stamps(strongest_path(run))[0]
    found = None
    if stamp >= inside.stamp:
        found = cache.remembered(_crops, str(run.folder), inside.stamp, stamp, layer, index)
    if found is None:
        offer(
            JOB,
            {"run": run.name},
            f"Strongest photos for {run.name}",
            f"Up to {MOST_PHOTOS} photos are shown to the model, and for every map of every layer "
            "the nine that it answers to most are kept. It is done once for all maps.",
            "Look for them",
        )
        return
    if not found["photos"]:
        st.caption("The photos that were found are not in the data set any more.")
        return
    _wall(inside, found, name)
    opened = state.get(OPENED)
    if opened:
        _large(inside, opened)


def _wall(inside: Inside, found: dict[str, Any], name: str) -> None:
    photos = found["photos"]
    colors = class_colors(inside.class_names)

    def open_one() -> None:
        number = state.event(KEY, "open")
        if isinstance(number, (int, float)) and 0 <= int(number) < len(photos):
            state.put(OPENED, photos[int(number)])

    crop_wall(
        [
            {
                "label": photo["label"],
                "color": colors.get(photo["label"], "#6f7b83"),
                "value": figure(photo["value"]),
                "field": photo["field"],
            }
            for photo in photos
        ],
        sheet=found["sheet"],
        key=KEY,
        title=f"Photos that {name} answers to most",
        on_open=open_one,
    )
    st.caption(
        "Training photos, cut around the place of the highest value. The frame is the part that "
        "this value depends on; without a frame it depends on all that is shown. The number is "
        "the value. Click one to see the whole photo."
    )


def _put_away() -> None:
    state.put(OPENED, None)


@st.dialog("Photo", width="large", on_dismiss=_put_away)
@messages.guarded
def _large(inside: Inside, photo: dict[str, Any]) -> None:
    source = photo_url(inside.run.config.dataset, photo["id"], "full")
    label = escape(photo["label"], True)
    st.html(f"<img class='loupe-large enlarged' alt='{label}' src='{source}'>")
    with st.container(horizontal=True, vertical_alignment="center"):
        said = messages.literal(photo["label"])
        st.markdown(f"**{said}**, highest value {figure(photo['value'])}", width="stretch")
        if inside.photo.photo_id is not None and st.button(
            "Look inside with this photo", icon=":material/visibility:", key="inside-crop-look"
        ):
            _put_away()
            state.set_address("photo", photo["id"])
            st.rerun()


def _crops(
    folder: str, stamp: int, found_stamp: int, layer: str, index: int
) -> dict[str, Any] | None:
    found = cache.engine().call(CROPS, folder, layer, index)
    if found is None:
        return None
    sheet = found["sheet"]
    data = base64.b64encode(encode_jpeg(sheet, 88)).decode() if len(sheet) else ""
    return {"photos": found["photos"], "sheet": f"data:image/jpeg;base64,{data}"}
