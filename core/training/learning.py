"""The one loop in which every network learns: from pictures, from kept features, unfrozen."""

from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from core.reporter import Reporter
from core.training.averaging import UseAverage
from core.training.batches import FollowEpochs
from core.training.callbacks import Pace, Report
from core.training.config import TrainingConfig
from core.training.doubting import Doubt
from core.training.keeping import Diary, KeepBest, Keeper
from core.training.objective import class_weights, make_trainer
from core.training.schedule import SETTLING_SCHEDULES, Clock
from core.training.snapshots import Snapshots
from core.training.stopping import StopEarly

MORE_EPOCHS_THAN_ANYONE_HAS_TIME_FOR = 1_000_000


class Batches(Protocol):
    """What is learnt from: a `keras.utils.PyDataset` that knows its photos and its epochs.

    Attributes:
        photos: How many there are.
        labels: int (photos,), their class numbers.
    """

    photos: int
    labels: np.ndarray

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> Any: ...

    def begin(self, epoch: int) -> None: ...


def learn(
    training: TrainingConfig,
    source: keras.Model,
    keeper: Keeper,
    model_path: Path,
    batches: Batches,
    validation: Batches | None,
    diary: Diary,
    reporter: Reporter,
    *,
    before: Report | None = None,
    kept: int = 0,
    first_saving_after: float = 0.0,
    words: str = "",
    snapshots: Snapshots | None = None,
) -> tuple[int, Report]:
    """Trains `source` as `training` says and leaves the model to keep in `model_path`.

    Validation, diary and the model that is kept go by the average of the weights where
    `training` asks for one.

    Args:
        keeper: A second model of the same build; what is saved passes through it.
        before: The report of an earlier part of the same training, whose epochs come first.
        kept: The epoch of `before` whose weights `source` starts with, counted from 1.
        first_saving_after: Seconds before a model is saved for the first time.
        words: What is said behind the number of the epoch.
        snapshots: Keeps the weights of a few epochs.

    Returns:
        The epoch that is kept, counted from 1, and the report of all epochs.

    Raises:
        LoupeError: If the loss grows beyond all bounds.
    """
    done = len(before.history) if before else 0
    trainer = make_trainer(training, source, weights_for(training, source, batches))
    clock = Clock(training, len(batches), before.history[-1]["seconds"] if before else 0.0)
    pace = Pace(training, clock, reporter)
    report = Report(training, clock, reporter, pace, before, words)
    photos = validation.photos if validation is not None else 0
    best = KeepBest(source, keeper, model_path, photos, first_saving_after, training.keep)
    if before:
        best.start_from(kept, before.history[kept - 1])
    else:
        report.forget_earlier_attempts()
    if snapshots:
        snapshots.turn_to(source, kept)
    reporter.phase("Training", f"Epoch {done + 1}{words}")
    trainer.fit(
        batches,
        initial_epoch=done,
        epochs=done + (training.epochs or MORE_EPOCHS_THAN_ANYONE_HAS_TIME_FOR),
        validation_data=validation,
        callbacks=[
            FollowEpochs(batches),
            pace,
            *([UseAverage()] if training.weight_averaging else []),
            *([Doubt(clock)] if training.doubt_labels is not None else []),
            report,
            StopEarly(training, clock, report),
            best,
            diary,
            *([snapshots] if snapshots else []),
        ],
        shuffle=False,
        verbose=0,
    )
    diary.write()
    settles = training.schedule in SETTLING_SCHEDULES
    kept = best.finish(settles and clock.is_over)
    if snapshots:
        snapshots.finish(kept)
    return kept, report


def weights_for(
    training: TrainingConfig, source: keras.Model, batches: Batches
) -> list[float] | None:
    """What mistakes on each class count in a training; None for equally much."""
    if training.balance != "weights":
        return None
    return class_weights(batches.labels, max(2, int(source.output_shape[-1])))
