"""Augmented copies on the map of the photos: where they fall, and whose company they keep."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core.datasets.perception import descriptor
from core.datasets.similarity import unit_length
from core.datasets.similarity_map import place_new


@dataclass(frozen=True, eq=False)
class PlacedCopies:
    """Copies of some photos of a map.

    Attributes:
        places: float32 (n, draws, 2): where they fall on the map.
        nearest: int64 (n, draws): the row of the photo each is most like.
        strays: bool (n, draws): whether that photo is of another class than the original.
    """

    places: np.ndarray
    nearest: np.ndarray
    strays: np.ndarray


def descriptors(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """float32 (n, D), unit length: those of `core.datasets.perception`.

    Args:
        pictures: uint8 (height, width, 1 or 3) each.
    """
    return np.stack([_descriptor(picture) for picture in pictures])


def _descriptor(picture: np.ndarray) -> np.ndarray:
    grey = picture.shape[2] == 1
    colored = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if grey else picture
    return descriptor(colored, cv2.cvtColor(colored, cv2.COLOR_RGB2GRAY))


def place_copies(
    vectors: np.ndarray,
    places: np.ndarray,
    labels: Sequence[str],
    originals: Sequence[int],
    plain: np.ndarray,
    copies: np.ndarray,
) -> PlacedCopies:
    """Places copies around their originals.

    The map knows photos by their large pictures, and copies are made at the model's size: a copy
    goes as far from its original on the map as its vector lies from that of the original at that
    size. A copy that was not changed lies on its original.

    Args:
        vectors: float (N, D), unit length: the photos on the map.
        places: float (N, 2): where they lie.
        labels: Their N classes.
        originals: The rows of the n photos with copies.
        plain: float (n, D): these photos at the model's size.
        copies: float (n, draws, D): their copies.
    """
    count, draws, size = copies.shape
    moved = vectors[list(originals)][:, None] + copies - plain[:, None]
    flat = unit_length(moved.reshape(-1, size))
    nearest = (flat @ vectors.T).argmax(axis=1).reshape(count, draws)
    classes = np.array(labels, dtype=object)
    strays = classes[nearest] != classes[list(originals)][:, None]
    placed = place_new(flat, vectors, places).reshape(count, draws, 2)
    return PlacedCopies(placed, nearest, strays.astype(bool))
