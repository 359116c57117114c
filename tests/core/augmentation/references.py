"""Which library each step is compared with, and what the comparisons need.

Tolerances are in grey levels. Pillow and albumentations cut off decimals where we round, and
Pillow rounds greys before it blends: 1, and 1 more for each step in between that it rounds.
OpenCV interpolates at 1/32 of a pixel: up to 3 at an edge of 100 levels, rarely more.
"""

from collections import defaultdict
from collections.abc import Callable

import albumentations
import numpy as np
from PIL import Image

REFERENCES: dict[str, set[str]] = defaultdict(set)


def reference(library: str, *kinds: str) -> Callable:
    """Marks a test that compares the steps `kinds` with `library`."""
    for kind in kinds:
        REFERENCES[kind].add(library)
    return lambda test: test


def by_albumentations(step: albumentations.BasicTransform, picture: np.ndarray) -> np.ndarray:
    return step(image=picture)["image"]


def as_pillow(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(picture if picture.shape[2] == 3 else picture[..., 0])


def as_array(image: Image.Image, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(image).reshape(shape)


def largest_difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one.astype(int) - other.astype(int)).max())
