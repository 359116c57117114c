"""A recipe trained anew on some of the photos, to judge the others."""

import gc
import shutil
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


class WholeReporter:
    """A `Reporter` in which many trainings are parts of one work."""

    def __init__(self, reporter: Reporter, parts: int, seconds: float):
        self._reporter, self._parts, self._seconds = reporter, parts, seconds

    def update(self, **fields: Any) -> None:
        self._reporter.update(**fields)

    def stop_requested(self) -> bool:
        return self._reporter.stop_requested()

    def part(self, share: float, message: str, left: float | None) -> None:
        """`share` (0..`parts`) of all parts are done; `left` seconds of the one at work."""
        rest = (self._parts - int(share) - 1) * self._seconds
        self._reporter.update(
            done=round(100 * share / self._parts),
            total=100,
            unit="%",
            message=message,
            seconds_left=None if left is None else left + max(0.0, rest),
        )


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
            left = fields.get("seconds_left")
            self._whole.part(share, f"{self._words}: learning", left)

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
