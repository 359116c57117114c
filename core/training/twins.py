"""Twins: the same network trained with one augmentation and with another, on equal terms.

A comparison is a folder, `twins/NAME/` in the workspace, which is also a job's: `plan.json`
(what is compared), `trainings/seed-S-SIDE/` (a folder for each training, as a run has it),
`comparison.json` and `photos.parquet` (what came out). The trainings stay out of the list of
runs; `keep_as_run` puts one there.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import LoupeError, NotFound
from core.jobs import JobStatus, State, create_job, read_status, request_stop
from core.status import write_status
from core.training.runs import TRAIN, Run
from core.training.twin_plan import SIDES, Side, TwinPlan
from core.workspace import (
    Workspace,
    free_name,
    move_to_bin,
    new_folder,
    read_json,
    slugify,
    write_json,
)

JOB = "core.training.twin_training:train_twins"


@dataclass(frozen=True)
class TwinRun(Run):
    """One training of a comparison: a run's folder, three levels deeper in the workspace."""

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder.parents[3])

    @property
    def is_done(self) -> bool:
        """Whether it was trained to its end and has answered the photos."""
        try:
            return read_status(self.folder).state is State.FINISHED
        except LoupeError:
            return False


@dataclass(frozen=True)
class Twins:
    """One comparison's folder. Get it from `create_twins` or `open_twins`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder.parent.parent)

    @property
    def plan(self) -> TwinPlan:
        try:
            return TwinPlan.model_validate(read_json(self.folder / "plan.json"))
        except ValidationError as error:
            raise LoupeError(f"The plan of the comparison {self.name!r} is damaged.") from error

    def status(self) -> JobStatus:
        return read_status(self.folder)

    def stop(self) -> None:
        request_stop(self.folder)

    def training(self, seed: int, side: Side) -> TwinRun:
        """The folder of one training; it need not exist yet."""
        return TwinRun(self.folder / "trainings" / f"seed-{seed}-{side}")

    def finished_seeds(self) -> list[int]:
        """The seeds of which both trainings are done."""
        return [
            seed
            for seed in self.plan.seeds
            if all(self.training(seed, side).is_done for side in SIDES)
        ]

    def comparison(self) -> dict[str, Any] | None:
        """What came out so far (see `core.evaluation.twin_comparison`), or None."""
        path = self.folder / "comparison.json"
        return read_json(path) if path.is_file() else None

    def delete(self) -> str:
        """Moves it all to the bin; returns the token for `core.workspace.restore`.

        Raises:
            LoupeError: If it is still at work.
        """
        status = self.status()
        if not status.state.is_over and status.launched:
            raise LoupeError(f"The comparison {self.name!r} is still at work.", "Stop it first.")
        return move_to_bin(self.workspace, self.folder)


def create_twins(workspace: Workspace, plan: TwinPlan) -> Twins:
    """A new comparison's folder, ready for `core.launcher.launch`."""
    title = f"{plan.dataset} {plan.words('with')} or {plan.words('without')}"
    folder = workspace.twins / free_name(workspace.twins, title)
    plan = plan.model_copy(update={"created": time.strftime("%Y-%m-%dT%H:%M:%S%z")})
    with new_folder(folder) as staging:
        write_json(staging / "plan.json", plan.model_dump(mode="json"))
        create_job(staging, JOB, {}, title, needs_slot=True)
    return Twins(folder)


def open_twins(workspace: Workspace, name: str) -> Twins:
    """The comparison called `name`.

    Raises:
        NotFound: If there is none.
    """
    folder = workspace.twins / slugify(name)
    if not (folder / "plan.json").is_file():
        raise NotFound(
            f"There is no comparison {name!r}.", "The lab's view 'Does it help?' lists all."
        )
    return Twins(folder)


def list_twins(workspace: Workspace, dataset_name: str | None = None) -> list[Twins]:
    """All comparisons, or those on one data set, newest first; damaged ones are left out."""
    found = []
    for file in workspace.twins.glob("*/plan.json"):
        twins = Twins(file.parent)
        try:
            plan = twins.plan
            twins.status()
            twins.comparison()
        except LoupeError:
            continue
        if not twins.name.startswith(".") and dataset_name in (None, plan.dataset):
            found.append((plan.created, twins.name, twins))
    return [twins for *_, twins in sorted(found, key=lambda entry: entry[:2], reverse=True)]


def find_unfinished(workspace: Workspace, plan: TwinPlan) -> Twins | None:
    """A comparison that asks the same and was stopped, or cut short, before its end."""
    for twins in list_twins(workspace, plan.dataset):
        state = twins.status().state
        if state.is_over and state is not State.FINISHED and plan.same_question(twins.plan):
            return twins
    return None


def keep_as_run(run: TwinRun) -> Run:
    """Puts a copy of a twin's training among the runs, to be looked at and used as any other.

    The second time the run that was made the first time is returned, if it still exists.

    Raises:
        LoupeError: If the training is not done.
    """
    workspace, note = run.workspace, run.folder / "kept-as.json"
    if note.is_file() and (known := workspace.runs / read_json(note)).is_dir():
        return Run(known)
    if not run.is_done:
        raise LoupeError("This training is not done yet.", "Wait for it, or let it go on.")
    status, config = read_status(run.folder), run.config
    folder = workspace.runs / free_name(workspace.runs, config.title)
    with new_folder(folder) as staging:
        shutil.copytree(run.folder, staging, dirs_exist_ok=True)
        renamed = config.model_copy(update={"run": folder.name})
        write_json(staging / "config.json", renamed.model_dump(mode="json"))
        create_job(staging, TRAIN, {}, config.title, needs_slot=True)
        write_status(staging, status)
    write_json(note, folder.name)
    return Run(folder)
