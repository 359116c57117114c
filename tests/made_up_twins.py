"""Comparisons as trainings would have left them, made without any."""

import json
import time

import numpy as np
import pandas as pd

from core.augmentation.presets import GENTLE
from core.datasets.manifest import open_dataset
from core.evaluation.results import predictions_path, write_table
from core.evaluation.twin_comparison import compare
from core.status import JobStatus, State, write_status
from core.training.runs import RunConfig
from core.training.twin_plan import plan_twins
from core.training.twins import create_twins
from core.workspace import write_json
from tests.conftest import small_recipe


def answers(photos, class_names, hard, generator):
    """Predictions in which the photos with the highest `hard` (0..1) are wrong."""
    wrong = hard + generator.normal(0, 0.06, len(photos)) > 0.8
    truth = np.array([class_names.index(label) for label in photos["label"]])
    said = np.where(wrong, (truth + 1) % len(class_names), truth)
    sure = generator.uniform(0.55, 0.99, len(photos))
    columns = {
        "id": photos["id"].tolist(),
        "split": photos["split"].tolist(),
        "label": photos["label"].tolist(),
        "predicted": [class_names[place] for place in said],
        "probability": sure.astype(np.float32),
    }
    for place, name in enumerate(class_names):
        rest = (1 - sure) / (len(class_names) - 1)
        columns[f"p_{name}"] = np.where(said == place, sure, rest).astype(np.float32)
    return pd.DataFrame(columns)


def made_up_twins(
    workspace,
    dataset_name,
    edge=0.0,
    seeds=3,
    done=None,
    state=State.FINISHED,
    recipe=None,
    augmentation=GENTLE,
    **more,
):
    """Twins of which the first `done` pairs (all, if None) are trained.

    Args:
        edge: How much easier the photos are with augmentation: 0.2 helps clearly.
        state: Of the job.
    """
    plan = plan_twins(
        workspace, dataset_name, recipe or small_recipe(), augmentation, seeds=seeds, **more
    )
    twins = create_twins(workspace, plan)
    for seed, side in plan.order()[: 2 * (seeds if done is None else done)]:
        answers_for(twins, seed, side, edge)
    if twins.finished_seeds():
        compare(twins)
    now = time.time()
    write_status(
        twins.folder,
        JobStatus(state=state, title="made up", launched=now, started=now, updated=now),
    )
    return twins


def answers_for(twins, seed, side, edge=0.0):
    """Leaves one training of `twins` as if it were done."""
    plan, run = twins.plan, twins.training(seed, side)
    photos = open_dataset(twins.workspace, plan.dataset).split(plan.split)
    hard = np.random.default_rng(7).uniform(0, 1, len(photos))
    own = hard - edge if side == "with" else hard
    generator = np.random.default_rng((seed, len(side)))
    table = answers(photos, plan.class_names, own, generator)
    run.folder.mkdir(parents=True)
    write_table(predictions_path(run, plan.split), table)
    _describe(run, plan, seed, side, table)


def _describe(run, plan, seed, side, table):
    epochs = 12 if side == "without" else 10
    end = float((table["label"] == table["predicted"]).mean())
    rows = [
        {"epoch": n + 1, "seconds": 5.0 * (n + 1), "val_accuracy": end * (1 - 0.6 ** (n + 1))}
        for n in range(epochs)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (run.folder / "metrics.jsonl").write_text(lines)
    config = RunConfig(
        run=run.name,
        title=f"{plan.dataset} {plan.words(side)}, seed {seed}",
        dataset=plan.dataset,
        dataset_version=plan.dataset_version,
        class_names=plan.class_names,
        recipe=plan.recipe_of(seed, side),
        created="2026-01-01T00:00:00+0000",
    )
    write_json(run.folder / "config.json", config.model_dump(mode="json"))
    result = {"epochs": epochs, "seconds": 60.0, f"{plan.split}_accuracy": end}
    write_status(run.folder, JobStatus(state=State.FINISHED, result=result))
