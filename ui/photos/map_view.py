"""All photos on a plane, those that are alike close together: see, mark, move, exclude."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import streamlit as st

from core.datasets.dataset import SPLITS, Dataset
from core.datasets.marks import pack, read_marks
from core.datasets.similarity import missing_from
from core.datasets.similarity_map import MAP_FILE, SimilarityMap
from core.inspection.embeddings import embeddings_map_path
from ui import cache, messages, state
from ui.components.photo_map import HIDDEN, photo_map
from ui.galleries import photo_url
from ui.palette import CLASS_COLORS, QUIET, class_colors
from ui.photos import marking
from ui.photos.facts import BY_EYE, photo_flags, run_for
from ui.photos.marks_bar import marks_bar
from ui.photos.measuring import MAP, offer, offer_embedding
from ui.photos.photo_dialog import enlarged
from ui.photos.words import SPLIT_WORDS

KEY = "map"
COLORED_BY = {"class": "Class", "split": "Split", "flag": "Found by the checks"}


def map_view(dataset: Dataset) -> None:
    """The map that the address asks for."""
    st.fragment(messages.guarded(_map))(dataset)


def map_file(dataset: Dataset, by: str) -> Path:
    """Where the map by descriptors, or by what a run learnt, is kept."""
    return dataset.folder / MAP_FILE if by == BY_EYE else embeddings_map_path(cache.run(by))


def _map(dataset: Dataset) -> None:
    if cache.dataset(dataset.name).version != dataset.version:
        st.rerun()  # the rest of the page shows the old version
    by, colored_by = _choices(dataset)
    path = map_file(dataset, by)
    made = cache.similarity_map(path)
    missing = len(dataset.manifest) if made is None else missing_from(dataset, made.ids)
    if missing:
        _offer(dataset, by, missing, made is None)
    if made is None:
        return
    marks_bar(dataset)
    _draw(dataset, made, by, colored_by, path)
    opened = state.address("photo")
    if opened:
        enlarged(dataset.name, opened, _order)


def _choices(dataset: Dataset) -> tuple[str, str]:
    """By whose eyes photos are alike, and what colours them."""
    run = run_for(dataset)
    by = run if run and state.address("by") == run else BY_EYE
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run:
            _choice("Alike in", {BY_EYE: "Colour and form", run: f"What {run} learnt"}, "by", by)
        kinds = {name: COLORED_BY[name] for name in COLORED_BY if name != "flag"}
        if cache.flagged(dataset):
            kinds = COLORED_BY
        colored = state.address("color") or "class"
        colored = colored if colored in kinds else "class"
        _choice("Coloured by", kinds, "color", colored)
    return by, colored


def _choice(title: str, words: dict[str, str], part: str, chosen: str) -> None:
    key = f"map-{part}"
    state.set_widget(key, chosen)
    st.segmented_control(
        title,
        list(words),
        key=key,
        required=True,
        format_func=lambda name: words[name],
        on_change=lambda: state.set_address(part, state.widget(key)),
        wrap=True,
    )


def _offer(dataset: Dataset, by: str, missing: int, none_yet: bool) -> None:
    if by != BY_EYE:
        offer_embedding(by)
        return
    if none_yet:
        why = (
            "**Photos that look alike lie close together.** A look at every photo is needed "
            "first; it is done once and kept with them."
        )
    else:
        why = f"{missing:,} photos came later and are not on the map yet."
    button = "Make the map" if none_yet else "Make the map again"
    offer(MAP, {"dataset": dataset.name}, f"Map of {dataset.title}", why, button)


def _draw(dataset: Dataset, made: SimilarityMap, by: str, colored_by: str, path: Path) -> None:
    rows = np.array([dataset.places.get(photo_id, -1) for photo_id in made.ids])
    codes, groups = colored(dataset, rows, colored_by)
    marks = read_marks(dataset)
    marked = np.array([photo_id in marks for photo_id in made.ids], bool)
    source = photo_url(dataset.name, "ID", "SIZE").replace("/ID?size=SIZE", "/{id}?size={size}")
    stamp = cache.stamps(path)[0]
    photo_map(
        key=KEY,
        points=f"/api/datasets/{quote(dataset.name)}/map?by={quote(by)}&stamp={stamp}",
        source=source,
        codes=base64.b64encode(codes.tobytes()).decode(),
        groups=groups,
        marked=pack(marked),
        heard=marking.heard(KEY),
        classes=dataset.class_names[:9],
        on_marks=lambda: marking.take_changes(dataset.name, KEY, state.event(KEY, "marks")),
        on_act=lambda: _act(dataset.name),
    )


def colored(dataset: Dataset, rows: np.ndarray, by: str) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """What colours each point of a map.

    Args:
        rows: int64 (N,): the row of each point in the manifest, -1 for none.
        by: "class", "split" or "flag".

    Returns:
        uint8 (N,), a place in the groups or `HIDDEN` (excluded photos and those of no row),
        and the groups: name, color, count.
    """
    names, colors, values = _groups(dataset, by)
    numbers = {name: place for place, name in enumerate(names)}
    codes = np.array([numbers.get(value, HIDDEN) for value in values], np.uint8)
    codes[dataset.manifest["excluded"].to_numpy(bool)] = HIDDEN
    found = np.where(rows < 0, HIDDEN, codes[rows]).astype(np.uint8)
    counts = np.bincount(found, minlength=HIDDEN + 1)
    return found, [
        {"name": SPLIT_WORDS.get(name, name), "color": color, "count": int(counts[place])}
        for place, (name, color) in enumerate(zip(names, colors, strict=True))
    ]


def _groups(dataset: Dataset, by: str) -> tuple[list[str], list[str], list[str]]:
    """The names of the groups, their colours, and the group of each row of the manifest."""
    manifest = dataset.manifest
    if by == "split":
        return list(SPLITS), list(CLASS_COLORS[: len(SPLITS)]), manifest["split"].tolist()
    if by == "flag":
        flags = photo_flags(dataset)
        values = [flags[one][0] if one in flags else "" for one in manifest["id"]]
        kinds = sorted(set(values) - {""})
        values = [value or "nothing found" for value in values]
        named = [*kinds, "nothing found"]
        return named, [*(CLASS_COLORS * 9)[: len(kinds)], QUIET], values
    colors = class_colors(dataset.class_names)
    names = list(colors)[: HIDDEN - 1]
    return names, [colors[name] for name in names], manifest["label"].tolist()


def _act(name: str) -> None:
    message = state.event(KEY, "act")
    if isinstance(message, dict):
        marking.take_changes(name, KEY, message)
        marking.act(name, message, lambda: [])


def _order(name: str) -> list[str]:
    """Photos one after the other as they lie on the map, from the opened one outwards."""
    dataset, opened = cache.dataset(name), state.address("photo")
    by = state.address("by") or BY_EYE
    made = cache.similarity_map(map_file(dataset, by if by == run_for(dataset) else BY_EYE))
    begun = state.get("map-opened") or opened
    if made is None or begun not in made.ids:
        return []
    state.put("map-opened", begun)
    far = np.linalg.norm(made.places - made.places[made.ids.index(begun)], axis=1)
    return [made.ids[place] for place in np.argsort(far, kind="stable")]
