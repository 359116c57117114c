"""Plays the whole road on drawn insects, from nothing to a tested model, and explains it."""

import time
from pathlib import Path
from typing import Any

from core.datasets.dataset import Dataset
from core.datasets.manifest import list_datasets, open_dataset
from core.demo_steps import STEPS, Step
from core.errors import LoupeError, Stopped
from core.jobs import JobStatus, Reporter, State, request_stop, run_job
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.runs import Run, create_run
from core.workspace import Workspace

DATASET = "pond-insects"
RECIPE = "small-cnn"
TRAINING_SECONDS = 40.0
# Smaller than the recipe's own: a slow computer then still gets through enough epochs.
PICTURE_SIZE = "48x48"
READING_SECONDS = 4.0


def play(
    folder: Path,
    reporter: Reporter,
    training_seconds: float = TRAINING_SECONDS,
    reading_seconds: float = READING_SECONDS,
) -> dict[str, Any]:
    """Imports, looks, augments, trains, tests, predicts and looks inside.

    `status.extra` holds `steps` (id, title, explanation, state: waiting, running or done,
    link: the page to go to), and, as soon as they exist, `dataset`, `run`, `photo`,
    `prediction` and `layer`.

    Args:
        folder: The demo's job folder, in the workspace to play in.
        training_seconds: The time budget of the training.
        reading_seconds: How long a step stays before the next begins, for reading.

    Returns:
        dataset, run and sentence: the test accuracy in words.

    Raises:
        Stopped: If asked to stop; what is there already stays.
    """
    workspace = Workspace(folder.parent.parent)
    story = _Story(reporter, reading_seconds)
    with story.step("photos"):
        dataset = _dataset(workspace, reporter)
        story.show(dataset=dataset.name)
    given = {"budget_seconds": training_seconds, "image_size": PICTURE_SIZE}
    recipe = apply_overrides(get_recipe(RECIPE), given)
    with story.step("augmentation"):
        run = create_run(workspace, dataset.name, recipe, "demo pond insects")
        story.show(run=run.name)
    with story.step("model"):
        story.show(network=_network(recipe, dataset))
    with story.step("training"):
        train_here(run, reporter)
    with story.step("evaluation"):
        sentence = _sentence(run)
        story.show(sentence=sentence)
    with story.step("prediction"):
        story.show(**_prediction(run, dataset))
    with story.step("feature_maps"):
        story.show(**_maps(run, dataset))
    return {"dataset": dataset.name, "run": run.name, "sentence": sentence}


class _Story:
    """The steps as the home page shows them."""

    def __init__(self, reporter: Reporter, reading_seconds: float):
        self._reporter, self._reading_seconds = reporter, reading_seconds
        self._steps = [step.waiting() for step in STEPS]
        reporter.update(extra={"steps": self._steps})

    def step(self, name: str) -> "_Chapter":
        return _Chapter(self, next(step for step in STEPS if step.id == name))

    def show(self, **facts: Any) -> None:
        self._reporter.update(extra=facts)
        self._reporter.write()

    def mark(self, step: Step, state: str) -> None:
        for entry in self._steps:
            if entry["id"] == step.id:
                entry["state"] = state
        self._reporter.update(extra={"steps": self._steps})
        self._reporter.write()

    def begin(self, step: Step) -> None:
        self.mark(step, "running")
        self._reporter.phase(step.title)

    def let_read(self) -> None:
        end = time.monotonic() + self._reading_seconds
        while time.monotonic() < end:
            self._reporter.raise_if_stopped()
            time.sleep(min(0.2, self._reading_seconds))


class _Chapter:
    """One step: running inside the block, then a while for reading, then done."""

    def __init__(self, story: _Story, step: Step):
        self._story, self._step = story, step

    def __enter__(self) -> None:
        self._story.begin(self._step)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._story.mark(self._step, "done")
            self._story.let_read()
        else:
            self._story.mark(self._step, "waiting" if issubclass(kind, Stopped) else "failed")


def _dataset(workspace: Workspace, reporter: Reporter) -> Dataset:
    if not any(summary["name"] == DATASET for summary in list_datasets(workspace)):
        from core.datasets.importing import import_dataset

        import_dataset(workspace, f"sample:{DATASET}", DATASET, progress=reporter)
    return open_dataset(workspace, DATASET)


def _network(recipe: Recipe, dataset: Dataset) -> dict[str, int]:
    from core.models.shapes import trace

    rows = trace(recipe.architecture, recipe.picture.shape, len(dataset.class_names))
    return {"layers": len(rows) - 1, "parameters": sum(row.parameters for row in rows)}


def train_here(run: Run, reporter: Reporter) -> None:
    """Trains in the process of a job, under the run's own status and lock.

    Raises:
        LoupeError: If the training fails.
        Stopped: If the job, or the run, was asked to stop.
    """

    def listen(status: JobStatus) -> None:
        reporter.update(
            phase=status.phase,
            message=status.message,
            device=status.device,
            done=status.done,
            total=status.total,
            unit=status.unit,
            seconds_left=status.seconds_left,
        )
        if reporter.stop_requested():
            request_stop(run.folder)

    ending = run_job(run.folder, listen)
    if ending.state is State.FAILED:
        raise LoupeError(ending.message, ending.next_step)
    if ending.state is State.STOPPED:
        raise Stopped("The training was stopped.")


def _sentence(run: Run) -> str:
    from core.evaluation.metrics import summary_sentence
    from core.evaluation.results import evaluate_run

    return summary_sentence(run.evaluation() or evaluate_run(run))


def _prediction(run: Run, dataset: Dataset) -> dict[str, Any]:
    from core.evaluation.prediction import predict_picture

    photo = str(dataset.split("test").iloc[0]["id"])
    answer = predict_picture(str(run.folder), str(dataset.photo_path(photo)))
    return {"photo": photo, "prediction": answer}


def _maps(run: Run, dataset: Dataset) -> dict[str, Any]:
    from core.inspection.activations import atlas

    photo = dataset.photo_path(str(dataset.split("test").iloc[0]["id"]))
    shown = atlas(str(run.folder), str(photo))
    return {"layer": shown["layer"], "maps": shown["count"]}
