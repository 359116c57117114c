"""Every photo of a data set, page by page, and one of them large."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from core.datasets.dataset import SPLITS, Dataset
from ui import messages, state
from ui.components.photo_gallery import photo_gallery
from ui.galleries import page_of, photo_url, taking_turns
from ui.palette import class_colors
from ui.photos.words import SPLIT_WORDS

PER_PAGE = 48


def gallery(dataset: Dataset) -> None:
    """All photos, page by page, of the classes and splits chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "Class",
            [None, *dataset.class_names],
            format_func=lambda name: name or "All classes",
            key="gallery-class",
            width=220,
        )
        split = st.segmented_control(
            "Split",
            ["all", *SPLITS],
            default="all",
            required=True,
            format_func=lambda name: SPLIT_WORDS.get(name, "All"),
            key="gallery-split",
        )
    photos = dataset.used if split == "all" else dataset.split(str(split))
    photos = photos if label is None else photos[photos["label"] == label]
    if photos.empty:
        st.info("No photos here. Choose another class or split.", icon=":material/filter_alt_off:")
        return
    places = page_of(len(photos), PER_PAGE, f"gallery-page-{label}-{split}")
    shown = taking_turns(photos).iloc[places.start : places.stop]
    chosen = photo_gallery(cards(dataset, shown), key="gallery")
    st.caption(f"{places.start + 1:,} to {places.stop:,} of {len(photos):,} photos")
    if chosen:
        state.set_address("photo", chosen)
    opened = state.address("photo")
    if opened:
        enlarged(dataset, opened)


def put_away() -> None:
    """Takes the enlarged photo out of the address."""
    state.set_address("photo", None)


def cards(dataset: Dataset, photos: pd.DataFrame) -> list[dict[str, Any]]:
    """Photos as the gallery component takes them."""
    colors = class_colors(dataset.class_names)
    return [
        {
            "id": row["id"],
            "source": photo_url(dataset.name, row["id"], 320),
            "label": row["label"],
            "color": colors[row["label"]],
            "note": SPLIT_WORDS.get(row["split"], row["split"]),
            "name": row["source_file"],
        }
        for row in photos.to_dict("records")
    ]


@st.dialog("Photo", width="medium", on_dismiss=put_away)
@messages.guarded
def enlarged(dataset: Dataset, photo_id: str) -> None:
    """One photo with all that is known of it."""
    photo = dataset.photo(photo_id)
    source = photo_url(dataset.name, photo_id, "full")
    st.html(f"<img class='loupe-large' alt='{escape(photo['label'])}' src='{source}'>")
    facts = {
        "Class": photo["label"],
        "Split": SPLIT_WORDS.get(photo["split"], photo["split"]),
        "Size": f"{photo['width']} × {photo['height']} pixels, {photo['format']}",
        "File": photo["source_file"],
        "Repaired": photo["repairs"],
        "Author": photo["author"],
        "Licence": photo["licence"],
        "Source": photo["source_page"],
    }
    st.markdown(
        "\n".join(f"- **{name}:** {_plain(value)}" for name, value in facts.items() if value)
    )


def _plain(value: Any) -> str:
    return str(value).replace("[", "\\[").replace("*", "\\*").replace("_", "\\_")
