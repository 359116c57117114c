"""Learning with a network that has seen a million photos: how good, and how fast.

Needs photos in LOUPE_BENCH_PHOTOS (a folder per class) and MobileNetV2's weights in Keras'
folder (KERAS_HOME/models). `LOUPE_BENCH_ONLY` chooses among "speed", "accuracy" (as the photos
came), "cleaned" (learnt from and measured on the photos as `docs/bears-findings.csv` decides) and
"small" (the tutorial's small network on the same parts). `LOUPE_BENCH_SEEDS` is how often the
photos are dealt into five parts (5), `LOUPE_BENCH_SET` changes the recipe, as `--set` does:
`image_size=288x288,unfreeze_from=block_16`.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.cleaning import DECISIONS, cleaned
from benchmarks.measure import Row
from core.datasets.checks.checking import check
from core.datasets.dataset import Dataset
from core.datasets.importing import import_dataset
from core.datasets.prepared import prepare
from core.evaluation.out_of_fold import OutOfFold, judge_all
from core.evaluation.teacher import Plan, Teacher
from core.jobs import JobStatus, create_job, read_status
from core.models.backbones import Backbone
from core.models.weights import local_weights
from core.progress import silent
from core.reporter import Reporter
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import Workspace, open_workspace

TITLE = "A new head on a frozen MobileNetV2"
PHOTOS, EPOCHS = 480, 10
SEEDS = int(os.environ.get("LOUPE_BENCH_SEEDS", "5"))
SMALL_SECONDS = 20.0


def measure(quick: bool = False) -> list[Row]:
    photos = os.environ.get("LOUPE_BENCH_PHOTOS")
    if photos is None:
        print("Photos are needed in LOUPE_BENCH_PHOTOS: nothing is measured.")
        return []
    only = os.environ.get("LOUPE_BENCH_ONLY", "speed,accuracy,small").split(",")
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Path(folder) / "workspace")
        dataset = import_dataset(workspace, Path(photos), "photos")
        rows = speed(workspace, dataset, quick) if "speed" in only else []
        if {"accuracy", "cleaned", "small"} & set(only):
            check(dataset)  # from here on, photos that look nearly the same stay in one part
        if "accuracy" in only:
            rows += accuracy(dataset, Path(folder), quick, "as they came")
        if "cleaned" in only:
            tidied = cleaned(dataset, pd.read_csv(DECISIONS))
            rows += accuracy(tidied, Path(folder), quick, "cleaned")
        return rows + (small(dataset, Path(folder), quick) if "small" in only else [])


def accuracy(dataset: Dataset, folder: Path, quick: bool, words: str) -> list[Row]:
    """Five-fold accuracy of the recipe, the photos dealt anew for every seed."""
    ours = _recipe()
    side, seeds = ours.picture.image_size[0], range(1 if quick else SEEDS)
    judged = [
        _judged(dataset, ours, Plan(seed=seed, epochs=_epochs(ours)), folder) for seed in seeds
    ]
    found = [each.accuracy for each in judged]
    sure = mean(float(each.probabilities.max(axis=1).mean()) for each in judged)
    print(f"MobileNetV2 at {side}, photos {words}: {_spread(found)}, sure {sure:.2%}", flush=True)
    if words == "as they came" and DECISIONS.exists():
        tidied = cleaned(dataset, pd.read_csv(DECISIONS))
        right = [_agrees(each, tidied) for each in judged]
        print(f"  the same answers, judged by the cleaned: {_spread(right)}", flush=True)
    case = f"{len(dataset.used)} photos {words}, {side} px, five-fold accuracy, {len(seeds)} seeds"
    row = Row(case, 100 * mean(found), 97.0, "%", mean(found), 0.97, at_least=True)
    return [replace(row, spread=(min(found), max(found)) if len(found) > 1 else None)]


def small(dataset: Dataset, folder: Path, quick: bool) -> list[Row]:
    """The tutorial's small network on the parts of seed 0, `SMALL_SECONDS` each."""
    plan = Plan(seed=0, seconds=1.0 if quick else SMALL_SECONDS)
    found = _judged(dataset, get_recipe("butterflies"), plan, folder).accuracy
    case = f"{len(dataset.used)} photos, the tutorial's small network, {plan.seconds:g} s a part"
    return [Row(case, 100 * found, 97.0, "%", found, 0.0, at_least=True)]


def _recipe() -> Recipe:
    """The recipe, with what LOUPE_BENCH_SET changes."""
    given = os.environ.get("LOUPE_BENCH_SET", "")
    changes = dict(part.split("=", 1) for part in given.split(",") if part)
    return apply_overrides(get_recipe("mobilenet-v2"), changes)


def _agrees(judged: OutOfFold, truth: Dataset) -> float:
    """The share of `truth`'s photos in use whose class was answered."""
    said = judged.table().idxmax(axis=1)
    used = truth.used
    return float(np.mean(said.loc[used["id"]].to_numpy() == used["label"].to_numpy()))


