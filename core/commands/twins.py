"""`twins`: does an augmentation help? Trained and compared in this very process."""

from argparse import Namespace
from typing import Any

from core.commands.augmentations import augmentation
from core.commands.jobs import run_telling
from core.commands.training import stop_on_signals
from core.errors import LoupeError
from core.evaluation.twin_words import headline, sentences
from core.jobs import JobStatus, State
from core.progress import Progress
from core.training.recipes import apply_overrides, get_recipe
from core.training.twin_plan import TwinPlan, plan_twins
from core.training.twins import Twins, create_twins, find_unfinished
from core.workspace import Workspace


def run_twins(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    """Goes on with the same comparison where one was cut short, else begins one."""
    plan = _plan(workspace, options)
    twins = find_unfinished(workspace, plan) or create_twins(workspace, plan)
    progress(0, 0, f"Comparison {twins.name}")

    with stop_on_signals(twins.folder):
        status = run_telling(twins.folder, progress)
    if status.state not in (State.FINISHED, State.STOPPED):
        raise LoupeError(
            f"The comparison {twins.name!r} {status.state}: {status.message}".removesuffix(": "),
            status.next_step or f"Its log is {twins.folder / 'log.txt'}.",
        )
    return _answer(twins, status)


def _plan(workspace: Workspace, options: Namespace) -> TwinPlan:
    end = {"budget_seconds": 60.0 * (options.minutes or 1.0)}
    if options.epochs:
        end = {"epochs": options.epochs}
    against = augmentation(workspace, options.against) if options.against else None
    return plan_twins(
        workspace,
        options.dataset,
        apply_overrides(get_recipe(options.recipe), end),
        augmentation(workspace, options.augmentation),
        against,
        options.seeds,
        options.judges,
    )


def _answer(twins: Twins, status: JobStatus) -> dict[str, Any]:
    plan, found = twins.plan, twins.comparison()
    words = [headline(plan, found), *sentences(plan, found)] if found else []
    return {
        "comparison": twins.name,
        "status": str(status.state),
        "dataset": plan.dataset,
        "dataset_version": plan.dataset_version,
        "recipe": plan.recipe.name,
        "with": plan.words("with"),
        "without": plan.words("without"),
        "seconds": round(status.seconds_elapsed, 2),
        "trainings": (status.result or {}).get("trainings", 0),
        "sentences": words,
        "found": found,
    }
