"""Photos from Flickr and from iNaturalist: a search per class, then a look, then a data set."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.web.flickr import FlickrSearch, Keyword
from core.datasets.web.inaturalist import INaturalistSearch, TaxonRow
from core.errors import LoupeError
from ui.flickr_key import explain_key, flickr_key
from ui.photos import web_search
from ui.photos.taxon_choice import taxon_row
from ui.photos.web_form import (
    Row,
    amounts,
    checked_rows,
    draw_rows,
    guarded_start,
    licence_chips,
    preset_buttons,
    purpose,
    remove_button,
    title_of,
)
from ui.photos.web_harvest import harvest_view, other_searches

FLICKR, INATURALIST = "flickr", "inaturalist"
# The butterflies of the tutorial whose network the recipe "butterflies" is.
FLICKR_PRESETS: dict[str, list[Row]] = {
    "The tutorial's butterflies": [
        {"label": "meadow brown", "text": "meadow brown butterfly"},
        {"label": "gatekeeper", "text": "gatekeeper butterfly"},
    ],
    "Dragonflies and damselflies": [
        {"label": "dragonfly", "text": "dragonfly insect"},
        {"label": "damselfly", "text": "damselfly insect"},
    ],
}
INATURALIST_PRESETS: dict[str, list[Row]] = {
    "Dragonflies and damselflies": [
        {"label": "dragonfly", "text": "Anisoptera"},
        {"label": "damselfly", "text": "Zygoptera"},
    ],
    "The tutorial's butterflies": [
        {"label": "meadow brown", "text": "Maniola jurtina"},
        {"label": "gatekeeper", "text": "Pyronia tithonus"},
    ],
}


def from_flickr(dataset: Dataset | None) -> None:
    """Photos from Flickr, by keywords."""
    web_search.undo_throwing_away()
    collection = web_search.opened(FLICKR)
    if collection is not None:
        harvest_view(collection, FLICKR)
        return
    if not flickr_key():
        with st.container(border=True):
            st.subheader(":material/key: Flickr needs a key", anchor=False)
            explain_key()
        return
    st.markdown("Say what the photos of each class should show, in the words people use on Flickr.")
    preset_buttons(FLICKR, FLICKR_PRESETS)
    rows = draw_rows(FLICKR, keyword_row)
    licences = licence_chips(FLICKR)
    chosen = amounts(FLICKR, FlickrSearch, ("size", "maximum"))
    target = purpose(FLICKR, dataset)

    def start() -> None:
        filled = checked_rows(rows, "text", "words to search for")
        keywords = tuple(Keyword(label=row["label"], text=row["text"].strip()) for row in filled)
        search = FlickrSearch(rows=keywords, licences=required(licences), **chosen)
        web_search.begin(search.model_dump(mode="json"), title_of(filled), target)
        st.rerun()

    guarded_start(FLICKR, start)
    other_searches(FLICKR)


def keyword_row(row: Row, first: bool) -> Row:
    """A class and the words to search for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.text_input(
            "Class",
            row["label"],
            key=f"flickr-label-{row['id']}",
            placeholder="for example: gatekeeper",
            width=240,
            max_chars=60,
        )
        text = st.text_input(
            "Search Flickr for",
            row["text"],
            key=f"flickr-text-{row['id']}",
            placeholder="for example: gatekeeper butterfly",
            width="stretch",
            max_chars=200,
            help="Flickr looks for these words in titles, descriptions and tags. A word with a "
            "minus before it must not occur.",
        )
        remove_button(FLICKR, row)
    return row | {"label": label, "text": text}


def from_inaturalist(dataset: Dataset | None) -> None:
    """Photos of animals, plants and mushrooms from iNaturalist, by species."""
    web_search.undo_throwing_away()
    collection = web_search.opened(INATURALIST)
    if collection is not None:
        harvest_view(collection, INATURALIST)
        return
    st.markdown(
        "Animals, plants and mushrooms, photographed by people and named by several of them "
        "(*research grade*). Type a common or scientific name. No key is needed."
    )
    preset_buttons(INATURALIST, INATURALIST_PRESETS)
    rows = draw_rows(INATURALIST, taxon_row)
    licences = licence_chips(INATURALIST)
    chosen = amounts(INATURALIST, INaturalistSearch, ("size", "maximum", "per_observation"))
    target = purpose(INATURALIST, dataset)

    def start() -> None:
        filled = checked_rows(rows, "taxon_id", "a species or group")
        taxa = tuple(TaxonRow.model_validate(row) for row in filled)
        search = INaturalistSearch(rows=taxa, licences=required(licences), **chosen)
        web_search.begin(search.model_dump(mode="json"), title_of(filled), target)
        st.rerun()

    guarded_start(INATURALIST, start)
    other_searches(INATURALIST)


def required(licences: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of licence chosen; at least one."""
    if not licences:
        raise LoupeError("No licence is chosen, so no photo would do.", "Choose one at least.")
    return licences
