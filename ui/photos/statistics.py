"""Small plots that make one look twice: what tells the classes apart besides what they show."""

from html import escape
from typing import Any

import cv2
import numpy as np
import pandas as pd
import streamlit as st

from core.datasets.class_pictures import HUES, ClassPictures
from core.datasets.dataset import Dataset
from core.datasets.measures import Measures
from core.datasets.selection import Query
from core.datasets.similarity import missing_from
from core.datasets.statistics import (
    QUANTITIES,
    Quantity,
    comparison,
    giveaways,
    hue_sentence,
    measured,
    picture_sentence,
    spreads,
)
from ui import cache, state
from ui.charts.spread import spread_chart
from ui.galleries import Tile, picture_wall
from ui.palette import class_colors
from ui.photos.gallery_filters import show
from ui.photos.measuring import CLASS_PICTURES, offer
from ui.photos.undo_bar import plain
from ui.photos.words import ORIGIN_WORDS

MOST_CLASSES = 24
AVERAGE_SIDE = 128
LOOK, FINE = ":material/visibility:", ":material/check:"


def statistics(dataset: Dataset) -> None:
    """Averages, spreads, colours and where photos are from, class by class."""
    st.header("What tells the classes apart", anchor=False)
    measures, pictures = cache.measures(dataset), cache.class_pictures(dataset)
    if measures is None or pictures is None or missing_from(dataset, measures.table.index):
        _offer(dataset)
    if pictures is not None:
        _averages(pictures)
    if measures is not None:
        _quantities(dataset, measures)
    if pictures is not None and measures is not None:
        _colors(dataset, pictures, measures)
    _origins(dataset)


def _offer(dataset: Dataset) -> None:
    offer(
        CLASS_PICTURES,
        {"dataset": dataset.name},
        f"Compare the classes of {dataset.title}",
        "**A model learns whatever tells the classes apart**, be it the light or the lawn. "
        "A look at every photo shows what else differs between your classes.",
        "Compare the classes",
    )


def _averages(pictures: ClassPictures) -> None:
    order = np.argsort(-pictures.counts, kind="stable")[:MOST_CLASSES]
    order = np.sort(order)
    columns = min(len(order), 6)
    average, spread = st.columns(2, gap="large")
    for column, title, arrays, help_text, name in (
        (average, "Average picture", pictures.mean, "All photos of a class laid over one another.",
         "mean"),
        (spread, "Spread", _stretched(pictures.spread),
         "Bright where the photos of a class differ, dark where they are alike.", "spread"),
    ):  # fmt: skip
        with column:
            st.subheader(title, anchor=False, help=help_text)
            tiles = [
                Tile(_large(arrays[i]), f"{pictures.class_names[i]} ({pictures.counts[i]:,})")
                for i in order
            ]
            st.html(picture_wall(tiles, columns, f"loupe-class-{name}", fold=True))
    st.markdown(f"{LOOK} {plain(picture_sentence(pictures))}")


def _large(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, (AVERAGE_SIDE, AVERAGE_SIDE), interpolation=cv2.INTER_CUBIC)


def _stretched(spread: np.ndarray) -> np.ndarray:
    """Spreads in grey, all on one scale from black to white."""
    grey = spread.astype(np.float32).mean(axis=3)
    low, high = float(grey.min()), float(grey.max())
    scaled = (grey - low) * (255 / max(high - low, 1e-6))
    return np.repeat(scaled[..., None], 3, axis=3).astype(np.uint8)


def _quantities(dataset: Dataset, measures: Measures) -> None:
    table = measured(dataset, measures)
    for left in range(0, len(QUANTITIES), 2):
        columns = st.columns(2, gap="large")
        for column, quantity in zip(columns, QUANTITIES[left : left + 2], strict=False):
            with column:
                _quantity(dataset, table, quantity)


