"""A data set as people see it: what is in it, what was left out, and every photo."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from core.datasets.dataset import SPLITS, Dataset
from ui import charts, messages, state
from ui.components.photo_gallery import photo_gallery
from ui.galleries import page_of, photo_url, taking_turns
from ui.palette import class_colors

PER_PAGE = 48
MOST_POINTS = 1500
SPLIT_WORDS = {"train": "Train", "validation": "Validation", "test": "Test"}


def overview(dataset: Dataset) -> None:
    """Counts per class and per split, and how large the photos are."""
    counts, splits = dataset.class_counts(), dataset.split_counts()
    with st.container(horizontal=True):
        st.metric("Photos", f"{len(dataset.used):,}", border=True)
        st.metric("Classes", len(counts), border=True)
        for name in SPLITS:
            st.metric(SPLIT_WORDS[name], f"{splits[name]:,}", border=True, help=SPLIT_HELP[name])
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Classes", anchor=False)
        st.html(charts.class_counts(counts, dataset.class_names))
        balance(counts)
    with right:
        st.header("Sizes", anchor=False)
        sizes(dataset)


SPLIT_HELP = {
    "train": "The model learns from these.",
    "validation": "While it learns, the model is checked on these.",
    "test": "Kept aside: the model meets them once, at the very end.",
}


def balance(counts: dict[str, int]) -> None:
    """A word of warning when one class has far more photos than another."""
    fewest, most = min(counts.values()), max(counts.values())
    if most > 3 * fewest:
        low, high = min(counts, key=lambda c: counts[c]), max(counts, key=lambda c: counts[c])
        st.caption(
            f":material/balance: {high} has {most / max(1, fewest):.0f} times as many photos as "
            f"{low}. The model may lean towards {high}; more photos of {low} help."
        )


def sizes(dataset: Dataset) -> None:
    """Width and height of the photos."""
    photos = dataset.used
    smallest, largest = photos["width"].min(), photos["width"].max()
    if smallest == largest and photos["height"].nunique() == 1:
        st.markdown(f"All photos are {smallest} × {photos['height'].iloc[0]} pixels.")
        return
    shown = photos.sample(min(MOST_POINTS, len(photos)), random_state=0)
    st.vega_lite_chart(
        size_chart(shown, dataset.class_names),
        width="stretch",
        height=240,
        key="sizes",
        alt="Width and height of every photo",
    )
    st.caption(
        f"Half of the photos are at least {photos['width'].median():.0f} × "
        f"{photos['height'].median():.0f} pixels. For the model all are brought to one size."
    )


def size_chart(photos: pd.DataFrame, class_names: tuple[str, ...]) -> dict[str, Any]:
    """A dot per photo, width across and height up, as a Vega-Lite dictionary."""
    colors = class_colors(class_names)
    points = photos[["width", "height", "label"]].to_dict("records")
    return {
        "data": {"values": points},
        "mark": {"type": "circle", "opacity": 0.6, "size": 36},
        "encoding": {
            "x": {"field": "width", "type": "quantitative", "title": "Width in pixels"},
            "y": {"field": "height", "type": "quantitative", "title": "Height in pixels"},
            "color": {
                "field": "label",
                "type": "nominal",
                "title": None,
                "scale": {"domain": list(colors), "range": list(colors.values())},
                "legend": None,
            },
            "tooltip": [{"field": field} for field in ("label", "width", "height")],
        },
    }


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


def leftovers(dataset: Dataset) -> None:
    """What the import left out, and what it had to change."""
    if dataset.skipped:
        with st.expander(f"{_files(dataset.skipped)} left out", icon=":material/report:"):
            st.dataframe(
                pd.DataFrame(dataset.skipped), hide_index=True, column_config=LEFT_OUT_COLUMNS
            )
    if dataset.repaired:
        with st.expander(f"{_files(dataset.repaired)} repaired", icon=":material/healing:"):
            st.dataframe(
                pd.DataFrame(dataset.repaired), hide_index=True, column_config=LEFT_OUT_COLUMNS
            )


LEFT_OUT_COLUMNS = {
    "file": st.column_config.TextColumn("File", width="medium"),
    "reason": st.column_config.TextColumn("Why", width="large"),
    "what": st.column_config.TextColumn("What was done", width="large"),
}


def _plain(value: Any) -> str:
    return str(value).replace("[", "\\[").replace("*", "\\*").replace("_", "\\_")


def _files(found: list[dict[str, str]]) -> str:
    return "1 file was" if len(found) == 1 else f"{len(found):,} files were"
