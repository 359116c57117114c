"""What a training cannot have found out, in plain words."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from core.datasets.manifest import Dataset
from core.datasets.prepared import Prepared
from core.evaluation.split_warnings import named

PICTURES_AT_ONCE = 256


def what_cannot_be_known(
    dataset: Dataset, prepared: Prepared, result: Mapping[str, Any]
) -> list[str]:
    """Plain sentences for the end of a training; none where all can be told.

    Args:
        result: What `core.training.worker.fit` returned, with `test_accuracy`.
    """
    train = dataset.split("train", ["id", "label"])
    told = []
    if result["val_accuracy"] is None:
        told.append(
            "No photos were set aside for validation: nothing watched how good it is on photos "
            "that it has not seen."
        )
    if result["test_accuracy"] is None:
        told.append("There are no test photos: nobody can tell how good it is on new photos.")
    counts = train["label"].value_counts()
    unseen = [name for name in dataset.class_names if name not in counts]
    if unseen:
        told.append(f"It has not seen a single training photo of {named(unseen)}.")
    lone = [name for name in dataset.class_names if counts.get(name) == 1]
    if lone:
        told.append(
            f"Of {named(lone)} it has seen a single photo, and cannot know what varies from one "
            "photo to the next."
        )
    if len(train) > 1 and _all_the_same(prepared, train["id"]):
        told.append(
            "All training photos are the same picture: there was nothing to tell apart, and "
            "whatever it answers is a guess."
        )
    elif learnt_nothing(result, counts.max() / len(train)):
        told.append(
            f"It does no better than always answering {counts.idxmax()!r}. Perhaps the learning "
            "rate is too large, or the training too short."
        )
    return told


def learnt_nothing(result: Mapping[str, Any], largest_share: float) -> bool:
    """Whether neither the photos learnt from nor the others are told apart better than by
    always giving the answer that `largest_share` (0..1) of the training photos have."""
    known = [result.get(name) for name in ("train_accuracy", "val_accuracy", "test_accuracy")]
    reached = [accuracy for accuracy in known if accuracy is not None]
    return bool(reached) and largest_share < 1 and max(reached) <= largest_share


def _all_the_same(prepared: Prepared, ids: Iterable[str]) -> bool:
    """Compares pixels until two differ: with photos worth having, at the first two."""
    rows = prepared.indices(ids)
    first = prepared.array[rows[0]]
    return all(
        np.array_equal(picture, first)
        for start in range(0, len(rows), PICTURES_AT_ONCE)
        for picture in prepared.array[rows[start : start + PICTURES_AT_ONCE]]
    )
