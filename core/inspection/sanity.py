"""Whether an explanation depends on what the model has learnt at all.

Adebayo et al., "Sanity Checks for Saliency Maps", 2018: an explanation that looks the same
when the weights are mixed up explains the photo, not the model.
"""

from typing import Any

import keras
import numpy as np

from core.evaluation.picture_size import asked_picture
from core.evaluation.results import require_model, run_of
from core.inspection.attribution import get_method, per_pixel
from core.models.loading import load_model

# Rank correlation above which two pictures point at the same places.
ALIKE = 0.5


def randomised(model: keras.Model, seed: int = 0) -> keras.Model:
    """A copy of `model` in which the values of each weight are shuffled among themselves.

    So every layer keeps the size of its weights, and nothing of what it learnt. Statistics of
    normalising layers stay, as they belong to the photos.
    """
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    rng = np.random.default_rng(seed)
    for weight in copy.trainable_weights:
        values = np.asarray(weight)
        weight.assign(rng.permutation(values.ravel()).reshape(values.shape))
    return copy


def sanity_check(
    run_folder: str,
    source: bytes | str,
    method: str,
    class_index: int,
    layer_name: str | None = None,
    seed: int = 0,
    image_size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """The explanation of the trained model beside that of one with mixed-up weights.

    Args:
        source: The photo as the bytes of its file, or its path.
        method: A key of `core.inspection.attribution.METHODS`.

    Returns:
        heat and randomised (float32 (height, width)), correlation (Spearman's, −1..1, of their
        sizes), alike (whether the explanation fails the check) and sentence.
    """
    run, way = run_of(run_folder), get_method(method)
    model = load_model(require_model(run))
    picture = asked_picture(run, source, image_size)
    heats = [
        per_pixel(
            way.explain(one, picture, class_index, layer_name if way.words.has_layer else None)
        )
        for one in (model, randomised(model, seed))
    ]
    correlation = rank_correlation(*(np.abs(heat).ravel() for heat in heats))
    alike = correlation > ALIKE
    return {
        "heat": heats[0],
        "randomised": heats[1],
        "correlation": correlation,
        "alike": alike,
        "sentence": _sentence(correlation, alike),
    }


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's rank correlation of two (N,), ties by their mean rank; 0 where one is constant."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]


def _sentence(correlation: float, alike: bool) -> str:
    if alike:
        return (
            f"With mixed-up weights the picture stays much the same (rank correlation "
            f"{correlation:.2f}): it shows edges of the photo rather than what was learnt."
        )
    return (
        f"With mixed-up weights the picture becomes another one (rank correlation "
        f"{correlation:.2f}): what it shows depends on what was learnt."
    )
