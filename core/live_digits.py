"""Makes a small network that knows handwritten figures, as a job: for drawing while it looks."""

from pathlib import Path
from typing import Any

from core.datasets.importing import import_dataset
from core.datasets.manifest import list_datasets
from core.demo import train_here
from core.jobs import Reporter
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import Workspace

DATASET, RECIPE = "digits", "small-cnn"
FIGURES = tuple("0123456789")
TRAINING_SECONDS = 20.0


def make(folder: Path, reporter: Reporter, seconds: float = TRAINING_SECONDS) -> dict[str, Any]:
    """Imports the digits, unless they are here, and trains a small network on them.

    Args:
        folder: The job's folder, `jobs/ID` in the workspace to work in.
        seconds: The time budget of the training.

    Returns:
        dataset and run, the names of both.

    Raises:
        Stopped: If asked to stop; what is there already stays.
    """
    workspace = Workspace(folder.resolve().parents[1])
    name = _digits(workspace)
    if name is None:
        reporter.phase("Writing the figures")
        name = import_dataset(workspace, f"sample:{DATASET}", DATASET, progress=reporter).name
    recipe = apply_overrides(get_recipe(RECIPE), {"budget_seconds": seconds})
    run = create_run(workspace, name, recipe, "drawn digits")
    train_here(run, reporter)
    return {"dataset": name, "run": run.name}


def _digits(workspace: Workspace) -> str | None:
    """The data set of figures that is here already."""
    for summary in list_datasets(workspace):
        if tuple(summary["classes"]) == FIGURES:
            return str(summary["name"])
    return None
