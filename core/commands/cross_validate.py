"""`cross-validate`: a recipe checked k times, in this very process; Ctrl-C loses no part."""

from argparse import Namespace
from typing import Any

from core.commands.jobs import run_telling
from core.commands.training import FIRST_RECIPE, assignment, stop_on_signals, with_own_parts
from core.errors import LoupeError
from core.evaluation.cross_folder import CrossValidation, create_cross, find_unfinished
from core.evaluation.cross_plan import CrossPlan, plan_cross_validation
from core.evaluation.cross_report import wrong_photos
from core.evaluation.cross_words import headline, sentences
from core.jobs import JobStatus, State
from core.progress import Progress
from core.training.recipes import apply_overrides, get_recipe
from core.workspace import Workspace


def run_cross_validate(
    workspace: Workspace, options: Namespace, progress: Progress
) -> dict[str, Any]:
    """Goes on with the same check where one was cut short, else begins one."""
    plan = _plan(workspace, options)
    cross = find_unfinished(workspace, plan) or create_cross(workspace, plan)
    progress(0, 0, f"Cross-validation {cross.name}")
    with stop_on_signals(cross.folder):
        status = run_telling(cross.folder, progress)
    if status.state not in (State.FINISHED, State.STOPPED):
        raise LoupeError(
            f"The cross-validation {cross.name!r} {status.state}: {status.message}",
            status.next_step or f"Its log is {cross.folder / 'log.txt'}.",
        )
    return _answer(cross, plan, status)


def _plan(workspace: Workspace, options: Namespace) -> CrossPlan:
    overrides: dict[str, Any] = dict(assignment(text) for text in options.set)
    asked = {"budget_seconds": options.budget, "epochs": options.epochs, "seed": options.seed}
    overrides |= {field: value for field, value in asked.items() if value is not None}
    if options.recipe is None and options.network is None:
        raise LoupeError(
            "What to check is not said.",
            "Add --recipe NAME (see: python -m core recipes), or --network for a network of your "
            "own.",
        )
    named = get_recipe(options.recipe or FIRST_RECIPE)
    recipe = apply_overrides(with_own_parts(workspace, options, named), overrides)
    return plan_cross_validation(
        workspace, options.dataset, recipe, options.folds, options.repeats, options.photos
    )


def _answer(cross: CrossValidation, plan: CrossPlan, status: JobStatus) -> dict[str, Any]:
    report = cross.report()
    words = [headline(report), *sentences(plan, report)] if report else []
    wrong = wrong_photos(cross.predictions()).to_dict("records") if report else []
    files = dict(zip(cross.photos()["id"], cross.photos()["file"], strict=True))
    return {
        "cross_validation": cross.name,
        "status": str(status.state),
        "dataset": plan.dataset,
        "dataset_version": plan.dataset_version,
        "recipe": plan.recipe.name,
        "photos_that_take_part": plan.photos,
        "seconds": round(status.seconds_elapsed, 2),
        "parts_done": len(cross.done()),
        "parts": len(plan.order()),
        "note": plan.note,
        "sentences": words,
        "report": report,
        "wrong": [{"file": files[row["id"]], **row} for row in wrong],
        "predictions": str(cross.folder / "predictions.parquet") if report else None,
    }
