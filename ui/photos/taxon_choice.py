"""A species or group from iNaturalist: typed, found, shown with its picture and its count."""

import base64
from functools import lru_cache
from html import escape

import streamlit as st

from core.datasets.web.fetching import MEGABYTE, Fetcher, Patience
from core.datasets.web.inaturalist import URL, Taxon, find_taxa, service_url
from core.errors import LoupeError
from core.images import encode_jpeg, load_thumbnail
from ui import cache, messages
from ui.photos.web_form import Row, remove_button

KIND = "inaturalist"
PICTURE_SIDE = 96
# A page waits for it: rather a sentence soon than an answer late.
PATIENCE = Patience(connect=4, read=6, whole=8, attempts=1, longest_wait=3)


def taxon_row(row: Row, first: bool) -> Row:
    """A class, a name to look up, and which of the taxa found is meant."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Species or group",
            row["text"],
            key=f"inaturalist-text-{row['id']}",
            placeholder="for example: dragonflies, or Anisoptera",
            width="stretch",
            max_chars=80,
        )
        place = st.empty()
        remove_button(KIND, row)
    taxon = choose(text.strip(), row) if len(text.strip()) > 1 else None
    suggested = (taxon.common_name or taxon.name).lower() if taxon else ""
    with place:
        label = label_input(row, suggested)
    own = bool(label) and label != suggested
    found = {"taxon_id": taxon.id, "taxon_name": taxon.title} if taxon else {"taxon_id": 0}
    return row | found | {"text": text, "label": label, "own": own}


def label_input(row: Row, suggested: str) -> str:
    """The class's name: the taxon's, until somebody writes another."""
    own = row.get("own", bool(row["label"]))
    return st.text_input(
        "Class",
        row["label"] if own else suggested,
        key=f"inaturalist-label-{row['id']}-{'' if own else suggested}",
        placeholder="for example: dragonfly",
        width=220,
        max_chars=60,
    )


def choose(text: str, row: Row) -> Taxon | None:
    """The taxon that is meant, with its picture, among those that fit what was typed."""
    try:
        taxa = cache.remembered(_find, text, service_url())
    except LoupeError as error:
        messages.show_error(error)
        return None
    if not taxa:
        st.caption(f"iNaturalist knows nothing called {messages.literal(text)}.")
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picture = st.empty()
        place = st.selectbox(
            "Which one",
            range(len(taxa)),
            format_func=lambda n: (
                f"{taxa[n].title}, {taxa[n].rank or 'taxon'}, {taxa[n].observations:,} observations"
            ),
            key=f"inaturalist-taxon-{row['id']}-{text}",
            width="stretch",
            help="The number counts observations of every grade and licence; fewer will do.",
        )
    taxon: Taxon = taxa[place]
    source = cache.remembered(_picture, taxon.picture, service_url())
    if source:
        picture.html(
            f"<img class='loupe-taxon' src='{source}' alt='{escape(taxon.title)}'>",
            width="content",
        )
    return taxon


@lru_cache(maxsize=2)
def _fetcher(url: str) -> Fetcher:
    return Fetcher(allowed=() if url == URL else (url,), patience=PATIENCE)


def _find(text: str, url: str) -> list[Taxon]:
    return find_taxa(_fetcher(url), text)


def _picture(address: str, url: str) -> str:
    """A small picture as a `data:` address: the visitor's browser asks nobody but Loupe."""
    if not address:
        return ""
    try:
        data = _fetcher(url).fetch(address, 2 * MEGABYTE)
        small = encode_jpeg(load_thumbnail(data, PICTURE_SIDE))
    except LoupeError:
        return ""
    return f"data:image/jpeg;base64,{base64.b64encode(small).decode()}"
