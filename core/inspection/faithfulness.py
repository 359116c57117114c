"""Whether an explanation points at what the model really looks at: insertion and deletion.

Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", 2018.
"""

from typing import NamedTuple

import cv2
import keras
import numpy as np

from core.models.loading import predict_probabilities

STEPS = 24
# Of the shorter side: what is left of a photo blurred like this are its colours.
BLUR_SHARE = 0.15


class Faithfulness(NamedTuple):
    """Curves over the share of pixels that were changed, most important first.

    Attributes:
        shares: float32 (steps + 1,), 0..1.
        deletion: The class's probability while these pixels take the mean colour.
        insertion: The same while they appear in a blurred photo.
        deletion_area: Mean of `deletion`, 0..1: low is good.
        insertion_area: Mean of `insertion`, 0..1: high is good.
    """

    shares: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    deletion_area: float
    insertion_area: float


def faithfulness(
    model: keras.Model, picture: np.ndarray, class_index: int, heat: np.ndarray, steps: int = STEPS
) -> Faithfulness:
    """Deletes and inserts the pixels of `picture` in the order of `heat`.

    Args:
        picture: uint8 (height, width, channels).
        heat: (height, width), the highest first; equal ones in an order drawn by a fixed seed.
    """
    rank = _ranks(heat)
    shares = np.linspace(0, 1, steps + 1, dtype=np.float32)
    color = np.rint(picture.mean(axis=(0, 1))).astype(np.uint8)
    plain = np.broadcast_to(color, picture.shape)
    blurred = _blurred(picture)
    gone = np.stack([np.where((rank < share)[..., None], plain, picture) for share in shares])
    come = np.stack([np.where((rank < share)[..., None], picture, blurred) for share in shares])
    answers = predict_probabilities(model, np.concatenate([gone, come]))[:, class_index]
    deletion, insertion = answers[: steps + 1], answers[steps + 1 :]
    return Faithfulness(
        shares,
        deletion,
        insertion,
        float(np.trapezoid(deletion, shares)),
        float(np.trapezoid(insertion, shares)),
    )


def _ranks(heat: np.ndarray) -> np.ndarray:
    """(height, width), 0..1: the share of pixels that come before."""
    flat = heat.ravel()
    drawn = np.random.default_rng(0).permutation(flat.size)
    order = drawn[np.argsort(-flat[drawn], kind="stable")]
    ranks = np.empty(flat.size)
    ranks[order] = np.arange(flat.size) / flat.size
    return ranks.reshape(heat.shape)


def _blurred(picture: np.ndarray) -> np.ndarray:
    spread = max(1.0, BLUR_SHARE * min(picture.shape[:2]))
    return cv2.GaussianBlur(picture, (0, 0), spread).reshape(picture.shape)
