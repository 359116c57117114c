"""The collection a visitor is filling: which it is, how it is opened, closed and handed on."""

from typing import Any

import streamlit as st

from core.datasets.collection_journal import Contents
from core.datasets.collections import (
    PREFIX,
    Collection,
    create_collection,
    list_collections,
    open_collection,
)
from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.datasets.web.journal import SEARCH
from core.errors import LoupeError, NotFound
from core.jobs import new_job
from core.launcher import launch
from core.workspace import move_to_bin, read_json, restore
from ui import cache, job_view, state
from ui.photos.import_form import ADD, IMPORT

ADDRESS = "collection"
UNDO = "collecting-undo"


def open_now() -> Collection | None:
    """The collection that the address names, or that this visit had open; None for none."""
    name = state.address(ADDRESS) or state.get(ADDRESS)
    try:
        collection = open_collection(cache.workspace(), name) if name else None
    except LoupeError:
        collection = None
    show(collection)
    return collection


def show(collection: Collection | None) -> None:
    """Opens `collection` for this visit; None closes it."""
    name = collection.name if collection else None
    state.put(ADDRESS, name)
    state.set_address(ADDRESS, name)


def opened(dataset: Dataset | None) -> Collection:
    """The open collection, or a new one, opened."""
    collection = open_now()
    if collection is None:
        title, name = (dataset.title, dataset.name) if dataset else ("my photos", "")
        collection = create_collection(cache.workspace(), title, name)
        show(collection)
    return collection


def contents_of(collection: Collection | None) -> Contents:
    """What is in it; nothing when there is none. Only to be read."""
    return cache.collection(collection) if collection else Contents()


def waiting() -> list[tuple[Collection, dict[str, int]]]:
    """The other collections with photos in them, with their counts; none at work in a job."""
    current, busy = state.get(ADDRESS), _at_work()
    found = []
    for collection in list_collections(cache.workspace()):
        counts = {
            label: len(entries)
            for label, entries in cache.collection(collection).by_class().items()
            if entries
        }
        searched = (collection.folder / SEARCH).is_file()  # has a page of its own
        if counts and not searched and collection.name not in {current, *busy}:
            found.append((collection, counts))
    return found


def is_begun() -> bool:
    """Whether there is something to go on with: an open collection, a waiting one, an undo."""
    return bool(state.address(ADDRESS) or state.get(UNDO) or waiting())


def _at_work() -> set[str]:
    jobs = [folder for folder in map(job_view.find_job, (IMPORT, ADD)) if folder]
    sources = [str(read_json(folder / "job.json")["arguments"].get("source")) for folder in jobs]
    return {source.removeprefix(PREFIX) for source in sources if source.startswith(PREFIX)}


def throw_away(collection: Collection) -> None:
    """Moves it to the bin, with a way back."""
    count = len(cache.collection(collection).entries())
    token = move_to_bin(cache.workspace(), collection.folder)
    if collection.name == state.get(ADDRESS):
        show(None)
    offer_undo(f"{photos(count)} thrown away.", "bin", token)


def start_adding(dataset: Dataset, collection: Collection) -> None:
    """Launches the adding of the collection's photos to `dataset`."""
    arguments = {"dataset": dataset.name, "source": PREFIX + collection.name}
    folder = new_job(cache.workspace(), ADD, arguments, f"Add photos to {dataset.title}")
    launch(folder)
    show(None)
    state.put("import-job", folder.name)
    st.rerun()


def offer_undo(words: str, kind: str, argument: Any, collection: Collection | None = None) -> None:
    """Lets the visitor take a step back.

    Args:
        words: What was done.
        kind: `photos` (a list of ids, and a class or None), `name` (new name and old name) or
            `bin` (a token).
    """
    name = collection.name if collection else None
    steps = state.get(UNDO) or []
    state.put(UNDO, [*steps[-19:], (words, kind, argument, name)])


def undo_bar() -> None:
    """The last thing done, and the button that takes it back."""
    steps = state.get(UNDO)
    if not steps:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/history: {steps[-1][0]}", width="stretch")
        st.button("Undo", icon=":material/undo:", key="collecting-undo", on_click=step_back)


def step_back() -> None:
    """Takes the last step back."""
    *rest, (_, kind, argument, name) = state.get(UNDO)
    state.put(UNDO, rest)
    try:
        if kind == "bin":
            show(Collection(restore(cache.workspace(), argument)))
            return
        collection = open_collection(cache.workspace(), name)
        if kind == "name":
            collection.rename_class(*argument)
            return
        ids, label = argument
        collection.restore(ids)
        if label is not None:
            collection.add_class(label)
    except NotFound:
        state.put(UNDO, [])
