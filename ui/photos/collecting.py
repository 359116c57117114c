"""All ways in which photos come: samples, files, and whatever else stands in `WAYS`."""

import streamlit as st

from core.datasets.dataset import Dataset
from ui import state
from ui.photos import open_collection
from ui.photos.class_cards import class_cards
from ui.photos.from_web import from_flickr, from_inaturalist
from ui.photos.import_form import import_form
from ui.photos.known_sets_view import known_sets

WAYS = {
    "files": (":material/folder_open: Samples and files", import_form),
    "cards": (":material/photo_camera: Camera, drawing, class by class", class_cards),
    "flickr": (":material/photo_library: From Flickr", from_flickr),
    "inaturalist": (":material/pest_control: From iNaturalist", from_inaturalist),
    "known": (":material/star: Well-known sets", known_sets),
}


def collecting(dataset: Dataset | None) -> None:
    """Draws the ways in.

    Args:
        dataset: The data set on show, which photos can be added to; None when there is none.
    """
    asked = state.address("way")
    current = asked if asked in WAYS else "cards" if open_collection.is_begun() else "files"
    # The address decides, so that links and the back button work.
    state.set_widget("collecting-way", current)
    st.segmented_control(
        "How the photos come",
        list(WAYS),
        required=True,
        format_func=lambda name: WAYS[name][0],
        key="collecting-way",
        on_change=_chosen,
        wrap=True,
    )
    WAYS[current][1](dataset)


def _chosen() -> None:
    state.set_address("way", state.widget("collecting-way"))
