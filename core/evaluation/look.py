"""How pictures look to a model, in a few numbers: light, sharpness and colour, at its size.

All are measured of the picture as the model gets it, so that photos, their augmented copies
and photos from elsewhere can be compared. Sharpness in particular depends on the size.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.augmentation.drawing import draw, picture_seed
from core.augmentation.preview import batch
from core.augmentation.recipe import AugmentationRecipe
from core.datasets import perception
from core.datasets.pooled import in_order
from core.decoding import EXTENSIONS
from core.errors import LoupeError, UnusablePicture
from core.images import PictureSpec, load_picture
from core.progress import Progress, silent

CHUNK = 16
VARYING = "Varying the photos"
WORKERS = min(2, os.cpu_count() or 2)
# Bytes of pictures that are kept to be varied again and again: 400 of 224 × 224 in colour.
MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class Look:
    """One thing that can be said of how a picture looks.

    Attributes:
        name: Its key.
        title: What its chart is called.
        unit: Of its axis.
        low, high: How a picture is that has less or more of it than others.
        colour: Whether pictures in shades of grey have none of it.
    """

    name: str
    title: str
    unit: str
    low: str
    high: str
    colour: bool = False


LOOKS = (
    Look("brightness", "Brightness", "mean of 0 to 255", "darker", "brighter"),
    Look("contrast", "Contrast", "spread of 0 to 255", "flatter", "richer in contrast"),
    Look("sharpness", "Sharpness", "0 blurred, 1 sharp", "more blurred", "sharper"),
    Look("colourfulness", "Colourfulness", "0 grey, 100 garish", "paler", "more colourful", True),
    Look("warmth", "Warmth", "red minus blue", "bluer", "redder", True),
    Look("tint", "Tint", "green minus red and blue", "more purple", "greener", True),
)
_PLACES = {name: place for place, name in enumerate(perception.COLUMNS)}


def looks_of(spec: PictureSpec) -> tuple[Look, ...]:
    """What can be said of pictures of `spec`: nothing about colour where they have none."""
    return tuple(look for look in LOOKS if spec.channels == 3 or not look.colour)


def measure_look(picture: np.ndarray) -> np.ndarray:
    """float32 (6,) in the order of `LOOKS`, of uint8 (height, width, 1 or 3).

    The first four are those of `core.datasets.measures`; warmth is the mean of red minus that
    of blue, tint the mean of green minus that of red and blue, each -255..255.
    """
    if picture.shape[2] == 1:
        grey, picture = picture[..., 0], cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    else:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    numbers = perception.measured(picture, grey)
    red, green, blue = (numbers[_PLACES[name]] for name in ("red", "green", "blue"))
    plain = [numbers[_PLACES[look.name]] for look in LOOKS[:4]]
    return np.array([*plain, red - blue, green - (red + blue) / 2], np.float32)


def measure_looks(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """float32 (N, 6): a row per picture, see `measure_look`."""
    rows = [measure_look(picture) for picture in pictures]
    return np.stack(rows) if rows else np.empty((0, len(LOOKS)), np.float32)


def measure_copies(
    pictures: np.ndarray,
    rows: Sequence[int],
    recipe: AugmentationRecipe,
    draws: int,
    seed: int = 0,
    progress: Progress = silent,
) -> np.ndarray:
    """float32 (draws · N, 6): how copies look that training would make, draw after draw.

    Args:
        pictures: uint8 (N, height, width, channels).
        rows: Their rows in the prepared array: with them, the copies are those that a training
            with `seed` shows in its first epochs.
        draws: Copies of each.
    """
    starts = range(0, len(pictures), CHUNK)
    tasks = [(epoch, start) for epoch in range(draws) for start in starts]

    def vary(task: tuple[int, int]) -> np.ndarray:
        epoch, start = task
        part = slice(start, start + CHUNK)
        drawn = [draw(recipe, picture_seed(seed, epoch, row)) for row in rows[part]]
        return measure_looks(batch(list(pictures[part]), drawn)[0])

    found = []
    with closing(in_order(vary, tasks, WORKERS)) as parts:
        for part in parts:
            found.append(part)
            progress(min(len(found) * CHUNK, draws * len(pictures)), draws * len(pictures), VARYING)
    return np.concatenate(found) if found else measure_looks(())


def evenly(count: int, most: int) -> list[int]:
    """At most `most` places among `count`, evenly far apart; those of all where they are few."""
    if count <= most:
        return list(range(count))
    return np.linspace(0, count - 1, most).round().astype(int).tolist()


def affordable(spec: PictureSpec, most: int) -> int:
    """How many pictures of `spec` may be kept at once, at most `most`."""
    return max(1, min(most, MOST_BYTES // int(np.prod(spec.shape))))


@dataclass(frozen=True, eq=False)
class Loaded:
    """Pictures that could be read, and why others could not.

    Attributes:
        pictures: uint8 (n, height, width, channels).
        places: Which of the sources each of them is.
        unreadable: Why, by the place of the source.
    """

    pictures: np.ndarray
    places: list[int]
    unreadable: dict[int, str]


def load_all(
    sources: Sequence[str | bytes], spec: PictureSpec, progress: Progress = silent
) -> Loaded:
    """Pictures as a model takes them, from files or their bytes.

    Raises:
        LoupeError: If there are some, and none can be read.
    """

    def load(start: int) -> list[np.ndarray | str]:
        return [_load(source, spec) for source in sources[start : start + CHUNK]]

    pictures = np.empty((len(sources), *spec.shape), np.uint8)
    places: list[int] = []
    unreadable: dict[int, str] = {}
    with closing(in_order(load, range(0, len(sources), CHUNK), WORKERS)) as chunks:
        for number, chunk in enumerate(chunks):
            progress(number * CHUNK, len(sources), "Reading the photos")
            for place, one in enumerate(chunk, number * CHUNK):
                if isinstance(one, str):
                    unreadable[place] = one
                    continue
                pictures[len(places)] = one
                places.append(place)
    if sources and not places:
        raise LoupeError(
            f"None of these photos can be read. {unreadable[0]}", "Choose other photos."
        )
    return Loaded(pictures[: len(places)], places, unreadable)


def _load(source: str | bytes, spec: PictureSpec) -> np.ndarray | str:
    try:
        return load_picture(source if isinstance(source, bytes) else Path(source), spec)
    except UnusablePicture as error:
        return error.message


def pictures_in(folder: Path) -> list[str]:
    """All files below a folder that are called like pictures, by name; hidden ones are left out.

    Raises:
        LoupeError: If it is no folder, or has none.
    """
    if not folder.is_dir():
        raise LoupeError(f"There is no folder {folder}.", "Check how it is written; it must exist.")
    endings = {ending for group in EXTENSIONS.values() for ending in group}
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            os.path.join(parent, name)
            for name in sorted(files)
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in endings
        ]
    if not found:
        raise LoupeError(f"There are no photos in {folder}.", "Choose a folder with photos.")
    return found
