"""From which turn on a 6 is taken for a 9, counted; runs in the engine."""

import cv2
import numpy as np

from core.augmentation.changes import Change
from core.augmentation.drawing import Drawn
from core.augmentation.transforms import apply
from core.datasets.samples.digits import SIDE, enlarge

ANGLES = tuple(range(0, 181, 15))
NEIGHBOURS = 5


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    """The picture turned clockwise by the code that trains, uint8 of the same shape."""
    change = Change("rotation", (-degrees,), "rotation")
    return apply(picture, Drawn((change,), "constant", 0) if degrees else Drawn())


def taken_for() -> list[dict[str, float]]:
    """What all handwritten sixes are taken for when they are turned.

    Each is compared with all other digits, and the five that are most like it decide (k nearest
    neighbours, Cover and Hart 1967).

    Returns:
        A dict per angle: `angle` in degrees, and the shares of `six`, `nine` and `other`.
    """
    from sklearn.datasets import load_digits  # only here: the server must stay light

    digits = load_digits()
    known = np.stack([_features(enlarge(image)) for image in digits.images])
    sixes = np.flatnonzero(digits.target == 6)
    rows = []
    for angle in ANGLES:
        asked = [_features(turned(enlarge(digits.images[six])[..., None], angle)) for six in sixes]
        answers = _answers(np.stack(asked), known, digits.target, sixes)
        six, nine = float((answers == 6).mean()), float((answers == 9).mean())
        rows.append({"angle": float(angle), "six": six, "nine": nine, "other": 1 - six - nine})
    return rows


def _features(picture: np.ndarray) -> np.ndarray:
    """float32 (64,): the picture at the size in which the digits came."""
    small = cv2.resize(picture.reshape(SIDE, SIDE), (8, 8), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32).ravel()


def _answers(
    asked: np.ndarray, known: np.ndarray, figures: np.ndarray, own: np.ndarray
) -> np.ndarray:
    """The figure of most of the nearest, each picture itself left out."""
    distances = ((asked[:, None] - known[None]) ** 2).sum(axis=2)
    distances[np.arange(len(own)), own] = np.inf
    nearest = figures[np.argsort(distances, axis=1)[:, :NEIGHBOURS]]
    return np.array([np.bincount(row, minlength=10).argmax() for row in nearest])
