"""Training photos that one run holds back for validation, where its data set has none."""

from dataclasses import replace

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.grouping import groups_of
from core.datasets.near_groups import near_groups
from core.datasets.splits import split_by_shares
from core.training.config import TrainingConfig
from core.training.runs import Run
from core.workspace import read_json, write_json

FILE = "held_back.json"
# Shares are told in whole numbers; so many make one.
WHOLE = 10_000


def hold_back(run: Run, training: TrainingConfig, dataset: Dataset) -> Dataset:
    """`dataset` with a share of its training photos as validation photos, for this run alone.

    Which ones follows from the seed: the same share of each class, one photo at least where
    it has two, and bursts, observations and photos that look nearly the same on one side.
    They are written down beside the run, so that whoever asks its model later
    (`with_held_back`) does not take them for photos that it learnt from.

    Returns:
        `dataset` itself if it has validation photos or nothing is to be held back.
    """
    path = run.folder / FILE
    path.unlink(missing_ok=True)
    if training.validation_share is None or dataset.split_counts()["validation"]:
        return dataset
    ids = chosen_to_hold_back(training, dataset)
    write_json(path, {"share": training.validation_share, "seed": training.seed, "ids": ids})
    return _with_validation(dataset, ids)


def chosen_to_hold_back(training: TrainingConfig, dataset: Dataset) -> list[str]:
    """The ids of the training photos that `hold_back` would take; none where it takes none."""
    if training.validation_share is None or dataset.split_counts()["validation"]:
        return []
    photos = dataset.split("train").sort_values("id")
    together = _together(dataset, photos)
    held = round(training.validation_share * WHOLE)
    splits = split_by_shares(
        photos["label"].tolist(),
        {"train": WHOLE - held, "validation": held},
        training.seed,
        together,
    )
    return photos["id"][[split == "validation" for split in splits]].tolist()


def with_held_back(run: Run, dataset: Dataset) -> Dataset:
    """`dataset`, in the version that `run` learnt from, with its splits as `run` had them."""
    path = run.folder / FILE
    if not path.exists():
        return dataset
    return _with_validation(dataset, read_json(path)["ids"])


def _together(dataset: Dataset, photos: pd.DataFrame) -> list[str]:
    """A group for each of `photos`, empty for one on its own."""
    same = photos[photos.duplicated("content_hash", keep=False)]
    equal = groups_of(photos, dict(zip(same["id"], same["content_hash"], strict=True)))
    grouped = photos.assign(group=[equal.get(photo_id, "") for photo_id in photos["id"]])
    found = groups_of(grouped, near_groups(dataset))
    return [found.get(photo_id, "") for photo_id in photos["id"]]


def _with_validation(dataset: Dataset, ids: list[str]) -> Dataset:
    manifest = dataset.manifest
    splits = manifest["split"].mask(manifest["id"].isin(ids), "validation")
    return replace(dataset, manifest=manifest.assign(split=splits))
