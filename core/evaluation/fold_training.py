"""A recipe trained anew on some of the photos, to judge the others."""

import gc
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.manifest import Dataset
from core.datasets.prepared import prepare
from core.errors import Stopped
from core.models.loading import load_model, predict_probabilities
from core.reporter import Reporter
from core.status import JobStatus
from core.training.recipes import Recipe
from core.training.runs import Run, RunConfig
from core.training.worker import fit

# Of one part: before, the time left would be a guess.
MEASURABLE_SHARE = 0.1


class WholeReporter:
    """A `Reporter` in which many equally long trainings are the parts of one work.

    Args:
        reporter: The job's.
        parts: How many trainings there are.
        size: How long each of them is, in `unit`.
        unit: "seconds" or "epochs".
    """

    def __init__(self, reporter: Reporter, parts: int, size: float, unit: str):
        self._reporter, self._parts, self._size, self._unit = reporter, parts, size, unit
        self._begun = time.time()
        self._first: float | None = None

    def update(self, **fields: Any) -> None:
        self._reporter.update(**fields)

    def stop_requested(self) -> bool:
        return self._reporter.stop_requested()

    def part(self, share: float, message: str) -> None:
        """`share` (0..`parts`) of all parts are done."""
        self._first = share if self._first is None else self._first
        self._reporter.update(
            done=round(share * self._size),
            total=round(self._parts * self._size),
            unit=self._unit,
            message=message,
            seconds_left=self._seconds_left(share, share - self._first),
        )

    def _seconds_left(self, share: float, done_here: float) -> float | None:
        if done_here < MEASURABLE_SHARE:
            return None
        return (time.time() - self._begun) * (self._parts - share) / done_here


class PartReporter(Reporter):
    """Tells one training's progress as a part of a larger job's; stops when that one stops."""

    def __init__(
        self, folder: Path, whole: WholeReporter, words: str, share: Callable[[float], float]
    ):
        super().__init__(folder, JobStatus())
        self._whole, self._words, self._share = whole, words, share

    def __call__(self, done: int, total: int, message: str) -> None:
        self._whole.update(message=f"{self._words}: {message[:1].lower()}{message[1:]}")
        self.raise_if_stopped()

    def phase(self, name: str, message: str = "") -> None:
        self._whole.update(message=f"{self._words}: {name[:1].lower()}{name[1:]}")
        self.raise_if_stopped()

    def update(self, **fields: Any) -> None:
        total = fields.get("total") or 0
        if total:
            share = self._share(min(1.0, fields["done"] / total))
            self._whole.part(share, f"{self._words}: learning")

    def stop_requested(self) -> bool:
        return not self.stopped and self._whole.stop_requested()

    def write(self) -> None:
        """Has no status of its own."""


def train_and_judge(
    dataset: Dataset,
    recipe: Recipe,
    learn: np.ndarray,
    folder: Path,
    reporter: PartReporter,
) -> np.ndarray:
    """Probabilities for the used photos that were not learnt from.

    Args:
        dataset: Its splits are left out of account.
        recipe: How to train, time and seed included.
        learn: bool (N,), which of `dataset.used` to learn from.
        folder: Made, used and removed.

    Returns:
        float32 (number of False in `learn`, num_classes), each row summing to 1.

    Raises:
        Stopped: If the job was asked to stop meanwhile.
    """
    prepared = prepare(dataset, recipe.picture, reporter)
    used = dataset.used
    dealt = used.assign(split=np.where(learn, "train", "test"))
    config = RunConfig(
        run="fold",
        title="fold",
        dataset=dataset.name,
        dataset_version=dataset.version,
        class_names=dataset.class_names,
        recipe=recipe,
        created="",
    )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        run = Run(folder)
        fit(run, config, replace(dataset, manifest=dealt), prepared, reporter)
        if reporter.stopped:
            raise Stopped("The work was stopped.")
        rows = prepared.indices(used["id"][~learn].tolist())
        return predict_probabilities(load_model(run.model_path), prepared.array[rows])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        gc.collect()
