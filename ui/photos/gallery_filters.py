"""The filters of the gallery. They live in the address, so that a link shows the same photos."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.datasets.dataset import SPLITS, Dataset
from core.datasets.selection import ADDRESS, ORDERS, Query, from_address, to_address
from ui import cache, state
from ui.photos.facts import known_orders
from ui.photos.words import ORIGIN_WORDS, SPLIT_WORDS, USE_WORDS

MOST_AUTHORS = 500


def query_of_address() -> Query:
    """What the address asks for."""
    return from_address({part: state.address_list(part) for part in ADDRESS.values()})


def show(query: Query) -> None:
    """Puts a query into the address, and goes to its first page; for callbacks."""
    for part, values in to_address(query).items():
        state.set_address_list(part, values)
    state.set_address("page", None)


def filters(dataset: Dataset, query: Query) -> None:
    """The widgets; what is chosen is in the address before the page is drawn again."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="gallery-filters"):
        _text(query)
        _several("Class", "classes", dataset.class_names, query, placeholder="All classes")
        _sort(dataset, query)
        more = _further(query)
        with st.popover(
            f"More filters ({more})" if more else "More filters", icon=":material/tune:"
        ):
            _rare(dataset, query)
        if query.filters:
            st.button(
                "Clear filters",
                icon=":material/filter_alt_off:",
                type="tertiary",
                key="gallery-clear",
                on_click=show,
                args=(Query(sort=query.sort, similar=query.similar),),
            )


def _rare(dataset: Dataset, query: Query) -> None:
    _several("Split", "splits", SPLITS, query, SPLIT_WORDS)
    found = {kind: finding.title for kind, finding in cache.flagged(dataset).items()}
    if found:
        _several("Found by the checks", "flags", list(found), query, found)
    _use(query)
    for title, field, column in (("Source", "origins", "origin"), ("Author", "authors", "author")):
        there = sorted(value for value in dataset.manifest[column].unique() if value)
        if len(there) > 1 or (there and column == "author"):
            words = ORIGIN_WORDS if column == "origin" else {}
            _several(title, field, there[:MOST_AUTHORS], query, words)
    marked = "gallery-marked"
    state.set_widget(marked, query.marked)
    st.toggle("Only marked photos", key=marked, on_change=_changed, args=(query, "marked", marked))


def _text(query: Query) -> None:
    key = "gallery-text"
    state.set_widget(key, query.text)
    st.text_input(
        "Search",
        key=key,
        icon=":material/search:",
        placeholder="File, class, author, source",
        width=200,
        on_change=_changed,
        args=(query, "text", key),
    )


def _several(
    title: str,
    field: str,
    options: Sequence[str],
    query: Query,
    words: dict[str, str] | None = None,
    placeholder: str = "All",
) -> None:
    key = f"gallery-{field}"
    chosen = [value for value in getattr(query, field) if value in options]
    state.set_widget(key, chosen)
    st.multiselect(
        title,
        options,
        key=key,
        format_func=lambda name: (words or {}).get(name, name),
        placeholder=placeholder,
        width=220,
        on_change=_changed,
        args=(query, field, key),
    )


def _sort(dataset: Dataset, query: Query) -> None:
    key, orders = "gallery-sort", known_orders(dataset, query)
    state.set_widget(key, query.sort if query.sort in orders else "turns")
    st.selectbox(
        "Sort",
        orders,
        key=key,
        format_func=lambda name: ORDERS[name].words,
        width=200,
        on_change=_changed,
        args=(query, "sort", key),
    )


def _use(query: Query) -> None:
    key = "gallery-use"
    state.set_widget(key, query.use)
    st.segmented_control(
        "Show",
        list(USE_WORDS),
        key=key,
        required=True,
        format_func=USE_WORDS.__getitem__,
        on_change=_changed,
        args=(query, "use", key),
    )


def _changed(query: Query, field: str, key: str) -> None:
    value: Any = state.widget(key)
    show(query.model_copy(update={field: tuple(value) if isinstance(value, list) else value}))


def _further(query: Query) -> int:
    """How many of the filters behind the button are in use."""
    plain = Query(classes=query.classes, text=query.text)
    return query.filters - plain.filters
