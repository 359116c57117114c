"""Every photo of a data set, page by page: filter, sort, mark, move, exclude, enlarge."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.marks import change_marks
from core.datasets.selection import Query, page_at
from ui import cache, messages, state
from ui.components.photo_gallery import photo_gallery
from ui.galleries import photo_url
from ui.palette import class_colors
from ui.photos import marking
from ui.photos.facts import measures_missing, ordered, photo_flags, sort_notes
from ui.photos.gallery_filters import filters, query_of_address, show
from ui.photos.marks_bar import marks_bar
from ui.photos.measuring import offer_measuring
from ui.photos.photo_dialog import enlarged
from ui.photos.similar import similar_note
from ui.photos.words import SPLIT_WORDS

PER_PAGE = 96
KEY = "gallery"
THUMBNAIL = 240  # pixels of the longest side: sharp on dense screens at 128 px


def gallery(dataset: Dataset) -> None:
    """The photos that the address asks for."""
    st.fragment(messages.guarded(_gallery))(dataset)


def _gallery(dataset: Dataset) -> None:
    if cache.dataset(dataset.name).version != dataset.version:
        st.rerun()  # the rest of the page shows the old version
    query = query_of_address()
    filters(dataset, query)
    similar_note(dataset, query)
    if measures_missing(dataset, query):
        offer_measuring(dataset, "Sorting like this needs a look at every photo first.")
    rows = ordered(dataset, query)
    shown = page_at(len(rows), PER_PAGE, _page())
    page_rows = rows[shown.start : shown.stop]
    marked = marks_bar(dataset)
    if not len(rows):
        _nothing(query)
    else:
        _photos(dataset, query, page_rows, set(marked))
        _foot(dataset, rows, shown)
    opened = state.address("photo")
    if opened:
        enlarged(dataset.name, opened, order_now)


def order_now(name: str) -> list[str]:
    """The ids of all photos that match, in their order."""
    dataset = cache.dataset(name)
    return dataset.manifest["id"].to_numpy()[ordered(dataset, query_of_address())].tolist()


def _photos(dataset: Dataset, query: Query, rows: np.ndarray, marked: set[str]) -> None:
    photos = dataset.manifest.iloc[rows]
    photo_gallery(
        cards(dataset, photos, sort_notes(dataset, query, photos)),
        key=KEY,
        source=photo_url(dataset.name, "ID", THUMBNAIL).replace("/ID?", "/{id}?"),
        title=f"Photos of {dataset.title}",
        place=f"{query!r} {_page()}",
        marked=[photo_id for photo_id in photos["id"] if photo_id in marked],
        heard=marking.heard(KEY),
        classes=dataset.class_names[:9],
        on_marks=lambda: marking.take_changes(dataset.name, KEY, state.event(KEY, "marks")),
        on_act=lambda: _act(dataset.name),
    )


def cards(dataset: Dataset, photos: pd.DataFrame, notes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Photos as the gallery component takes them, with a note by id, else their split."""
    colors, flags = class_colors(dataset.class_names), photo_flags(dataset)
    return [
        {
            "id": row["id"],
            "label": row["label"],
            "color": colors.get(row["label"], "#888888"),
            "note": row["reason"] or "excluded"
            if row["excluded"]
            else notes.get(row["id"]) or SPLIT_WORDS.get(row["split"], row["split"]),
            "name": row["source_file"],
            "hint": _hint(row),
            "flags": ", ".join(flags.get(row["id"], ())),
            "excluded": bool(row["excluded"]),
        }
        for row in photos.to_dict("records")
    ]


def _hint(row: dict[Any, Any]) -> str:
    author = f" by {row['author']}" if row["author"] else ""
    return f"{row['width']} × {row['height']} pixels{author}"


def _act(name: str) -> None:
    message = state.event(KEY, "act")
    if not isinstance(message, dict):
        return
    marking.take_changes(name, KEY, message)
    if message.get("name") == "page" and message.get("value") in (1, -1):
        _turn(int(message["value"]), len(order_now(name)))
    else:
        marking.act(name, message, lambda: order_now(name))


def _foot(dataset: Dataset, rows: np.ndarray, shown: range) -> None:
    """Which of how many, mark them, and other pages."""
    with st.container(horizontal=True, vertical_alignment="center", key="gallery-foot"):
        st.markdown(
            f"{shown.start + 1:,} to {shown.stop:,} of {len(rows):,} photos", width="content"
        )
        st.button(
            f"Mark this page ({len(shown):,})",
            icon=":material/select_all:",
            type="tertiary",
            key="mark-page",
            on_click=_mark,
            args=(dataset, rows[shown.start : shown.stop]),
        )
        st.button(
            f"Mark all {len(rows):,} that match",
            icon=":material/done_all:",
            type="tertiary",
            key="mark-all",
            help="Also those on other pages.",
            on_click=_mark,
            args=(dataset, rows),
        )
        _pages(len(rows))
    _keys(dataset)


def _pages(count: int) -> None:
    pages = max(1, -(-count // PER_PAGE))
    if pages == 1:
        return
    here = min(_page(), pages)
    key = f"gallery-page-{here}-of-{pages}"
    st.pagination(
        pages, default=here, key=key, on_change=lambda: _go_to_page(int(state.widget(key) or 1))
    )


def _keys(dataset: Dataset) -> None:
    with st.popover("Mouse and keys", icon=":material/keyboard:", type="tertiary"):
        numbers = ", ".join(
            f"**{place}** {name}" for place, name in enumerate(dataset.class_names[:9], 1)
        )
        st.markdown(
            "**Click** marks a photo, **Shift and click** all up to it, **dragging** all in the "
            "frame (with Alt it unmarks). On a touch screen, **hold** a photo, then draw over "
            "others. **Double click** enlarges.\n\n"
            "**Arrows** move, with **Shift** they mark, **Space** marks, **Ctrl A** marks the "
            "page, **Enter** enlarges, **X** excludes, **R** restores, **S** finds similar, "
            f"**Z** undoes, **Shift Z** does it again. Move to a class: {numbers}."
        )


def _nothing(query: Query) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/filter_alt_off: No photo matches these filters."
            if query.filters
            else ":material/hide_image: All photos are excluded.",
            width="stretch",
        )
        if query.filters:
            st.button("Show all photos", key="show-all", on_click=show, args=(Query(),))


def _mark(dataset: Dataset, rows: np.ndarray) -> None:
    change_marks(dataset, add=dataset.manifest["id"].to_numpy()[rows].tolist())


def _page() -> int:
    asked = state.address("page", "1") or "1"
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1


def _turn(step: int, count: int) -> None:
    pages = max(1, -(-count // PER_PAGE))
    _go_to_page(min(max(1, min(_page(), pages) + step), pages))


def _go_to_page(page: int) -> None:
    state.set_address("page", str(page) if page > 1 else None)
