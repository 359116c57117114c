"""A data set at a glance: what is in it, and what was left out."""

from typing import Any

import pandas as pd
import streamlit as st

from core.datasets.dataset import SPLITS, Dataset
from core.errors import LoupeError
from ui import charts, messages
from ui.palette import class_colors
from ui.photos.attribution_button import attribution_button
from ui.photos.statistics import statistics
from ui.photos.words import SPLIT_WORDS

MOST_POINTS = 1500


def overview(dataset: Dataset) -> None:
    """Counts, sizes and leftovers."""
    if dataset.used.empty:
        messages.show_error(
            LoupeError("All photos of this data set are excluded.", "Restore some in the gallery.")
        )
        return
    counts_and_sizes(dataset)
    attribution_button(dataset)
    leftovers(dataset)
    statistics(dataset)


def counts_and_sizes(dataset: Dataset) -> None:
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


def leftovers(dataset: Dataset) -> None:
    """What the import left out, and what it had to change."""
    left_out(dataset.skipped)
    if dataset.repaired:
        with st.expander(f"{_files(dataset.repaired)} repaired", icon=":material/healing:"):
            st.dataframe(
                pd.DataFrame(dataset.repaired), hide_index=True, column_config=LEFT_OUT_COLUMNS
            )


def left_out(skipped: list[dict[str, str]]) -> None:
    """Every file that was left out, with its reason; nothing when there is none."""
    if skipped:
        with st.expander(f"{_files(skipped)} left out", icon=":material/report:"):
            st.dataframe(pd.DataFrame(skipped), hide_index=True, column_config=LEFT_OUT_COLUMNS)


LEFT_OUT_COLUMNS = {
    "file": st.column_config.TextColumn("File", width="medium"),
    "reason": st.column_config.TextColumn("Why", width="large"),
    "what": st.column_config.TextColumn("What was done", width="large"),
}


def _files(found: list[dict[str, str]]) -> str:
    return "1 file was" if len(found) == 1 else f"{len(found):,} files were"
