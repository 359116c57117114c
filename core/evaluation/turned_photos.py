"""Photos that show how a step turns one class into another: before and after."""

from typing import NamedTuple

import numpy as np

from core.augmentation.transforms import apply
from core.evaluation.label_safety import Turn, examples
from core.evaluation.results import dataset_of
from core.evaluation.robustness import Report
from core.images import load_picture
from core.training.runs import Run

SHOWN = 4


class TurnedPhoto(NamedTuple):
    """One photo as the model gets it.

    Attributes:
        before, after: uint8 (height, width, channels).
        confidence: In the class that it is taken for afterwards, 0..1.
    """

    before: np.ndarray
    after: np.ndarray
    confidence: float


def turned_photos(run: Run, report: Report, turn: Turn, most: int = SHOWN) -> list[TurnedPhoto]:
    """The photos that show `turn` with the most confidence.

    Raises:
        LoupeError: If one can no longer be read.
    """
    dataset = dataset_of(run)
    files = dataset.manifest.set_index("id")["file"]
    places = {photo_id: place for place, photo_id in enumerate(report.ids)}
    shown = []
    for photo_id in examples(report, turn, most):
        before = load_picture(dataset.folder / files[photo_id], run.config.recipe.picture)
        sure = float(report.answers.confidence[turn.place, places[photo_id]])
        shown.append(TurnedPhoto(before, apply(before, turn.trial.drawn), sure))
    return shown
