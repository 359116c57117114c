"""Trains the pairs of a comparison one after another, and compares them after each."""

import gc
import shutil
import time
from pathlib import Path
from typing import Any

from core.datasets.manifest import Dataset, open_dataset
from core.datasets.prepared import Prepared, prepare
from core.errors import Stopped
from core.evaluation.fold_training import PartReporter, WholeReporter
from core.evaluation.results import evaluate_run
from core.evaluation.twin_comparison import compare
from core.reporter import Reporter
from core.status import JobStatus, State, write_status
from core.training.device import device_name
from core.training.runs import RunConfig
from core.training.twin_plan import Side, TwinPlan
from core.training.twins import TwinRun, Twins
from core.training.worker import fit
from core.workspace import write_json


def train_twins(folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Trains what `folder/plan.json` asks for and is not done yet; compares what is done.

    Asked to stop, it gives up the training at hand, which had less time than its twin, and
    compares the pairs that are complete. Started again, it goes on from there.

    Returns:
        trainings (done), of (how many), pairs (compared), verdict (None without a pair).

    Raises:
        LoupeError: If the data or the configuration do not allow a training.
        Stopped: If it was asked to stop before the first training.
    """
    twins = Twins(folder)
    plan = twins.plan
    reporter.update(device=device_name())
    reporter.phase("Preparing photos")
    dataset = open_dataset(twins.workspace, plan.dataset, plan.dataset_version)
    prepared = prepare(dataset, plan.recipe.picture, reporter)
    reporter.phase("Training the twins")
    order = plan.order()
    whole = WholeReporter(reporter, len(order), *_length(plan))
    for number, (seed, side) in enumerate(order):
        if twins.training(seed, side).is_done:
            continue
        try:
            _train(twins, seed, side, dataset, prepared, _part(twins, whole, number))
        except Stopped:
            reporter.accept_stop()
            break
        if seed in twins.finished_seeds():
            compare(twins)
    return _outcome(twins)


def _length(plan: TwinPlan) -> tuple[float, str]:
    """How long one training is, and in what."""
    training = plan.recipe.training
    if training.budget_seconds:
        return training.budget_seconds, "seconds"
    return float(training.epochs or 1), "epochs"


def _part(twins: Twins, whole: WholeReporter, number: int) -> PartReporter:
    plan = twins.plan
    order = plan.order()
    seed, side = order[number]
    words = f"Training {number + 1} of {len(order)}, {plan.words(side)}"
    place = twins.training(seed, side).folder
    return PartReporter(place, whole, words, lambda share: number + share)


def _train(
    twins: Twins,
    seed: int,
    side: Side,
    dataset: Dataset,
    prepared: Prepared,
    reporter: PartReporter,
) -> None:
    """One training from its first step to its answers."""
    begun = time.time()
    run, config = configure(twins, seed, side)
    reporter.phase("Building the network")
    result = fit(run, config, dataset, prepared, reporter)
    if reporter.stopped:
        raise Stopped("The work was stopped.")
    split = twins.plan.split
    result[f"{split}_accuracy"] = float(evaluate_run(run, split, reporter)["accuracy"])
    conclude(run, result, time.time() - begun)
    gc.collect()


def _outcome(twins: Twins) -> dict[str, Any]:
    plan, found = twins.plan, twins.comparison()
    return {
        "trainings": sum(twins.training(*one).is_done for one in plan.order()),
        "of": len(plan.order()),
        "pairs": len(found["seeds"]) if found else 0,
        "verdict": found["verdict"] if found else None,
    }


def configure(twins: Twins, seed: int, side: Side) -> tuple[TwinRun, RunConfig]:
    """An empty folder for one training, with its configuration in it.

    What an earlier, unfinished attempt left there is removed.
    """
    plan, run = twins.plan, twins.training(seed, side)
    shutil.rmtree(run.folder, ignore_errors=True)
    run.folder.mkdir(parents=True)
    config = RunConfig(
        run=run.name,
        title=f"{plan.dataset} {plan.words(side)}, seed {seed}",
        dataset=plan.dataset,
        dataset_version=plan.dataset_version,
        class_names=plan.class_names,
        recipe=plan.recipe_of(seed, side),
        created=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    )
    write_json(run.folder / "config.json", config.model_dump(mode="json"))
    return run, config


def conclude(run: TwinRun, result: dict[str, Any], seconds: float) -> None:
    """Marks a training as done: from now on it is not repeated."""
    now = time.time()
    status = JobStatus(
        state=State.FINISHED,
        title=run.config.title,
        phase="Testing",
        seconds_elapsed=seconds,
        device=device_name(),
        result=result,
        created=now - seconds,
        launched=now - seconds,
        started=now - seconds,
        updated=now,
    )
    write_status(run.folder, status)
