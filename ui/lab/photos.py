"""The photos that the lab varies: those of a data set, or insects drawn by Loupe."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.datasets.samples import draw_insect
from core.images import PictureSpec, load_thumbnail
from ui import cache, previews

LARGE = 480  # pixels of the longest side, where a photo is shown as it is


class LabPhoto(NamedTuple):
    """A photo of the lab.

    Attributes:
        picture: uint8 (height, width, channels), as the model gets it.
        label: Its class.
        source: Its file, or "" for a drawn one.
        row: Its row in the data set's prepared array, or which of the drawn ones it is.
        photo_id: Its id in the data set, or "" for a drawn one.
    """

    picture: np.ndarray
    label: str
    source: str = ""
    row: int = 0
    photo_id: str = ""


def lab_photos(
    dataset_name: str | None, spec: PictureSpec, count: int, offset: int
) -> list[LabPhoto]:
    """`count` photos, the classes in turn; `offset` counts whole sets of them."""
    if dataset_name is None:
        labels = previews.DRAWN_LABELS
        made = previews.drawn_pictures(spec, count, offset)
        return [
            LabPhoto(picture, labels[place % 2], "", offset * count + place)
            for place, picture in enumerate(made)
        ]
    return [
        LabPhoto(previews.picture_of(path, photo_id, spec), label, path, row, photo_id)
        for photo_id, label, path, row in previews.photos_in_turn(dataset_name, count, offset)
    ]


def large(photo: LabPhoto) -> np.ndarray:
    """The photo itself, uint8 (height, width, 3)."""
    if photo.source:
        return cache.remembered(_large, photo.source)
    return draw_insect(photo.label, photo.row, size=256)


def _large(path: str) -> np.ndarray:
    return load_thumbnail(Path(path), LARGE)
