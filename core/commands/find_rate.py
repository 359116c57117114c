"""`find-rate`: a learning-rate range test in this very process."""

from argparse import Namespace
from typing import Any

from core.commands.jobs import run_to_end
from core.commands.training import assignment, stop_on_signals
from core.datasets.manifest import open_dataset
from core.jobs import new_job
from core.progress import Progress
from core.training.rate_curve import JOB, read_rate_curve
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import require_trainable
from core.workspace import Workspace


def run_find_rate(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    recipe = apply_overrides(
        get_recipe(options.recipe), dict(assignment(text) for text in options.set)
    )
    dataset = open_dataset(workspace, options.dataset)
    require_trainable(dataset, recipe)
    arguments = {"dataset": dataset.name, "recipe": recipe.model_dump(mode="json")}
    folder = new_job(workspace, JOB, arguments, f"Learning rate for {dataset.name}")
    with stop_on_signals(folder, "Stopping."):
        run_to_end(folder, progress)
    curve = read_rate_curve(folder)
    suggestion = curve.suggestion
    return {
        "dataset": dataset.name,
        "dataset_version": dataset.version,
        "recipe": recipe.name,
        "suggestion": suggestion.rate,
        "kind": suggestion.kind,
        "sentence": suggestion.sentence,
        "steepest": suggestion.steepest,
        "lowest": suggestion.lowest,
        "present": curve.present,
        "exploded": curve.exploded,
        "seconds": curve.seconds,
        "rates": curve.rates,
        "losses": curve.losses,
        "smoothed": curve.smoothed,
        "folder": str(folder),
    }
