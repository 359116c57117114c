"""A finished training once more, epoch by epoch, by other rules of ending and keeping.

Nothing is trained: the callbacks of a training are given the scores that are written down.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from core.training.config import TrainingConfig
from core.training.keeping import KeepBest
from core.training.schedule import SETTLING_SCHEDULES
from core.training.stopping import StopEarly


class _NoModel:
    """Stands for the models of a training: it has no weights and goes nowhere."""

    stop_training = False

    def get_weights(self) -> list[np.ndarray]:
        return []

    def set_weights(self, weights: list[np.ndarray]) -> None:
        """There are none."""

    def save(self, filepath: Path) -> None:
        """There is nothing to save."""


class _Recalled(KeepBest):
    """Chooses as `KeepBest` does, and writes nothing."""

    def _save(self, weights: list[np.ndarray]) -> None:
        self._unsaved = False


def replay(
    training: TrainingConfig,
    ran: TrainingConfig,
    rows: list[dict[str, Any]],
    validation_photos: int,
) -> dict[str, Any]:
    """Where `training` would have ended what `ran` did, and which epoch it would have kept.

    Args:
        training: Its early stopping and its choice of the epoch to keep are tried.
        ran: How the training really went: its length and schedule are told by it.
        rows: Its `metrics.jsonl`: a dict per epoch.
        validation_photos: How many photos the validation scores are made of.

    Returns:
        stopped_after: The epoch after which it would have ended early, None for not at all.
        kept: The epoch that would be the model.
        words: How it would have ended early, "" for not at all.
    """
    tried = ran.model_copy(
        update={"early_stopping": training.early_stopping, "keep": training.keep}
    )
    model: Any = _NoModel()
    clock: Any = SimpleNamespace(share=0.0, is_over=False)
    report: Any = SimpleNamespace(early_endings=[])
    stop = StopEarly(tried, clock, report)
    best = _Recalled(model, model, Path(), validation_photos, keep=tried.keep)
    for callback in (stop, best):
        callback.set_model(model)
    stopped_after = None
    for row in rows:
        clock.share = _share(ran, row)
        clock.is_over = row is rows[-1]
        scores = {name: value for name, value in row.items() if name != "epoch"}
        for callback in (stop, best):
            callback.on_epoch_end(row["epoch"] - 1, scores)
        if model.stop_training:
            stopped_after = row["epoch"]
            break
    settled = ran.schedule in SETTLING_SCHEDULES and stopped_after is None
    kept = best.finish(settled)
    return {"stopped_after": stopped_after, "kept": kept, "words": " ".join(report.early_endings)}


def _share(ran: TrainingConfig, row: dict[str, Any]) -> float:
    """How much of the training was over after an epoch, as its clock told."""
    by_time = row["seconds"] / ran.budget_seconds if ran.budget_seconds else 0.0
    by_epochs = row["epoch"] / ran.epochs if ran.epochs else 0.0
    return min(1.0, max(by_time, by_epochs))
