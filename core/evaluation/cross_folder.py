"""Cross-validations as folders: what was asked, how far it is, every photo's answers.

`cross-validations/NAME/` in the workspace is also a job's folder. It holds `plan.json` (what is
asked), `photos.parquet` (who is judged in which part, see `cross_plan.deal`), `parts/` (for each
part that is done `round-R-part-P.parquet`, its answers, and `.json`, how it was trained),
`report.json` and `predictions.parquet` (what came out so far, see `cross_report`). Nothing in it
is ever overwritten by another cross-validation. Started again, it goes on with what is missing.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from core.datasets.manifest import open_dataset
from core.errors import LoupeError, NotFound
from core.evaluation.cross_plan import CrossPlan, deal
from core.evaluation.results import write_table
from core.jobs import JobStatus, State, create_job, read_status, request_stop
from core.workspace import (
    Workspace,
    free_name,
    move_to_bin,
    new_folder,
    read_json,
    slugify,
    write_json,
)

JOB = "core.evaluation.cross_validation:cross_validate"
REPAIR = "Let it go on: what is missing is made again."


@dataclass(frozen=True)
class CrossValidation:
    """One cross-validation's folder. Get it from `create_cross` or `open_cross`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder.parent.parent)

    @property
    def plan(self) -> CrossPlan:
        try:
            return CrossPlan.model_validate(read_json(self.folder / "plan.json"))
        except ValidationError as error:
            raise LoupeError(
                f"The plan of the cross-validation {self.name!r} is damaged.",
                "Begin a new one; this one cannot go on.",
            ) from error

    def status(self) -> JobStatus:
        return read_status(self.folder)

    def stop(self) -> None:
        """Asks it to stop; parts that are done are kept."""
        request_stop(self.folder)

    def photos(self) -> pd.DataFrame:
        """Who is judged in which part: what `cross_plan.deal` returned at the beginning."""
        return _table(self.folder / "photos.parquet", "Begin a new one; this one cannot go on.")

    def keep_part(self, turn: int, part: int, answers: pd.DataFrame, about: dict[str, Any]) -> None:
        """Writes down a part that is done; the last write says that it is."""
        place = self._part(turn, part)
        place.parent.mkdir(exist_ok=True)
        write_table(place.with_suffix(".parquet"), answers)
        write_json(place.with_suffix(".json"), about)

    def is_done(self, turn: int, part: int) -> bool:
        return self._part(turn, part).with_suffix(".json").is_file()

    def done(self) -> list[tuple[int, int]]:
        """Round and part of every training that is done, in their order."""
        return [which for which in self.plan.order() if self.is_done(*which)]

    def about_part(self, turn: int, part: int) -> dict[str, Any]:
        """How a part was trained and what it reached, see `cross_validation.cross_validate`."""
        about: dict[str, Any] = read_json(self._part(turn, part).with_suffix(".json"))
        return about

    def answers(self, turn: int, part: int) -> pd.DataFrame:
        """A part's rows of `predictions`.

        Raises:
            LoupeError: If they cannot be read.
        """
        return _table(self._part(turn, part).with_suffix(".parquet"), REPAIR)

    def forget_part(self, turn: int, part: int) -> None:
        """From now on the part is not done."""
        self._part(turn, part).with_suffix(".json").unlink(missing_ok=True)

    def report(self) -> dict[str, Any] | None:
        """What came out so far (see `cross_report.describe`); None before the first part.

        Raises:
            LoupeError: If it cannot be read.
        """
        path = self.folder / "report.json"
        if not path.is_file():
            return None
        try:
            found: dict[str, Any] = read_json(path)
            return found | {"parts": list(found["parts"])}
        except (LoupeError, KeyError, TypeError) as error:
            raise LoupeError(f"The results of {self.name!r} are damaged.", REPAIR) from error

    def predictions(self) -> pd.DataFrame:
        """Every answer so far: a row per photo and round, see `cross_report.write_report`.

        Raises:
            LoupeError: If they cannot be read.
        """
        return _table(self.folder / "predictions.parquet", REPAIR)

    def training_folder(self, turn: int, part: int) -> Path:
        """Where a part is being trained; it is gone when that is over."""
        return self.folder / "training" / f"round-{turn + 1}-part-{part + 1}"

    def delete(self) -> str:
        """Moves it all to the bin; returns the token for `core.workspace.restore`.

        Raises:
            LoupeError: If it is still at work.
        """
        status = self.status()
        if not status.state.is_over and status.launched:
            raise LoupeError(f"{self.name!r} is still at work.", "Stop it first.")
        return move_to_bin(self.workspace, self.folder)

    def _part(self, turn: int, part: int) -> Path:
        return self.folder / "parts" / f"round-{turn + 1}-part-{part + 1}"


def create_cross(workspace: Workspace, plan: CrossPlan) -> CrossValidation:
    """A new folder in which the photos are dealt already, ready for `core.launcher.launch`."""
    title = f"{plan.dataset} {plan.recipe.name} in {plan.folds} parts"
    folder = workspace.cross_validations / free_name(workspace.cross_validations, title)
    plan = plan.model_copy(update={"created": time.strftime("%Y-%m-%dT%H:%M:%S%z")})
    dataset = open_dataset(workspace, plan.dataset, plan.dataset_version)
    with new_folder(folder) as staging:
        write_json(staging / "plan.json", plan.model_dump(mode="json"))
        write_table(staging / "photos.parquet", deal(plan, dataset))
        create_job(staging, JOB, {}, title, needs_slot=True)
    return CrossValidation(folder)


def open_cross(workspace: Workspace, name: str) -> CrossValidation:
    """The cross-validation called `name`.

    Raises:
        NotFound: If there is none.
    """
    folder = workspace.cross_validations / slugify(name)
    if not (folder / "plan.json").is_file():
        raise NotFound(f"There is no cross-validation {name!r}.", "The training page lists all.")
    return CrossValidation(folder)


def list_cross(workspace: Workspace, dataset_name: str | None = None) -> list[CrossValidation]:
    """All cross-validations, or those on one data set, newest first.

    Left out are those whose plan or status cannot be read.
    """
    found = []
    for file in workspace.cross_validations.glob("*/plan.json"):
        cross = CrossValidation(file.parent)
        if cross.name.startswith("."):
            continue
        try:
            plan, _ = cross.plan, cross.status()
        except LoupeError:
            continue
        if dataset_name in (None, plan.dataset):
            found.append((plan.created, cross.name, cross))
    return [cross for *_, cross in sorted(found, key=lambda entry: entry[:2], reverse=True)]


def find_unfinished(workspace: Workspace, plan: CrossPlan) -> CrossValidation | None:
    """One that asks the same and ended before its end: it can go on."""
    for cross in list_cross(workspace, plan.dataset):
        state = cross.status().state
        if state.is_over and state is not State.FINISHED and plan.same_question(cross.plan):
            return cross
    return None


def _table(path: Path, next_step: str) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path.name} in {path.parent.name}.", next_step) from error
    except (OSError, ValueError) as error:
        raise LoupeError(
            f"The file {path.name} in {path.parent.name} is damaged.", next_step
        ) from error
