"""Labels flipped on purpose: how many of them stand in the queue of suspect labels.

One photo in twenty gets another class. What counts is the queue as it is shown, cut off at
twice the number of faults. Pond insects are judged by a network trained from nothing; the photos
of LOUPE_BENCH_PHOTOS, and the insects once more, by MobileNetV2's features where its weights lie
in Keras' cache.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import Row
from core.datasets.dataset import Dataset
from core.datasets.edits import relabel
from core.datasets.importing import import_dataset
from core.errors import LoupeError
from core.evaluation.out_of_fold import read_out_of_fold
from core.evaluation.suspects import JOB, label_quality, read_queue
from core.evaluation.teacher import PRETRAINED, Plan, Teacher, from_recipe, pretrained_backbone
from core.jobs import State, new_job, run_job
from core.workspace import Workspace, open_workspace

TITLE = "5 % of the labels flipped: share found in a queue twice as long as the faults"
SHARE = 0.05
SEEDS = (0, 1, 2)
# Chosen by what a person would wait for: five parts, under four minutes for one search.
LEARN = Plan(folds=5, seconds=40)
QUICK = Plan(folds=2, epochs=1)
TINY = 60


def measure(quick: bool = False) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Path(folder) / "workspace")
        for name, source, teacher, seeds in _cases():
            dataset = import_dataset(workspace, source, name)
            plan = QUICK if quick else LEARN
            if quick:
                dataset, seeds = _small(dataset), seeds[:1]
            found = [_found(workspace, dataset, teacher, plan, seed) for seed in seeds]
            rows += _rows(f"{name}, {teacher.kind}", np.array(found, float), len(dataset.used))
    return rows


def _cases() -> Iterator[tuple[str, str | Path, Teacher, tuple[int, ...]]]:
    yield "pond-insects", "sample:pond-insects", from_recipe("small-cnn"), SEEDS[:2]
    if pretrained_backbone() is None:
        return
    yield "pond-insects-2", "sample:pond-insects", PRETRAINED, SEEDS
    if photos := os.environ.get("LOUPE_BENCH_PHOTOS"):
        yield Path(photos).name, Path(photos), PRETRAINED, SEEDS


def _found(
    workspace: Workspace, dataset: Dataset, teacher: Teacher, plan: Plan, seed: int
) -> tuple[int, int, float]:
    """How many faults there are, how many stand in the queue, and the area under the curve."""
    flipped, faults = flip(dataset, SHARE, seed)
    queue = _search(workspace, flipped, teacher, plan)
    shown = [suspect.id for suspect in queue.suspects][: 2 * len(faults)]
    judged = read_out_of_fold(flipped.folder)
    if judged is None:
        raise LoupeError("The search left no probabilities.")
    is_fault = np.isin(judged.ids, list(faults))
    area = area_under(is_fault, -label_quality(judged))
    _restore(flipped, dataset)
    return len(faults), len(faults & set(shown)), area


def flip(dataset: Dataset, share: float, seed: int) -> tuple[Dataset, set[str]]:
    """The data set with `share` of its photos in another class, and their ids."""
    rng = np.random.default_rng(seed)
    photos = dataset.used
    chosen = rng.choice(len(photos), max(1, round(share * len(photos))), replace=False)
    targets: dict[str, list[str]] = {}
    for place in chosen:
        own = str(photos["label"].iloc[place])
        others = [name for name in dataset.class_names if name != own]
        target = others[int(rng.integers(len(others)))]
        targets.setdefault(target, []).append(str(photos["id"].iloc[place]))
    for target, ids in targets.items():
        dataset = relabel(dataset, ids, target)
    return dataset, {photo for ids in targets.values() for photo in ids}


def area_under(faults: np.ndarray, suspicion: np.ndarray) -> float:
    """How likely a fault is more suspect than a good label, 0..1 (the area under ROC)."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(faults, suspicion))


def _search(workspace: Workspace, dataset: Dataset, teacher: Teacher, plan: Plan):
    arguments = {
        "dataset": dataset.name,
        "teacher": teacher.model_dump(mode="json"),
        "plan": plan.model_dump(mode="json"),
    }
    status = run_job(new_job(workspace, JOB, arguments, "search"))
    queue = read_queue(dataset)
    if status.state is not State.FINISHED or queue is None:
        raise LoupeError(status.message, status.next_step)
    return queue


def _restore(flipped: Dataset, dataset: Dataset) -> None:
    from core.datasets.manifest import undo

    while flipped.version != dataset.version:
        flipped = undo(flipped)


def _small(dataset: Dataset) -> Dataset:
    from core.datasets.edits import exclude
    from core.datasets.manifest import open_dataset

    turn = dataset.used.groupby("label").cumcount()
    per_class = TINY // len(dataset.class_names)
    exclude(dataset, dataset.used["id"][turn >= per_class].tolist(), "to be quick")
    return open_dataset(Workspace(dataset.folder.parents[1]), dataset.name)


def _rows(case: str, found: np.ndarray, photos: int) -> list[Row]:
    faults, in_queue, area = found.mean(axis=0).tolist()
    case = f"{case.removesuffix('-2')}, {len(found)} seeds"
    return [
        Row(f"{case}: recall", in_queue, faults, "of", in_queue / faults, 0.7, True),
        Row(f"{case}: precision", in_queue, 2 * faults, "of", in_queue / faults / 2, 0.35, True),
        Row(f"{case}: area", area, 0.5, "ROC", area, 0.9, True),
    ]
