"""The end of collecting: a data set is made or grows, or the photos wait for another day."""

import streamlit as st

from core.datasets.collection_journal import Contents
from core.datasets.collections import PREFIX, Collection
from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from ui import messages
from ui.photos import open_collection
from ui.photos.collect_stage import close_stage
from ui.photos.import_form import settings, start_import

MOST_OFFERED = 3


def ending(collection: Collection | None, contents: Contents, into: Dataset | None) -> None:
    """The button that goes on, and the one that throws everything away."""
    if collection is None:
        return
    counts = {label: len(found) for label, found in contents.by_class().items() if found}
    with st.container(border=True):
        if into is None:
            make(collection, counts)
        else:
            add(collection, counts, into)
    if counts:
        st.button(
            f"Throw away {photos(sum(counts.values()))}",
            icon=":material/delete:",
            type="tertiary",
            key="collection-away",
            on_click=open_collection.throw_away,
            args=(collection,),
            help="They go to the bin; you can undo this.",
        )


def make(collection: Collection, counts: dict[str, int]) -> None:
    """A new data set of what was collected."""
    name, shares, seed = settings("collection", collection.about["title"])
    if button("Make the data set", obstacle(counts), "collection-go"):
        close_stage()
        open_collection.show(None)
        start_import(PREFIX + collection.name, name, shares, seed)


def add(collection: Collection, counts: dict[str, int], into: Dataset) -> None:
    """More photos for the data set on show."""
    words = f"Add {photos(sum(counts.values()))} to {into.title}" if counts else "Add to it"
    if button(words, "" if counts else "There are no new photos yet.", "collection-add"):
        close_stage()
        open_collection.start_adding(into, collection)


def button(words: str, why_not: str, key: str) -> bool:
    """The one primary button, and beside it what is in its way."""
    with st.container(horizontal=True, vertical_alignment="center"):
        clicked = st.button(
            words, type="primary", icon=":material/check:", key=key, disabled=bool(why_not)
        )
        if why_not:
            st.caption(why_not)
    return clicked


def obstacle(counts: dict[str, int]) -> str:
    """Why no data set can be made of these counts yet; empty when it can."""
    if len(counts) >= 2:
        return ""
    if not counts:
        return "There are no photos yet: fill two classes at least."
    only = next(iter(counts))
    return f"Only {only} has photos: a model needs a second class to tell it from."


def waiting_ones(quiet: bool) -> None:
    """Collections that were begun and not finished; none when another is being filled."""
    for collection, counts in [] if quiet else open_collection.waiting()[:MOST_OFFERED]:
        name = collection.name
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            classes = ", ".join(f"{messages.literal(each)} {n:,}" for each, n in counts.items())
            st.markdown(
                f":material/hourglass_empty: You have **{photos(sum(counts.values()))} waiting** "
                f"in {messages.literal(collection.about['title'])}: {classes}.",
                width="stretch",
            )
            st.button(
                "Go on with them",
                key=f"waiting-open-{name}",
                on_click=open_collection.show,
                args=(collection,),
            )
            st.button(
                "Throw away",
                type="tertiary",
                key=f"waiting-away-{name}",
                on_click=open_collection.throw_away,
                args=(collection,),
                help="They go to the bin; you can undo this.",
            )
