"""What happens beside a training: the learning rate, the end, the reports."""

import json
import math
import time
from collections import deque
from typing import Any

import keras

from core.errors import Diverged
from core.reporter import Reporter
from core.training.config import TrainingConfig
from core.training.live import LiveCurve
from core.training.schedule import Clock, learning_rate_at

Logs = dict[str, Any] | None


class Pace(keras.callbacks.Callback):
    """Sets the learning rate before every step; ends the training when time is up or on request."""

    def __init__(self, config: TrainingConfig, clock: Clock, reporter: Reporter):
        super().__init__()
        self._config, self._clock, self._reporter = config, clock, reporter
        self.learning_rate = learning_rate_at(config, 0.0, 0)

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._clock.begin()
        wanted = learning_rate_at(self._config, self._clock.share, self._clock.steps_done)
        if wanted != self.learning_rate or not self._clock.steps_done:
            self.learning_rate = wanted
            synchronise(self.model)
            self.model.optimizer.learning_rate = wanted

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._clock.step()
        if self._reporter.stop_requested():
            self._reporter.accept_stop()
        if self._reporter.stopped or self._clock.is_over:
            self.model.stop_training = True


def synchronise(model: keras.Model) -> None:
    """Brings a model's variables up to date where the backend (JAX) keeps them elsewhere."""
    if hasattr(model, "jax_state_sync") and keras.backend.backend() == "jax":
        model.jax_state_sync()


class Report(keras.callbacks.Callback):
    """Tells the status file about every step and `metrics.jsonl` about every epoch.

    Args:
        after: The report of an earlier part of the same training; its epochs come first.
        words: What is said behind the number of the epoch.
    """

    def __init__(
        self,
        config: TrainingConfig,
        clock: Clock,
        reporter: Reporter,
        pace: Pace,
        after: "Report | None" = None,
        words: str = "",
    ):
        super().__init__()
        self._config, self._clock, self._reporter, self._pace = config, clock, reporter, pace
        self._metrics = reporter.folder / "metrics.jsonl"
        self._recent: deque[tuple[float, int]] = deque(maxlen=200)
        self._live: LiveCurve = after._live if after else LiveCurve()
        self._words = words
        self._photos = 0
        self._epoch = 0
        self._epoch_begun = 0.0
        self.history: list[dict[str, Any]] = list(after.history) if after else []
        self._epochs_before = len(self.history)
        self.early_endings: list[str] = list(after.early_endings) if after else []

    def forget_earlier_attempts(self) -> None:
        """Removes the epochs that a training of this folder wrote before it was interrupted."""
        self._metrics.unlink(missing_ok=True)

    def summary(self, kept: int) -> dict[str, Any]:
        """What is said of a training whose epoch `kept`, counted from 1, is the model.

        `stopped_early` is a sentence, or None where the training went on to its end;
        `passed_over` the share of the training photos that did not count in the last epoch,
        None where no labels are doubted.
        """
        row = self.history[kept - 1]
        return {
            "epochs": len(self.history),
            "kept_epoch": kept,
            "train_accuracy": row.get("accuracy"),
            "val_accuracy": row.get("val_accuracy"),
            "photos_per_second": round(self.photos_per_second, 1),
            "stopped_early": " ".join(self.early_endings) or None,
            "passed_over": self.history[-1].get("passed_over"),
        }

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch, self._epoch_begun = epoch + 1, self._clock.seconds
        self._live.begin_epoch()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        loss, accuracy = float(logs["loss"]), float(logs["accuracy"])  # type: ignore[index]
        if not math.isfinite(loss):
            raise Diverged(
                f"The loss grew beyond all bounds after {self._clock.steps_done} steps.",
                f"Use a learning rate below {self._config.learning_rate:g}.",
            )
        epochs = self._epochs_before + self._clock.steps_done / self._clock.steps_per_epoch
        self._live.add(epochs, loss, accuracy)
        self._photos += self._config.batch_size
        self._recent.append((time.perf_counter(), self._photos))
        self._tell(batch)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        row: dict[str, Any] = {"epoch": epoch + 1}
        row |= {name: _number(value) for name, value in (logs or {}).items()}
        row["seconds"] = round(self._clock.seconds, 3)
        row["epoch_seconds"] = round(self._clock.seconds - self._epoch_begun, 3)
        row["learning_rate"] = self._pace.learning_rate
        self.history.append(row)
        with open(self._metrics, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self._reporter.update(extra=row)

    @property
    def photos_per_second(self) -> float:
        if len(self._recent) < 2:
            return 0.0
        (first, before), (last, after) = self._recent[0], self._recent[-1]
        return (after - before) / (last - first)

    def _tell(self, batch: int) -> None:
        clock = self._clock
        epochs = self._epochs_before + self._config.epochs if self._config.epochs else None
        done, total, unit = clock.progress
        self._reporter.update(
            done=done,
            total=total,
            unit=unit,
            message=f"Epoch {self._epoch}" + (f" of {epochs}" if epochs else "") + self._words,
            seconds_left=clock.seconds_left,
            extra={
                "running_epoch": self._epoch,
                "epochs": epochs,
                "batch": batch + 1,
                "batches": clock.steps_per_epoch,
                "photos_per_second": round(self.photos_per_second, 1),
                "learning_rate": self._pace.learning_rate,
                "live": self._live.as_lists(),
            },
        )


def _number(value: Any) -> float | None:
    """None for what is none: JSON, and the charts that read it, know no NaN and no infinity."""
    return round(float(value), 5) if math.isfinite(float(value)) else None
