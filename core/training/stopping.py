"""Ends a training that gets no better."""

import math
from typing import Any

import keras

from core.training.callbacks import Logs, Report
from core.training.config import TrainingConfig
from core.training.schedule import COUNTING_FROM, SETTLING_SCHEDULES, Clock


class StopEarly(keras.callbacks.Callback):
    """Stops after so many epochs in a row without a lower loss, and tells `report` why.

    The loss on the validation photos decides; where there are none, that on the training
    photos, which says when nothing more is learnt but not when photos are learnt by rote.
    While the schedules 'one-cycle' and 'cosine' still have a high rate, the loss stands
    still or wobbles and falls once they slow down: so they are given the first half of their
    epochs or time, and epochs count from there on. Which epoch is kept is another matter
    (`KeepBest`).

    Args:
        report: Told before this callback; its `early_endings` say in words how it ended.
    """

    def __init__(self, training: TrainingConfig, clock: Clock, report: Report):
        super().__init__()
        self._patience, self._clock, self._report = training.early_stopping, clock, report
        self._counting_from = COUNTING_FROM if training.schedule in SETTLING_SCHEDULES else 0.0
        self._best, self._best_epoch = math.inf, 0
        self._waited = 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        scores: dict[str, Any] = dict(logs or {})
        checked = "val_loss" in scores
        loss = scores["val_loss" if checked else "loss"]
        if loss < self._best:
            self._best, self._best_epoch, self._waited = loss, epoch + 1, 0
        elif self._clock.share >= self._counting_from:
            self._waited += 1
        over = self.model.stop_training or self._clock.is_over
        if self._patience is None or over or self._waited < self._patience:
            return
        self.model.stop_training = True
        photos = "validation" if checked else "training"
        best = f"in epoch {self._best_epoch}" if self._best_epoch else "in none"
        rounds = "1 epoch" if self._waited == 1 else f"{self._waited} epochs in a row"
        self._report.early_endings.append(
            f"Stopped early after epoch {epoch + 1}: {rounds} did not make it better on the "
            f"{photos} photos (lowest loss {self._best:.4g} {best})."
        )
