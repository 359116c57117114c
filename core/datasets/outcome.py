"""What an import comes to: rows, splits, and plain sentences about what is amiss."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.datasets.dataset import BLANK, COLUMNS, SPLITS, from_columns
from core.datasets.intake import Photo
from core.datasets.layout import FOLDER_PER_CLASS, Layout
from core.datasets.splits import SplitShares, split_by_shares
from core.errors import UnusableSource

ID_LENGTH = 12


def manifest_of(
    photos: Sequence[Photo], splits: Sequence[str], taken: set[str] | None = None
) -> pd.DataFrame:
    """A row per photo, with ids that depend on the content and not on the file's name.

    Args:
        taken: Ids that are not free; the new ones are added to it.
    """
    taken = set() if taken is None else taken
    copies: Counter[str] = Counter()
    known = {fact for photo in photos for fact in photo.candidate.facts}
    columns: dict[str, Any] = {
        fact: [_said(photo, fact) for photo in photos] for fact in sorted(known & set(COLUMNS))
    }
    columns |= {
        "id": [_free_id(photo.content_hash, taken, copies) for photo in photos],
        "file": [photo.file for photo in photos],
        "source_file": [photo.candidate.file.name for photo in photos],
        "label": [photo.label for photo in photos],
        "split": list(splits),
        "width": [photo.facts.width for photo in photos],
        "height": [photo.facts.height for photo in photos],
        "content_hash": [photo.content_hash for photo in photos],
        "format": [photo.facts.format for photo in photos],
        "repairs": ["; ".join(photo.facts.repairs) for photo in photos],
    }
    return from_columns(columns, len(photos))


def _said(photo: Photo, fact: str) -> Any:
    said = photo.candidate.facts.get(fact)
    return BLANK[fact] if said is None else said


def _free_id(content_hash: str, taken: set[str], copies: Counter[str]) -> str:
    """The first 12 hex digits, counted on for the copies of a photo."""
    while True:
        number = int(content_hash[:ID_LENGTH], 16) + copies[content_hash]
        copies[content_hash] += 1
        free = f"{number % 16**ID_LENGTH:0{ID_LENGTH}x}"
        if free not in taken:
            taken.add(free)
            return free


def share_out(photos: Sequence[Photo], shares: SplitShares, seed: int) -> list[str]:
    """A split per photo: the source's own, and what it lacks carved out of its train photos.

    Photos of one group (a burst, an observation) stay on one side.

    Raises:
        UnusableSource: If the source has splits and no usable photo to train on.
    """
    splits = [photo.candidate.split or "train" for photo in photos]
    if "train" not in splits:
        raise UnusableSource("None of the photos in the train folder can be used.")
    lacking = {name: share for name, share in shares.as_dict().items() if name not in splits}
    train = [index for index, split in enumerate(splits) if split == "train"]
    labels = [photos[index].label for index in train]
    groups = [photos[index].group for index in train]
    carved = split_by_shares(labels, {"train": shares.train} | lacking, seed, groups)
    for index, split in zip(train, carved, strict=True):
        splits[index] = split
    return splits


def repairs(photos: Sequence[Photo]) -> list[dict[str, str]]:
    """`{"file", "what"}` for everything that was done to make a photo usable."""
    return [
        {"file": photo.candidate.file.name, "what": what}
        for photo in photos
        for what in photo.facts.repairs
    ]


def empty_classes(layout: Layout, photos: Sequence[Photo]) -> list[dict[str, str]]:
    """`{"file", "reason"}` for every class without a usable photo."""
    used = {photo.label for photo in photos}
    return [
        {
            "file": f"{folder}/",
            "reason": f"The class {label!r} has no usable photo, so it was left out.",
        }
        for label, folder in layout.labels.items()
        if label not in used
    ]


def thin_classes(
    layout: Layout, photos: Sequence[Photo], splits: Sequence[str]
) -> list[dict[str, str]]:
    """`{"file", "what"}` for every class too small to appear in every split."""
    counts = Counter(photo.label for photo in photos)
    seen = {(p.label, split) for p, split in zip(photos, splits, strict=True)}
    told = []
    for label, count in sorted(counts.items()):
        present = [name for name in SPLITS if (label, name) in seen]
        lacking = [name for name in SPLITS if name in splits and name not in present]
        if lacking:
            photo = "1 photo" if count == 1 else f"{count} photos"
            what = (
                f"The class {label!r} has {photo}, used for {' and '.join(present)}: "
                f"none is left for {' and '.join(lacking)}."
            )
            told.append({"file": f"{layout.labels[label]}/", "what": what})
    return told


def require_two_classes(photos: Sequence[Photo], skipped: Sequence[dict[str, str]]) -> None:
    """Raises `UnusableSource` unless there are photos of two classes."""
    labels = sorted({photo.label for photo in photos})
    if len(labels) > 1:
        return
    first = f"{skipped[0]['file']}: {skipped[0]['reason']} " if skipped else ""
    if labels:
        message = f"Only the class {labels[0]!r} has usable photos; there must be at least two."
    else:
        message = "It holds no usable photo in a class folder."
    raise UnusableSource(message, f"{first}{FOLDER_PER_CLASS}")
