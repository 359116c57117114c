"""What each recipe reached on named photos: `python -m benchmarks reached [NAME…]`.

Trains by the command line and writes `docs/recipes/reached.json`, from which
`python -m core.training.recipe_pages` makes the tables of `docs/recipes/`. Needs CIFAR-10 as
folders or an archive (LOUPE_BENCH_CIFAR), bears as a folder per class (LOUPE_BENCH_BEARS), and
for a pretrained network its weights (KERAS_HOME/models): what is not there is passed over.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.measure import Row
from core.errors import LoupeError
from core.models.backbones import Backbone
from core.models.weights import local_weights
from core.training.reached import RECORDS, Reached, read_reached, write_reached
from core.training.recipe_pages import write_pages
from core.training.recipes import get_recipe
from core.training.runs import open_run
from core.workspace import APP_FOLDER, Workspace, open_workspace

TITLE = "What each recipe reached"
SEED = 0
SOURCES = {
    "cifar10-12k": lambda: os.environ.get("LOUPE_BENCH_CIFAR"),
    "bears": lambda: os.environ.get("LOUPE_BENCH_BEARS"),
    "pond-insects": lambda: "sample:pond-insects",
}


@dataclass(frozen=True)
class Trial:
    """One training of one recipe.

    Attributes:
        epochs: None: the recipe's own.
        assignments: What is changed in the recipe, as `--set` takes it.
        note: Why it is not the recipe's own number of epochs.
    """

    recipe: str
    data: str
    epochs: int | None = None
    assignments: tuple[str, ...] = field(default=())
    note: str = ""


BY_EPOCHS = "its time counted in epochs, so that a busy machine does not count"
TRIALS = (
    Trial("cifar10-grey", "cifar10-12k"),
    Trial("cifar10-colour", "cifar10-12k"),
    Trial("butterflies", "bears"),
    Trial("butterflies-dropout", "bears"),
    Trial("small-cnn", "bears", 60, note=BY_EPOCHS),
    Trial("small-cnn", "cifar10-12k", 10, note=BY_EPOCHS),
    Trial("resnet", "bears", 40, note=BY_EPOCHS),
    Trial("resnet", "cifar10-12k", 8, note=BY_EPOCHS),
    Trial("mobilenet-v2", "bears"),
    Trial("dragonflies-light", "pond-insects", 10, note="a quarter of its epochs"),
    Trial("dragonflies", "pond-insects", 15, note="half as many epochs again as its own"),
)  # fmt: skip


def measure(quick: bool = False, names: tuple[str, ...] = ()) -> list[Row]:
    """Trains the recipes `names`, or all; keeps what the others reached before."""
    if unknown := set(names) - {trial.recipe for trial in TRIALS}:
        known = ", ".join(sorted({trial.recipe for trial in TRIALS}))
        raise LoupeError(
            f"Nothing is planned for {', '.join(sorted(unknown))}.", f"Choose from {known}."
        )
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Path(folder) / "workspace")
        for trial in TRIALS:
            if names and trial.recipe not in names:
                continue
            if missing := _missing(trial):
                print(f"{trial.recipe} on {trial.data}: passed over, {missing}.", flush=True)
                continue
            if quick:
                trial = replace(trial, epochs=1)
            reached = train(workspace, trial)
            print(reached.model_dump_json(), flush=True)
            if not quick:
                write_reached([reached])
                write_pages()
    if not quick:
        print(f"{len(read_reached())} trainings in {RECORDS}.")
    return []


def _missing(trial: Trial) -> str:
    if SOURCES[trial.data]() is None:
        return "its photos are not there"
    recipe = get_recipe(trial.recipe)
    if isinstance(recipe.architecture, Backbone):
        try:
            local_weights(recipe.architecture, recipe.picture.image_size)
        except LoupeError:
            return "its weights are not there"
    return ""


def train(workspace: Workspace, trial: Trial) -> Reached:
    """One training and its test, each by a command of its own."""
    if not (workspace.datasets / trial.data).is_dir():
        _command(workspace, "import", str(SOURCES[trial.data]()), "--name", trial.data)
    options = [word for text in trial.assignments for word in ("--set", text)]
    options += ["--epochs", str(trial.epochs)] if trial.epochs else []
    before = _children_seconds()
    trained = _command(
        workspace, "train", trial.data, "--recipe", trial.recipe, "--seed", str(SEED), *options
    )
    seconds = _children_seconds() - before
    tested = _command(workspace, "evaluate", trained["run"], "--mirrored")
    run = open_run(workspace, trained["run"])
    splits = {entry["name"]: entry["splits"] for entry in _command(workspace, "datasets")}
    return Reached(
        recipe=trial.recipe,
        data=trial.data,
        photos=splits[trial.data].get("train", 0),
        tested=tested["n"],
        classes=len(tested["class_names"]),
        image_size=run.config.recipe.picture.image_size,
        epochs=trained["epochs"],
        seed=SEED,
        accuracy=tested["accuracy"],
        interval=(tested["interval"][0], tested["interval"][1]),
        mirrored=tested["mirror_images"]["mirrored"]["accuracy"],
        processor_seconds=round(seconds, 1),
        parameters=int(run.status().result["parameters"]),
        date=time.strftime("%Y-%m-%d"),
        note=trial.note,
    )


def _command(workspace: Workspace, *words: str) -> Any:
    answer = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "core", *words, "--json"],
        cwd=APP_FOLDER,
        env=os.environ | {"LOUPE_HOME": str(workspace.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise LoupeError(f"{words[0]} failed: {answer.stderr.strip().splitlines()[-1]}")
    return json.loads(answer.stdout)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
