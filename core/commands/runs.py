"""`recipes`, `runs` and `evaluate`, `predict`: what a run can be asked."""

import importlib
from argparse import Namespace
from typing import Any

from core.errors import LoupeError, NotFound
from core.progress import Progress
from core.training.device import quiet_import
from core.training.recipes import list_recipes
from core.training.runs import Run, list_runs, open_run
from core.training.settings import facts
from core.workspace import Workspace


def run_recipes(
    workspace: Workspace, options: Namespace, progress: Progress
) -> list[dict[str, Any]]:
    if options.settings:
        return facts()
    return [
        {
            "name": recipe.name,
            "title": recipe.title,
            "summary": recipe.summary,
            "image_size": list(recipe.picture.image_size),
            "epochs": recipe.training.epochs,
        }
        for recipe in list_recipes()
    ]


def run_runs(workspace: Workspace, options: Namespace, progress: Progress) -> list[dict[str, Any]]:
    return list_runs(workspace)


def run_evaluate(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    run = asked_run(workspace, options)
    if options.mirrored and options.split != "test":
        raise LoupeError(
            f"Mirror images are compared on the test photos, not on {options.split}.",
            "Leave --split or --mirrored out.",
        )
    if options.mirrored and options.image_size:
        raise LoupeError(
            "Mirror images are compared at the size the run learnt from.",
            "Leave --image-size or --mirrored out.",
        )
    load_keras()
    from core.evaluation.results import evaluate_run

    found = evaluate_run(run, options.split, progress, options.image_size)
    document = {"run": run.name, **found}
    if options.mirrored:
        from core.evaluation.mirrored_results import evaluate_mirrored

        document["mirror_images"] = evaluate_mirrored(run, progress)
    return document


def run_predict(
    workspace: Workspace, options: Namespace, progress: Progress
) -> list[dict[str, Any]]:
    run = asked_run(workspace, options)
    load_keras()
    from core.evaluation.prediction import predict_files

    return predict_files(run, options.files, progress, options.mirrored, options.image_size)


def load_keras() -> None:
    """Before a command asks a network in this process: so that only its own words are said."""
    with quiet_import():
        importlib.import_module("keras")


def asked_run(workspace: Workspace, options: Namespace) -> Run:
    """The run that the command line names."""
    try:
        return open_run(workspace, options.run)
    except NotFound as error:
        raise NotFound(error.message, "See which there are: python -m core runs") from error
