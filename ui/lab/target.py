"""Whose look the recipe should cover: test photos, validation photos, or new ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.collections import list_collections, open_collection
from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.errors import LoupeError
from core.evaluation.look import evenly, pictures_in
from ui import cache, messages, state
from ui.photos.import_form import serves_this_computer
from ui.uploads import PICTURE_TYPES

MOST = 240  # photos that are looked at
SPLITS = {"test": "Test photos", "validation": "Validation photos"}
COLLECTION = "collection-"
FILES, FOLDER = "files", "folder"
NEW = {
    FILES: "New photos: choose files",
    FOLDER: "New photos: a folder on this computer",
}
HELP = (
    "Best are photos from where the model will be used. They need no labels: only how they look "
    "is compared."
)


@dataclass(frozen=True)
class Target:
    """Photos whose look the recipe should cover.

    Attributes:
        key: Equal for the same photos.
        one: What one of them is called: "test photo".
        sources: Their files, or the bytes of them; at most `MOST`, evenly chosen.
        total: How many there are.
    """

    key: tuple[Any, ...]
    one: str
    sources: Sequence[str | bytes]
    total: int

    def named(self, count: int) -> str:
        """ "1 test photo", "72 test photos"."""
        return f"{count:,} {self.one}{'' if count == 1 else 's'}"


def choose_target(dataset_name: str | None) -> Target | None:
    """Draws the choice; None where there are no such photos yet. `?against=` holds it."""
    dataset = cache.dataset(dataset_name) if dataset_name else None
    options = _options(dataset)
    asked = state.address("against")
    current = asked if asked in options else next(iter(options))
    state.set_widget("coverage-against", current)
    st.selectbox(
        "Compared with",
        list(options),
        format_func=lambda name: options[name],
        key="coverage-against",
        on_change=lambda: state.set_address("against", state.widget("coverage-against")),
        help=HELP,
    )
    if dataset is not None and "test" not in options:
        st.caption("This data set has no test photos: compare with others.")
    with messages.guard():
        return _target(str(current), dataset)
    return None


def _options(dataset: Dataset | None) -> dict[str, str]:
    found = {}
    for name, title in SPLITS.items():
        if dataset is not None and (count := len(dataset.split(name))):
            found[name] = f"{title} ({count:,})"
    for collection in list_collections(cache.workspace()):
        if count := len(cache.collection(collection).entries()):
            title = collection.about["title"]
            found[COLLECTION + collection.name] = f"Photos gathered in {title} ({count:,})"
    new = dict(NEW) if serves_this_computer() else {FILES: NEW[FILES]}
    return found | new


def _target(name: str, dataset: Dataset | None) -> Target | None:
    if name in SPLITS and dataset is not None:
        ids = dataset.split(name)["id"].tolist()
        return _of(
            (dataset.name, dataset.version, name),
            f"{name} photo",
            ids,
            lambda one: str(dataset.photo_path(one)),
        )
    if name.startswith(COLLECTION):
        collection = open_collection(cache.workspace(), name.removeprefix(COLLECTION))
        entries = cache.collection(collection).entries()
        stamp = cache.stamps(collection.folder / "entries.jsonl")
        return _of(
            (collection.name, collection.born, stamp),
            "gathered photo",
            entries,
            lambda one: str(collection.path(one)),
        )
    return _from_folder() if name == FOLDER else _from_files()


def _from_files() -> Target | None:
    files = st.file_uploader(
        "Photos from where the model will be used",
        type=PICTURE_TYPES,
        accept_multiple_files=True,
        key="coverage-files",
    )
    if not files:
        st.caption("They are looked at and forgotten: nothing is added to your data set.")
        return None
    key = tuple(file.file_id for file in files)
    return _of(key, "new photo", files, lambda file: file.getvalue())


def _from_folder() -> Target | None:
    path = st.text_input(
        "Folder on this computer", key="coverage-folder", placeholder="/home/me/garden"
    )
    if not path:
        st.caption("Its photos are looked at where they lie: nothing is copied.")
        return None
    folder = Path(path).expanduser()
    found = pictures_in(folder)
    return _of((path, cache.stamps(folder), len(found)), "photo", found, lambda one: one)


def _of(
    key: tuple[Any, ...], one: str, all_of_them: Sequence[Any], source: Callable[[Any], str | bytes]
) -> Target:
    places = evenly(len(all_of_them), MOST)
    if not places:
        raise LoupeError(f"There are no {one}s any more.", "Choose others to compare with.")
    return Target(key, one, [source(all_of_them[place]) for place in places], len(all_of_them))


def of_words(target: Target) -> str:
    """How many of them are looked at: "72 test photos", "240 of 12,000 test photos"."""
    looked_at = len(target.sources)
    if looked_at == target.total:
        return target.named(target.total)
    return f"{looked_at:,} of {photos(target.total)}, evenly chosen"
