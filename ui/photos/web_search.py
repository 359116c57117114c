"""A search for photos from the web that was begun: which there are, which is open, starting it."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.collections import (
    PREFIX,
    Collection,
    create_collection,
    list_collections,
)
from core.datasets.web.journal import keep_search, kept_search
from core.errors import LoupeError, NotFound
from core.jobs import new_job
from core.launcher import launch
from core.workspace import move_to_bin, read_json, restore
from ui import cache, flickr_key, job_view, state
from ui.photos.import_form import IMPORT
from ui.photos.open_collection import ADD

HARVEST = "core.datasets.jobs:harvest_job"
ADDRESS, NEW = "search", "new"
AWAY = "search-away"


def searches(kind: str) -> list[Collection]:
    """The collections that a search of this kind fills, the newest first; none being imported."""
    busy, found = _being_imported(), []
    for collection in list_collections(cache.workspace()):
        kept = kept_search(collection.folder)
        if kept and kept["search"].get("kind") == kind and collection.name not in busy:
            found.append(collection)
    return sorted(found, key=lambda one: one.born, reverse=True)


def opened(kind: str) -> Collection | None:
    """The search on show: the one that the address names, else the newest; None for a new one."""
    asked, known = state.address(ADDRESS), searches(kind)
    if asked == NEW:
        return None
    return next((one for one in known if one.name == asked), known[0] if known else None)


def show(name: str | None) -> None:
    """Opens a search, or a fresh form with `NEW`; for callbacks."""
    state.set_address(ADDRESS, name)


def begin(search: dict[str, Any], title: str, dataset: str) -> None:
    """Makes a collection for `search`, starts it and shows it."""
    collection = create_collection(cache.workspace(), title, dataset)
    go_on(collection, search)
    show(collection.name)


def go_on(collection: Collection, search: dict[str, Any] | None = None) -> None:
    """Starts a search, or starts it again where it was.

    Args:
        search: Another search than before.
    """
    kept = kept_search(collection.folder)
    search = search or (kept or {}).get("search")
    if search is None:
        raise NotFound("This collection has no search.", "Start a new one.")
    arguments = {"collection": collection.name}
    folder = new_job(cache.workspace(), HARVEST, arguments, f"Fetch {collection.about['title']}")
    keep_search(collection, search, folder.name)
    launch(folder, flickr_key.job_environment() if search["kind"] == "flickr" else None)


def job_of(collection: Collection) -> Path | None:
    """The folder of the job that last worked on a search."""
    kept = kept_search(collection.folder)
    folder = cache.workspace().jobs / Path(str((kept or {}).get("job") or "-")).name
    return folder if (folder / "job.json").is_file() else None


def throw_away(collection: Collection) -> None:
    """Moves a search and its photos to the bin, with a way back."""
    state.put(AWAY, move_to_bin(cache.workspace(), collection.folder))
    show(NEW)


def undo_throwing_away() -> None:
    """The way back, once something was thrown away."""
    if not state.get(AWAY):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/delete: The search is in the bin.", width="stretch")
        st.button("Undo", icon=":material/undo:", key="search-undo", on_click=_bring_back)


def _bring_back() -> None:
    show(restore(cache.workspace(), str(state.get(AWAY))).name)
    state.put(AWAY, None)


def _being_imported() -> set[str]:
    sources = []
    for folder in filter(None, (job_view.find_job(IMPORT), job_view.find_job(ADD))):
        try:
            sources.append(str(read_json(folder / "job.json")["arguments"].get("source")))
        except (LoupeError, KeyError):
            continue
    return {name.removeprefix(PREFIX) for name in sources if name.startswith(PREFIX)}
