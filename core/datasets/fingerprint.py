"""What a data set is, whatever its name and version: to tell whether another is the same."""

import hashlib

from pydantic import BaseModel, ConfigDict

from core.datasets.dataset import Dataset

# The order of the rows is part of it: a training draws for a photo by its place.
_LEARNT_FROM = ["id", "content_hash", "label", "split", "excluded"]


class Fingerprint(BaseModel):
    """What a training learns from, in short.

    Attributes:
        digest: Equal where photos, labels, splits and their order are equal.
        classes: Used photos per class.
        splits: Used photos per split.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    classes: dict[str, int]
    splits: dict[str, int]


def fingerprint(dataset: Dataset) -> Fingerprint:
    """The fingerprint of one version of a data set."""
    rows = dataset.manifest[_LEARNT_FROM].itertuples(index=False, name=None)
    key = hashlib.sha256()
    for row in rows:
        key.update(repr(tuple(map(str, row))).encode())
    return Fingerprint(
        digest=key.hexdigest()[:24],
        classes=dataset.class_counts(),
        splits=dataset.split_counts(),
    )


def differences(then: Fingerprint, now: Fingerprint) -> list[str]:
    """In words what is other than it was; empty where nothing is."""
    if then.digest == now.digest:
        return []
    said = [
        f"{now.splits.get(split, 0):,} photos to {use} instead of {then.splits.get(split, 0):,}"
        for split, use in (
            ("train", "learn from"),
            ("validation", "validate with"),
            ("test", "test with"),
        )
        if now.splits.get(split, 0) != then.splits.get(split, 0)
    ]
    said += [
        f"{now.classes.get(name, 0):,} of {name} instead of {then.classes.get(name, 0):,}"
        for name in sorted({*then.classes, *now.classes})
        if now.classes.get(name, 0) != then.classes.get(name, 0)
    ]
    return said or ["as many photos of every class, but not the same ones, or split otherwise"]
