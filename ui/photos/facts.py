"""What is known of the photos beyond the manifest, as far as a query asks for it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.marks import read_marks
from core.datasets.selection import ORDERS, Facts, Query, matching
from core.datasets.similarity import likeness, missing_from
from core.errors import LoupeError
from core.evaluation.photo_losses import photo_losses
from ui import cache, state

BY_EYE = "eye"


def run_for(dataset: Dataset) -> str | None:
    """The run that losses and embeddings come from: the current one, if it has a model."""
    name = state.current_run_name()
    for run in cache.runs(dataset.name):
        if run["name"] == name and run["has_model"]:
            return name
    return None


def losses(dataset: Dataset, run_name: str | None) -> pd.DataFrame | None:
    """What a run said of each photo, where it was asked."""
    if run_name is None:
        return None
    files = sorted(cache.run(run_name).folder.glob("predictions*.parquet"))
    stamps = tuple((path.name, *cache.stamps(path)) for path in files)
    return cache.remembered(_losses, run_name, stamps, dataset.version) if stamps else None


def _losses(run_name: str, stamps: Any, version: int) -> pd.DataFrame | None:
    try:
        return photo_losses(cache.workspace(), run_name)
    except LoupeError:
        return None


def photo_flags(dataset: Dataset) -> dict[str, list[str]]:
    """What the checks found of each photo, in two or three words each, by photo id."""
    words: dict[str, list[str]] = {}
    for finding in cache.flagged(dataset).values():
        for photo_id in finding.ids:
            words.setdefault(photo_id, []).append(finding.title)
    return words


def measures_missing(dataset: Dataset, query: Query) -> bool:
    """Whether the query can only be answered once all photos were measured."""
    wanted = query.order.needs == "measures" or (
        query.order.needs == "likeness" and (state.address("by") or BY_EYE) == BY_EYE
    )
    if not wanted:
        return False
    measures = cache.measures(dataset)
    return measures is None or missing_from(dataset, measures.table.index) > 0


def known_orders(dataset: Dataset, query: Query) -> list[str]:
    """The orders that can be chosen: those whose facts are there, and measures, which can be
    had with a click."""
    losses_known = losses(dataset, run_for(dataset)) is not None
    there = {"": True, "measures": True, "losses": losses_known, "likeness": bool(query.similar)}
    return [name for name, order in ORDERS.items() if there[order.needs]]


def ordered(dataset: Dataset, query: Query) -> np.ndarray:
    """The rows of the manifest that match, in their order."""
    key = (str(dataset.folder), dataset.version, query.model_dump_json(), *_stamps(dataset, query))
    return cache.order(
        key, lambda: matching(dataset.manifest, query, facts_for(dataset, query)).astype(np.int32)
    )


def sort_notes(dataset: Dataset, query: Query, photos: pd.DataFrame) -> dict[str, str]:
    """What photos are sorted by, as a word or number for each id; empty for plain orders."""
    order = query.order
    if order.column == "pixels":
        sizes = zip(photos["id"], photos["width"], photos["height"], strict=True)
        return {photo_id: f"{width} × {height}" for photo_id, width, height in sizes}
    if order.needs == "losses":
        table = losses(dataset, run_for(dataset))
        known = table.reindex(photos["id"]).dropna() if table is not None else pd.DataFrame()
        return {str(row.Index): f"called {row.predicted}" for row in known.itertuples()}
    if order.needs == "measures":
        values = _values(dataset, query)
        if order.column in values:
            form = "{:.2f}" if order.column == "sharpness" else "{:.0f}"
            shown = values[order.column].reindex(photos["id"]).dropna()
            return {str(photo_id): form.format(value) for photo_id, value in shown.items()}
    return {}


def _stamps(dataset: Dataset, query: Query) -> tuple[Any, ...]:
    """What changes when the facts that a query needs do."""
    folder, needs = dataset.folder, query.order.needs
    found: list[Any] = []
    if query.flags:
        found.append(cache.stamps(folder / "checks.json"))
    if query.marked:
        found.append(hash(read_marks(dataset)))
    if needs in ("measures", "likeness"):
        found.append(cache.stamps(folder / "measures"))
    if needs in ("losses", "likeness") and (run := run_for(dataset)):
        files = sorted(cache.run(run).folder.glob("predictions*.parquet"))
        found.append((run, cache.stamps(*files, cache.run(run).folder / "embeddings.npz")))
        found.append(state.address("by"))
    return tuple(found)


def facts_for(dataset: Dataset, query: Query) -> Facts:
    """What `query` needs to be answered. What is not known yet is left out."""
    return Facts(
        _values(dataset, query),
        {
            kind: cache.flagged(dataset)[kind].ids
            for kind in query.flags
            if kind in cache.flagged(dataset)
        },
        read_marks(dataset) if query.marked else frozenset(),
    )


def _values(dataset: Dataset, query: Query) -> pd.DataFrame:
    found: pd.DataFrame | None = None
    if query.order.needs == "measures" and (measures := cache.measures(dataset)):
        found = measures.table
    elif query.order.needs == "losses":
        found = losses(dataset, run_for(dataset))
    elif query.order.needs == "likeness":
        ids, vectors = _vectors(dataset)
        found = likeness(ids, vectors, query.similar)
    return pd.DataFrame(index=pd.Index([], dtype="str")) if found is None else found


def _vectors(dataset: Dataset) -> tuple[Sequence[str] | pd.Index, np.ndarray]:
    """What photos are compared by: descriptors, or what a run learnt."""
    by = state.address("by")
    if by and by == run_for(dataset) and (embeddings := cache.embeddings(by)):
        return embeddings.ids, embeddings.vectors
    measures = cache.measures(dataset)
    if measures is None:
        return [], np.zeros((0, 1), np.float32)
    return measures.table.index, measures.descriptors
