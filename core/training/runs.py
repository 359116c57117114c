"""Training runs: a folder each, with everything needed to repeat it and all it found out."""

import json
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from core.datasets.fingerprint import Fingerprint, fingerprint
from core.datasets.manifest import Dataset, open_dataset
from core.errors import LoupeError, NotFound, NothingToLearn
from core.expected import expected
from core.jobs import JobStatus, State, create_job, read_status, request_stop
from core.models.backbones import Backbone
from core.models.weights import require_weights
from core.training.disk_room import require_disk
from core.training.fitting import misfit
from core.training.memory import require_memory
from core.training.recipes import Recipe
from core.workspace import (
    Workspace,
    free_name,
    move_to_bin,
    new_folder,
    read_json,
    slugify,
    write_json,
)

TRAIN = "core.training.worker:train_run"


class RunConfig(BaseModel):
    """What a run was started with: enough to repeat it.

    Attributes:
        photos: What it learns from, to be found again; None in runs from before it was noted.
    """

    model_config = ConfigDict(frozen=True)

    run: str
    title: str
    dataset: str
    dataset_version: int
    class_names: tuple[str, ...]
    recipe: Recipe
    created: str
    photos: Fingerprint | None = None


@dataclass(frozen=True)
class Run:
    """One run's folder. Get it from `create_run` or `open_run`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder.parent.parent)

    @property
    def config(self) -> RunConfig:
        try:
            return RunConfig.model_validate(read_json(self.folder / "config.json"))
        except ValidationError as error:
            raise LoupeError(
                f"The configuration of run {self.name!r} is damaged: {_first(error)}.",
                "Start a new training.",
            ) from error

    @property
    def model_path(self) -> Path:
        """Where the model lies, once there is one: while training, the best so far."""
        return self.folder / "model.keras"

    @property
    def has_model(self) -> bool:
        return self.model_path.exists()

    def status(self) -> JobStatus:
        return read_status(self.folder)

    def metrics(self) -> list[dict[str, Any]]:
        """One dict per epoch: epoch, loss, accuracy, val_loss, val_accuracy, seconds,
        learning_rate."""
        try:
            lines = (self.folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines if line.endswith("}")]

    def evaluation(self) -> dict[str, Any] | None:
        """What the test split said, or None before it was asked."""
        path = self.folder / "evaluation.json"
        return read_json(path) if path.exists() else None

    def stop(self) -> None:
        """Asks the training to stop and keep its model."""
        request_stop(self.folder)

    def delete(self) -> str:
        """Moves the run to the bin; returns the token for `core.workspace.restore`.

        Raises:
            LoupeError: If it is still at work.
        """
        if not self.status().state.is_over and self.status().launched:
            raise LoupeError(f"Run {self.name!r} is still training.", "Stop it first.")
        return move_to_bin(self.workspace, self.folder)


def require_trainable(dataset: Dataset, recipe: Recipe) -> None:
    """Says before the start what a training would fail for.

    Raises:
        NothingToLearn: If there are not two classes.
        TooLarge: If it cannot fit into the memory.
        NoSpace: If its files cannot fit on the disk.
        WeightsMissing: If the recipe needs weights that are neither here nor to be fetched.
        LoupeError: If the network cannot work on such pictures.
    """
    require_classes(dataset)
    found = misfit(recipe, len(dataset.class_names))
    if found:
        raise found.as_error()
    require_memory(dataset, recipe)
    require_disk(dataset, recipe)
    if isinstance(recipe.architecture, Backbone):
        require_weights(recipe.architecture, recipe.picture.image_size)


def require_classes(dataset: Dataset) -> None:
    """
    Raises:
        NothingToLearn: If there are not two classes.
    """
    if not dataset.class_names:
        raise NothingToLearn(f"{dataset.title!r} has no photos in use.", "Add photos.")
    if len(dataset.class_names) < 2:
        raise NothingToLearn(
            f"{dataset.title!r} has a single class: there is nothing to tell apart.",
            "Add photos of a second class.",
        )


def create_run(
    workspace: Workspace,
    dataset_name: str,
    recipe: Recipe,
    name: str | None = None,
    dataset_version: int | None = None,
) -> Run:
    """A new run folder, ready for `core.launcher.launch`.

    Args:
        name: Its title; a free name is made of it. Without one, the data set's and the recipe's.
        dataset_version: Which version of the data set it learns from; None for the current one.

    Raises:
        DataMissing: If the data set does not exist.
        LoupeError: If it cannot be learnt from, see `require_trainable`.
    """
    dataset = open_dataset(workspace, dataset_name, dataset_version)
    require_trainable(dataset, recipe)
    title = name or f"{dataset.name} {recipe.name}"
    folder = workspace.runs / free_name(workspace.runs, title)
    config = RunConfig(
        run=folder.name,
        title=title,
        dataset=dataset.name,
        dataset_version=dataset.version,
        class_names=dataset.class_names,
        recipe=recipe,
        created=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        photos=fingerprint(dataset),
    )
    with new_folder(folder) as staging:
        write_json(staging / "config.json", config.model_dump(mode="json"))
        create_job(staging, TRAIN, {}, title, needs_slot=True)
    return Run(folder)


def open_run(workspace: Workspace, name: str) -> Run:
    """The run called `name`.

    Raises:
        NotFound: If there is none.
    """
    folder = workspace.runs / slugify(name)
    if not (folder / "config.json").exists():
        raise NotFound(f"There is no run {name!r}.", "The training page lists all runs.")
    return Run(folder)


def list_runs(workspace: Workspace) -> list[dict[str, Any]]:
    """A summary of every run, newest first. Reads two small files per run, or none again."""
    summaries = []
    for folder in workspace.runs.iterdir():
        if folder.name.startswith("."):
            continue
        try:
            summaries.append(_summary(folder))
        except (LoupeError, KeyError, OSError):
            continue
    return sorted(summaries, key=lambda run: (run["created"], run["name"]), reverse=True)


def _summary(folder: Path) -> dict[str, Any]:
    config = _cached_json(folder / "config.json")
    status = _ended(folder) or read_status(folder)
    result = status.result or {}
    evaluation = folder / "evaluation.json"
    tested = _cached_json(evaluation)["accuracy"] if evaluation.exists() else None
    return {
        "name": folder.name,
        "title": config["title"],
        "dataset": config["dataset"],
        "recipe": config["recipe"]["name"],
        "state": str(status.state),
        "ending": status.ending,
        "created": config["created"],
        "epochs": result.get("epochs") or status.extra.get("epoch"),
        "val_accuracy": result.get("val_accuracy") or status.extra.get("val_accuracy"),
        "test_accuracy": tested,
        "seconds": status.seconds_elapsed,
        "has_model": (folder / "model.keras").exists(),
    }


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    received = problem["input"]
    found = f", received {received!r}" if isinstance(received, str | int | float) else ""
    return f"{where}: {expected(problem)}{found}"


def _ended(folder: Path) -> JobStatus | None:
    status = _status_at(folder, (folder / "status.json").stat().st_mtime_ns)
    return status if status.state.is_over and status.state is not State.INTERRUPTED else None


@lru_cache(maxsize=2000)
def _status_at(folder: Path, mtime_ns: int) -> JobStatus:
    return read_status(folder)


def _cached_json(path: Path) -> Any:
    return _json_at(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4000)
def _json_at(path: Path, mtime_ns: int) -> Any:
    return read_json(path)
