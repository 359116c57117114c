"""The photos of a split that a run is asked about, and the model that answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets.prepared import prepare
from core.evaluation.results import dataset_of, photos_of_split, require_model, run_of
from core.progress import Progress, silent
from core.training.runs import Run

PHOTOS_AT_ONCE = 256
SEED = 0  # of the choice among many photos


@dataclass(frozen=True, eq=False)
class Asked:
    """Photos as the model gets them, in the order of `ids`.

    Attributes:
        ids: The photos' ids in the data set.
        true: int64 (n,), the class number of each.
        class_names: Of those numbers.
        predict: uint8 (m, height, width, channels) to float32 (m, num_classes).
        array: uint8 (N, height, width, channels), memory-mapped: all prepared photos.
        rows: int64 (n,), the rows of `array` that are asked about.
        available: How many photos the split has.
    """

    ids: list[str]
    true: np.ndarray
    class_names: tuple[str, ...]
    predict: Callable[[np.ndarray], np.ndarray]
    array: np.ndarray
    rows: np.ndarray
    available: int

    def chunks(self) -> list[tuple[slice, np.ndarray]]:
        """Places among `ids`, and the rows of `array` there: a few hundred at a time."""
        starts = range(0, len(self.rows), PHOTOS_AT_ONCE)
        places = [slice(start, start + PHOTOS_AT_ONCE) for start in starts]
        return [(place, self.rows[place]) for place in places]


def ask_photos(
    run: Run | Path | str, split: str, limit: int | None = None, progress: Progress = silent
) -> Asked:
    """Photos of `split`, prepared for the run's model, which is loaded.

    Args:
        limit: At most so many, as evenly over the classes as there are photos, always the
            same ones; None for all.

    Raises:
        LoupeError: If the split has no photos or the run has no model yet. Photos that the
            model has learnt from are never taken in their place.
    """
    from core.models.loading import load_model, predict_probabilities

    run = run_of(run)
    path = require_model(run)
    dataset = dataset_of(run)
    photos = photos_of_split(dataset, split)
    chosen = evenly(photos, limit)
    prepared = prepare(dataset, run.config.recipe.picture, progress)
    model = load_model(path)
    numbers = {name: number for number, name in enumerate(run.config.class_names)}
    return Asked(
        ids=chosen["id"].tolist(),
        true=np.array([numbers[label] for label in chosen["label"]], np.int64),
        class_names=tuple(run.config.class_names),
        predict=lambda pictures: predict_probabilities(model, pictures),
        array=np.asarray(prepared.array),
        rows=prepared.indices(chosen["id"].tolist()),
        available=len(photos),
    )


def evenly(photos: pd.DataFrame, limit: int | None) -> pd.DataFrame:
    """At most `limit` rows of a manifest, the classes in turn; a class with few gives all."""
    ordered = photos.sort_values("id")
    if limit is None or limit >= len(photos):
        return ordered
    mixed = ordered.sample(frac=1.0, random_state=SEED)
    turn = mixed.groupby("label").cumcount()
    chosen = mixed.assign(turn=turn).sort_values(["turn", "label"], kind="stable").head(limit)
    return chosen.drop(columns="turn").sort_values("id")
