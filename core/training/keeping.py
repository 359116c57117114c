"""What a training leaves behind while it goes on: the best model, and a diary."""

import math
import os
import time
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from core.models.loading import two_columns
from core.training.callbacks import Logs, synchronise

# A validation loss this many times the lowest one is worse by more than its usual wobble.
WORSE_LOSS = 1.05


class Keeper(Protocol):
    """What a model is saved through: a second one of the same build, or what stands for it."""

    def set_weights(self, weights: list[np.ndarray]) -> None: ...

    def save(self, filepath: Path) -> None: ...


class KeepBest(keras.callbacks.Callback):
    """Remembers the epoch with the lowest validation loss and keeps it in `model.keras`.

    Where weights are averaged, it is the average that is judged and kept.

    An interrupted training so leaves a model that can be used.

    Args:
        source: The model whose weights are being trained.
        keeper: A second model of the same build; what is saved passes through it.
        path: Where the model is kept.
        validation_photos: How many photos the validation scores are made of.
        first_saving_after: Seconds before a model is saved for the first time.
        keep: "best", "last", or "auto": the last, unless an earlier one was clearly better.
            Without validation photos it is always the last.
    """

    # Saving may take a twentieth of the time at most.
    PAUSE_PER_SAVING = 20.0

    def __init__(
        self,
        source: keras.Model,
        keeper: Keeper,
        path: Path,
        validation_photos: int = 0,
        first_saving_after: float = 0.0,
        keep: str = "auto",
    ):
        super().__init__()
        self._source, self._keeper, self._path = source, keeper, path
        self._keep = keep
        self._validation_photos = validation_photos
        self._best: dict[str, Any] | None = None
        self._last: dict[str, Any] = {}
        self._unsaved = False
        self._next_saving = time.perf_counter() + first_saving_after

    def start_from(self, epoch: int, row: dict[str, Any]) -> None:
        """Counts the weights as they are, of an earlier epoch with the scores `row`, as kept."""
        loss = row.get("val_loss", row.get("loss", math.inf))
        scores = {"epoch": epoch, "loss": loss, "accuracy": row.get("val_accuracy")}
        self._best = scores | {"weights": self._source.get_weights()}
        self._last = scores

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        synchronise(self.model)
        scores = dict(logs or {})
        loss = scores.get("val_loss", scores.get("loss", math.inf))
        self._last = {"epoch": epoch + 1, "loss": loss, "accuracy": scores.get("val_accuracy")}
        takes_all = self._keep == "last" or "val_loss" not in scores
        if self._best is None or takes_all or loss <= self._best["loss"]:
            self._best = self._last | {"weights": self._source.get_weights()}
            self._unsaved = True
        if self._unsaved and time.perf_counter() >= self._next_saving:
            self._save(self._best["weights"])

    def finish(self, settled: bool = False) -> int:
        """Saves the model to keep and returns its epoch, counted from 1.

        Args:
            settled: What "auto" goes by: whether the learning rate has come down to nothing.
                Then the last epoch is the best guess, and only a gap in accuracy that chance
                does not explain speaks against it; otherwise a lower loss does.
        """
        best = self._best
        if best is None or not self._clearly_better(best, settled):
            self._save(self._source.get_weights())
            return int(self._last.get("epoch", 0))
        self._save(best["weights"])
        return int(best["epoch"])

    def _clearly_better(self, best: dict[str, Any], settled: bool) -> bool:
        accuracy = best["accuracy"]
        if self._keep == "best" and accuracy is not None:
            return True
        if accuracy is None or self._last["loss"] <= WORSE_LOSS * best["loss"]:
            return False
        if not settled:
            return True
        spread = math.sqrt(accuracy * (1 - accuracy) / max(1, self._validation_photos))
        # Twice, because the best of many epochs owes something to luck.
        return accuracy - self._last["accuracy"] > 2 * spread

    def _save(self, weights: list[np.ndarray]) -> None:
        begun = time.perf_counter()
        self._keeper.set_weights(weights)
        temporary = self._path.with_name(f".{self._path.stem}.tmp.keras")
        self._keeper.save(temporary)
        os.replace(temporary, self._path)
        self._unsaved = False
        now = time.perf_counter()
        self._next_saving = now + self.PAUSE_PER_SAVING * (now - begun)


class Diary(keras.callbacks.Callback):
    """Writes down what a fixed dozen of photos looks like to the model after every epoch.

    `history/probabilities.npz` holds `epochs` (E,), `probabilities` float32 (E, n, num_classes),
    `ids` (n,) and `labels` (n,), class numbers.
    """

    SHORTEST_PAUSE_SECONDS = 2.0

    def __init__(
        self,
        source: keras.Model,
        pictures: np.ndarray,
        ids: list[str],
        labels: np.ndarray,
        folder: Path,
    ):
        super().__init__()
        self._source, self._pictures = source, pictures
        self._ids, self._labels = ids, labels
        self._path = folder / "probabilities.npz"
        self._epochs: list[int] = []
        self._answers: list[np.ndarray] = []
        self._written = 0.0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        synchronise(self.model)
        answers = keras.ops.convert_to_numpy(self._source(self._pictures, training=False))
        self._epochs.append(epoch + 1)
        self._answers.append(two_columns(answers))
        if time.perf_counter() - self._written >= self.SHORTEST_PAUSE_SECONDS:
            self.write()

    def go_on_with(self, source: keras.Model, pictures: np.ndarray) -> None:
        """From now on asks `source`, which takes `pictures` of the same photos."""
        self._source, self._pictures = source, pictures

    def write(self) -> None:
        """Replaces the file by one with all epochs so far."""
        if not self._epochs:
            return
        self._path.parent.mkdir(exist_ok=True)
        temporary = self._path.with_name(".probabilities.tmp.npz")
        np.savez(
            temporary,
            epochs=np.array(self._epochs),
            probabilities=np.stack(self._answers).astype(np.float32),
            ids=np.array(self._ids),
            labels=self._labels,
        )
        os.replace(temporary, self._path)
        self._written = time.perf_counter()
