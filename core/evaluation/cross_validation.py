"""Trains a recipe once for each part of the photos and lets it judge the photos of that part.

k-fold cross-validation: M. Stone, "Cross-validatory choice and assessment of statistical
predictions", Journal of the Royal Statistical Society B 36 (1974).
"""

import gc
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.manifest import Dataset, open_dataset
from core.datasets.prepared import Prepared, prepare
from core.errors import LoupeError, Stopped
from core.evaluation.cross_folder import CrossValidation
from core.evaluation.cross_plan import CrossPlan, roles
from core.evaluation.cross_report import part_answers, write_report
from core.evaluation.fold_training import PartReporter, WholeReporter
from core.models.loading import load_model, predict_probabilities
from core.reporter import Reporter
from core.training.device import device_name
from core.training.features import PHASE
from core.training.fold_heads import FoldHeads, learns_from_features
from core.training.runs import Run, RunConfig
from core.training.worker import fit

PHOTOS_AT_ONCE = 512


def cross_validate(folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Trains and judges what `folder/plan.json` asks for and is not done yet.

    Each part's answers are kept when it is done, with: round and part (from 1), photos, right,
    accuracy, learnt (photos learnt from), checked (photos that checked the training),
    train_accuracy, epochs, kept_epoch, seconds, curve (accuracy after each epoch, on the
    checking photos or else on those learnt from) and finished (ISO). Asked to stop, it gives
    up the part at hand and keeps the others. Started again, it goes on from there.

    Returns:
        parts (done), of (how many), photos (that have an answer), mean (accuracy of the parts,
        None before the first).

    Raises:
        LoupeError: If the data do not allow a training, or one fails: then it says which part.
        Stopped: If it was asked to stop before the first part.
    """
    cross = CrossValidation(folder)
    plan, dealt = cross.plan, cross.photos()
    reporter.update(device=device_name())
    reporter.phase("Preparing photos")
    dataset = open_dataset(cross.workspace, plan.dataset, plan.dataset_version)
    prepared = prepare(dataset, plan.recipe.picture, reporter)
    work = _Work(cross, plan, dataset, dealt, prepared, reporter)
    _forget_damaged(cross)
    if cross.done():
        write_report(cross)
    try:
        work.all_parts()
    except Stopped:
        reporter.accept_stop()
    found = cross.report()
    return {
        "parts": len(cross.done()),
        "of": len(plan.order()),
        "photos": found["photos"] if found else 0,
        "mean": found["mean"] if found else None,
    }


def _forget_damaged(cross: CrossValidation) -> None:
    """What cannot be read is made again."""
    for which in cross.done():
        try:
            cross.about_part(*which)["accuracy"]
            cross.answers(*which)["probability"]
        except (LoupeError, KeyError, TypeError):
            cross.forget_part(*which)


class _Work:
    """One cross-validation being done."""

    def __init__(
        self,
        cross: CrossValidation,
        plan: CrossPlan,
        dataset: Dataset,
        dealt: pd.DataFrame,
        prepared: Prepared,
        reporter: Reporter,
    ):
        self.cross, self.plan, self.dataset, self.dealt = cross, plan, dataset, dealt
        self.prepared, self.reporter = prepared, reporter
        rows = dataset.used.set_index("id", drop=False).loc[dealt["id"]]
        self.photos = rows.reset_index(drop=True)
        self.train: Callable[..., tuple[np.ndarray, dict[str, Any]]] = self._train_network

    def all_parts(self) -> None:
        missing = [which for which in self.plan.order() if not self.cross.is_done(*which)]
        if missing and self._by_heads():
            self.reporter.phase(PHASE)
            self.heads = FoldHeads(self.dataset, self.plan.recipe, self.prepared, self.reporter)
            self.heads.look_at(self.photos)
            self.train = self._train_head
        self.reporter.phase("Training and judging")
        order = self.plan.order()
        whole = WholeReporter(self.reporter, len(order), *_length(self.plan))
        for which in missing:
            self._tell(len(self.cross.done()), order.index(which))
            self._part(*which, self._part_reporter(whole, order.index(which)))
            write_report(self.cross)
        self._tell(len(order), None)

    def _by_heads(self) -> bool:
        recipe = self.plan.recipe_of(0)
        # `fit` alone knows how to hold a share of the photos back.
        return learns_from_features(recipe) and recipe.training.validation_share is None

    def _tell(self, done: int, at: int | None) -> None:
        self.reporter.update(extra={"parts_done": done, "at": at})

    def _part_reporter(self, whole: WholeReporter, number: int) -> PartReporter:
        turn, part = self.plan.order()[number]
        place = self.cross.training_folder(turn, part)
        words = self.plan.words(turn, part)
        return PartReporter(place, whole, words, lambda share: number + share)

    def _part(self, turn: int, part: int, reporter: PartReporter) -> None:
        begun = time.time()
        role = roles(self.plan, self.dealt, turn, part)
        judged = self.photos[role == "test"]
        parted = replace(self.dataset, manifest=self.photos.assign(split=role))
        run = Run(reporter.folder)
        shutil.rmtree(run.folder, ignore_errors=True)
        run.folder.mkdir(parents=True)
        try:
            reporter.phase("Building the network")
            answers, result = self.train(run, self._config(turn), parted, judged, reporter)
            curve = _curve(run)
        except LoupeError as error:
            if isinstance(error, Stopped):
                raise
            raise LoupeError(
                f"{self.plan.words(turn, part)} failed: {error.message} What the parts before "
                "it said is kept.",
                error.next_step,
            ) from error
        finally:
            shutil.rmtree(run.folder, ignore_errors=True)
            gc.collect()
        table = part_answers(judged, answers, self.plan.class_names, turn, part)
        right = int((table["label"] == table["predicted"]).sum())
        about = {
            "round": turn + 1,
            "part": part + 1,
            "photos": len(table),
            "right": right,
            "accuracy": right / len(table),
            "learnt": int((role == "train").sum()),
            "checked": int((role == "validation").sum()),
            "train_accuracy": result.get("train_accuracy"),
            "epochs": result.get("epochs"),
            "kept_epoch": result.get("kept_epoch"),
            "seconds": round(time.time() - begun, 2),
            "curve": curve,
            "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        }
        self.cross.keep_part(turn, part, table, about)

    def _config(self, turn: int) -> RunConfig:
        plan = self.plan
        return RunConfig(
            run="part",
            title="part",
            dataset=plan.dataset,
            dataset_version=plan.dataset_version,
            class_names=plan.class_names,
            recipe=plan.recipe_of(turn),
            created="",
        )

    def _train_head(
        self,
        run: Run,
        config: RunConfig,
        parted: Dataset,
        judged: pd.DataFrame,
        reporter: PartReporter,
    ) -> tuple[np.ndarray, dict[str, Any]]:
        head, result = self.heads.fit(run, config, parted, reporter)
        _give_up_if_stopped(reporter)
        return self.heads.ask(head, judged), result

    def _train_network(
        self,
        run: Run,
        config: RunConfig,
        parted: Dataset,
        judged: pd.DataFrame,
        reporter: PartReporter,
    ) -> tuple[np.ndarray, dict[str, Any]]:
        result = fit(run, config, parted, self.prepared, reporter)
        _give_up_if_stopped(reporter)
        model = load_model(run.model_path)
        rows = self.prepared.indices(judged["id"].tolist())
        answers = [
            predict_probabilities(model, self.prepared.array[rows[start : start + PHOTOS_AT_ONCE]])
            for start in range(0, len(rows), PHOTOS_AT_ONCE)
        ]
        return np.concatenate(answers), result


def _give_up_if_stopped(reporter: PartReporter) -> None:
    if reporter.stopped:
        raise Stopped("The work was stopped.")


def _length(plan: CrossPlan) -> tuple[float, str]:
    """How long one training is, and in what."""
    training = plan.recipe.training
    if training.budget_seconds:
        return training.budget_seconds, "seconds"
    return float(training.epochs or 1), "epochs"


def _curve(run: Run) -> list[float]:
    rows = run.metrics()
    known = [row.get("val_accuracy", row.get("accuracy")) for row in rows]
    return [value for value in known if value is not None]
