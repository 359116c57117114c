"""`recipes`, `runs` and `evaluate`, `predict`, `maps`: what a run can be asked."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from core.errors import LoupeError, NotFound, UnusablePicture
from core.progress import Progress
from core.training.recipes import list_recipes
from core.training.runs import Run, list_runs, open_run
from core.training.settings import facts
from core.workspace import Workspace, write_bytes

ALL_LAYERS = "all"


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
    from core.evaluation.results import evaluate_run

    run = _asked_run(workspace, options)
    if options.mirrored and options.split != "test":
        raise LoupeError(
            f"Mirror images are compared on the test photos, not on {options.split}.",
            "Leave --split or --mirrored out.",
        )
    document = {"run": run.name, **evaluate_run(run, options.split, progress)}
    if options.mirrored:
        from core.evaluation.mirrored_results import evaluate_mirrored

        document["mirror_images"] = evaluate_mirrored(run, progress)
    return document


def run_predict(
    workspace: Workspace, options: Namespace, progress: Progress
) -> list[dict[str, Any]]:
    from core.evaluation.prediction import predict_files

    run = _asked_run(workspace, options)
    return predict_files(run, options.files, progress, options.mirrored)


def run_maps(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    run = _asked_run(workspace, options)
    progress(0, 0, "Computing feature maps")
    from core.inspection import activations

    folder, photo = str(run.folder), options.file
    try:
        if options.layer == ALL_LAYERS:
            sheet = activations.atlas_of_all_layers(folder, photo)
        else:
            sheet = activations.atlas(folder, photo, options.layer)
    except UnusablePicture as error:
        raise LoupeError(f"{photo}: {error.message}", error.next_step) from error
    _write_picture(Path(options.out), sheet.pop("png"))
    wanted = ("layer", "shape", "layers", "columns", "rows", "cell", "gap", "low", "high")
    return {key: sheet[key] for key in wanted if key in sheet} | {"out": options.out}


def _asked_run(workspace: Workspace, options: Namespace) -> Run:
    try:
        return open_run(workspace, options.run)
    except NotFound as error:
        raise NotFound(error.message, "See which there are: python -m core runs") from error


def _write_picture(path: Path, png: bytes) -> None:
    try:
        write_bytes(path, png)
    except OSError as error:
        raise LoupeError(
            f"The picture {path} cannot be written: {error.strerror}.",
            "Choose another file with --out.",
        ) from error
