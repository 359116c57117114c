"""The photos of the coverage view: those that are varied, and those that are compared with."""

from typing import Any, NamedTuple

import numpy as np

from core.datasets.samples import draw_insect
from core.evaluation.look import affordable, evenly, load_all, measure_looks
from core.images import fit_picture
from core.progress import Progress
from ui import cache, previews
from ui.lab.lab import Lab
from ui.lab.target import Target

MOST = 240  # training photos that are looked at
INSECTS = 40


class Training(NamedTuple):
    """The training photos that are varied.

    Attributes:
        key: Equal for the same photos.
        pictures: uint8 (n, height, width, channels).
        rows: Their rows in the prepared array.
        looks: float32 (n, 6), as they are.
        total: How many there are.
    """

    key: tuple[Any, ...]
    pictures: np.ndarray
    rows: list[int]
    looks: np.ndarray
    total: int


class Seen(NamedTuple):
    """The photos that are compared with.

    Attributes:
        looks: float32 (k, 6).
        places: Which of the target's sources each of them is.
        unreadable: How many could not be read.
    """

    looks: np.ndarray
    places: list[int]
    unreadable: int


def training_photos(lab: Lab, progress: Progress) -> Training:
    """Some of the data set's training photos, or insects drawn by Loupe.

    Raises:
        LoupeError: If none of them can be read.
    """
    if lab.dataset_name is None:
        return cache.kept("coverage-training", (lab.spec,), lambda: _insects(lab), 3)
    dataset = cache.dataset(lab.dataset_name)
    photos = dataset.split("train")
    photos = photos if len(photos) else dataset.used
    places = evenly(len(photos), affordable(lab.spec, MOST))
    ids = [str(photos["id"].iloc[place]) for place in places]
    key = dataset.name, dataset.version, lab.spec

    def read() -> Training:
        loaded = load_all([str(dataset.photo_path(one)) for one in ids], lab.spec, progress)
        rows = [dataset.places[ids[place]] for place in loaded.places]
        looks = measure_looks(loaded.pictures)
        return Training(key, loaded.pictures, rows, looks, len(photos))

    return cache.kept("coverage-training", key, read, 3)


def _insects(lab: Lab) -> Training:
    labels = previews.DRAWN_LABELS
    drawn = [draw_insect(labels[place % 2], place, size=128) for place in range(INSECTS)]
    pictures = np.stack([fit_picture(one, lab.spec) for one in drawn])
    rows = list(range(INSECTS))
    return Training((lab.spec,), pictures, rows, measure_looks(pictures), INSECTS)


def seen_photos(lab: Lab, target: Target | None, progress: Progress) -> Seen:
    """How the photos look that are compared with; none where there is nothing to compare with.

    Raises:
        LoupeError: If there are some, and none can be read.
    """
    if target is None:
        return Seen(measure_looks(()), [], 0)

    def read() -> Seen:
        loaded = load_all(target.sources, lab.spec, progress)
        return Seen(measure_looks(loaded.pictures), loaded.places, len(loaded.unreadable))

    return cache.kept("coverage-seen", (target.key, lab.spec), read, 16)