def _epochs(recipe: Recipe) -> int:
    return recipe.training.epochs or 1


def _judged(dataset: Dataset, recipe: Recipe, plan: Plan, folder: Path) -> OutOfFold:
    teacher = Teacher(kind="recipe", title=recipe.title, recipe=recipe)
    place = folder / "judging" / "work"
    create_job(place, "core.training.worker:train_run", {}, "benchmark")
    reporter = Reporter(place, read_status(place))
    return judge_all(dataset, teacher, plan, place, reporter)


def _spread(found: list[float]) -> str:
    words = ", ".join(f"{share:.2%}" for share in found)
    return f"{mean(found):.2%} ± {pstdev(found):.2%} ({words})"


def speed(workspace: Workspace, dataset: Dataset, quick: bool) -> list[Row]:
    """Ten epochs against one look, against training through the frozen network, and again."""
    from core.training.features import Look, frozen_function, pictures_from

    recipe = apply_overrides(_recipe(), {"epochs": EPOCHS})
    backbone = recipe.architecture
    assert isinstance(backbone, Backbone)  # noqa: S101 - for the type checker
    prepared = prepare(dataset, recipe.picture, silent)
    ids = dataset.used["id"].tolist()[: 64 if quick else PHOTOS]
    weights = local_weights(backbone, recipe.picture.image_size)
    look = frozen_function(Look(backbone, recipe.picture, weights))
    load, rounds = pictures_from(prepared), 1 if quick else 3
    through = _through_the_network(recipe, load(ids[:64]), weights)
    looks: list[float] = []
    trainings: list[float] = []
    per_photo: list[float] = []
    again: list[float] = []
    for number in range(rounds + 1):
        once = _cpu(lambda: [look(load(ids[at : at + 32])) for at in range(0, len(ids), 32)])
        whole, _ = _train(workspace, dataset, ids, recipe, f"round {number}")
        slow = _cpu(through) / 64
        _, first = _train(workspace, dataset, ids, recipe, f"again {number}", keep=True)
        if number:
            looks.append(once)
            trainings.append(whole)
            per_photo.append(slow)
            again.append(first)
    side = recipe.picture.image_size[0]
    whole, once = float(np.median(trainings)), float(np.median(looks))
    slow = float(np.median(per_photo)) * len(ids) * EPOCHS
    start = float(np.median(again))
    photos = f"{len(ids)} photos, {side} px"
    return [
        Row(f"{photos}, {EPOCHS} epochs, CPU time of all against one look", whole, once, "s",
            whole / once, 1.3, at_least=False),
        Row(f"the same through the frozen network ({EPOCHS} epochs of fit)", whole, slow, "s",
            slow / whole, 7.0, at_least=True),
        Row("second run on kept features: seconds to the end of the first epoch", start, 1.0, "s",
            start, 1.0, at_least=False),
    ]  # fmt: skip


def _cpu(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _through_the_network(
    recipe: Recipe, pictures: np.ndarray, weights: Path | None
) -> Callable[[], Any]:
    """An epoch of `fit` on `pictures`, backbone frozen, as without kept features."""
    from core.models.transfer import build_whole
    from core.training.objective import make_trainer

    backbone = recipe.architecture
    assert isinstance(backbone, Backbone)  # noqa: S101 - for the type checker
    trainer = make_trainer(recipe.training, build_whole(backbone, recipe.picture.shape, 3, weights))
    labels, values = np.arange(len(pictures)) % 3, pictures.astype(np.float32)
    trainer.fit(values, labels, batch_size=32, verbose=0)
    return lambda: trainer.fit(values, labels, batch_size=32, verbose=0)


def _train(
    workspace: Workspace,
    dataset: Dataset,
    ids: list[str],
    recipe: Recipe,
    name: str,
    keep: bool = False,
) -> tuple[float, float]:
    """A training on the photos `ids` alone: its CPU time, and the seconds to the end of its first
    epoch; from looking at the photos on, unless `keep`."""
    from core.training.frozen import fit_backbone

    if not keep:
        shutil.rmtree(dataset.folder / "features", ignore_errors=True)
    chosen = dataset.manifest[dataset.manifest["id"].isin(ids)].assign(split="train")
    run = create_run(workspace, dataset.name, recipe, name)
    begun, epochs_told = time.perf_counter(), []

    def listen(status: JobStatus) -> None:
        if status.extra.get("epoch"):
            epochs_told.append(time.perf_counter() - begun)

    reporter = Reporter(run.folder, read_status(run.folder), listen)
    prepared = prepare(dataset, recipe.picture, silent)
    part = replace(dataset, manifest=chosen)
    begun = time.perf_counter()
    seconds = _cpu(lambda: fit_backbone(run, run.config, part, prepared, reporter))
    return seconds, epochs_told[0]