def _quantity(dataset: Dataset, table: pd.DataFrame, quantity: Quantity) -> None:
    st.subheader(quantity.title, anchor=False)
    picked: Any = st.vega_lite_chart(
        spread_chart(spreads(table, quantity.column), quantity, dataset.class_names),
        width="stretch",
        key=f"spread-{quantity.column}-{dataset.version}",
        on_select="rerun",
        alt=f"{quantity.title} of the photos of each class",
    )
    sentence, twice = comparison(table, quantity)
    st.markdown(f"{LOOK if twice else FINE} {plain(sentence)}")
    with st.container(horizontal=True, gap="small"):
        for order, words in (quantity.low, quantity.high):
            st.button(
                f"See the {words}",
                key=f"see-{quantity.column}-{order}",
                type="tertiary",
                icon=":material/photo_library:",
                on_click=_see,
                args=(order,),
            )
    chosen = picked.get("selection", {}).get("outlier") if picked else None
    if chosen and (photo_id := chosen[0].get("id")) in dataset.places:
        _see(quantity.high[0] if _is_high(table, quantity, photo_id) else quantity.low[0])
        state.set_address("photo", photo_id)
        st.rerun()


def _is_high(table: pd.DataFrame, quantity: Quantity, photo_id: str) -> bool:
    values = table[quantity.column]
    return float(values[photo_id]) > float(values.median())


def _see(order: str) -> None:
    show(Query(sort=order))
    state.set_address("view", "gallery")


def _colors(dataset: Dataset, pictures: ClassPictures, measures: Measures) -> None:
    st.subheader("Colours", anchor=False, help="Grey pixels count as no colour.")
    table = measured(dataset, measures)
    means = table.groupby("label")[["red", "green", "blue"]].mean()
    colors = class_colors(dataset.class_names)
    rows = "".join(
        _color_row(name, colors.get(name, "#888"), means.loc[name].to_numpy(), hues, share)
        for name, hues, share in zip(
            pictures.class_names, pictures.hues, pictures.coloured, strict=True
        )
        if name in means.index
    )
    st.html(f"<div class='loupe-hues'>{rows}</div>")
    sentence, twice = hue_sentence(pictures)
    st.markdown(f"{LOOK if twice else FINE} {plain(sentence)}")


def _color_row(name: str, color: str, mean: np.ndarray, hues: np.ndarray, share: float) -> str:
    red, green, blue = (round(float(value)) for value in mean)
    bars = "".join(
        f"<i style='flex: {float(part):.4f}; background: hsl({360 * k / HUES:.0f} 62% 48%)'></i>"
        for k, part in enumerate(hues)
        if part > 0.002
    )
    return (
        f"<b><u style='background: {color}'></u>{escape(name)}</b>"
        f"<s style='background: rgb({red} {green} {blue})' title='mean colour'></s>"
        f"<span>{bars}</span><small>{100 * float(share):.0f} % coloured</small>"
    )


def _origins(dataset: Dataset) -> None:
    """File formats, sources and licences, and what of it gives a class away."""
    used = dataset.used
    st.subheader("Files and sources", anchor=False)
    columns = st.columns(3, gap="large")
    for column, title, field, words in (
        (columns[0], "Format", "format", {}),
        (columns[1], "Source", "origin", ORIGIN_WORDS),
        (columns[2], "Licence", "licence", {"": "not known"}),
    ):
        counts = used[field].value_counts()
        with column:
            st.dataframe(
                pd.DataFrame(
                    {
                        title: [words.get(str(name), str(name)) for name in counts.index],
                        "Photos": counts.to_numpy(),
                    }
                ),
                hide_index=True,
                height=min(250, 38 + 35 * len(counts)),
            )
    found = [sentence for field in ("format", "origin", "licence", "author")
             for sentence in giveaways(dataset, field)]  # fmt: skip
    for sentence in found[:4]:
        st.markdown(f"{LOOK} {plain(sentence)}")
    if not found:
        st.markdown(f"{FINE} No format, source, licence or author gives a class away.")
