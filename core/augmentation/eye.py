"""From the photo to the numbers that the model gets, station by station."""

from typing import NamedTuple

import numpy as np

from core.augmentation.drawing import Drawn
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.transforms import apply, rescale


class Eye(NamedTuple):
    """What becomes of one photo on its way into the model.

    Attributes:
        original: uint8 (height, width, 3), as large as it was given.
        seen: uint8 (height, width, channels) at the model's size and in its colours.
        augmented: uint8, shape of `seen`: after what was drawn. Exactly as in training.
        numbers: float32, shape of `seen`: after the rescaling of the model's first layer.
        difference: uint8, shape of `seen`: how far each value of `augmented` is from `seen`.
    """

    original: np.ndarray
    seen: np.ndarray
    augmented: np.ndarray
    numbers: np.ndarray
    difference: np.ndarray


def look(original: np.ndarray, seen: np.ndarray, recipe: AugmentationRecipe, drawn: Drawn) -> Eye:
    """All stations of one photo.

    Args:
        original: uint8 (height, width, 3), only shown.
        seen: uint8 (height, width, channels), as the prepared array holds it.
    """
    augmented = apply(seen, drawn)
    difference = np.abs(augmented.astype(np.int16) - seen).astype(np.uint8)
    return Eye(original, seen, augmented, rescale(augmented, recipe), difference)


def as_visible(numbers: np.ndarray) -> np.ndarray:
    """uint8, shape of `numbers`: the lowest black, the highest white."""
    low, high = float(numbers.min()), float(numbers.max())
    if high <= low:
        return np.zeros(numbers.shape, np.uint8)
    return np.rint((numbers - low) * (255 / (high - low))).astype(np.uint8)
