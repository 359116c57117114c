"""`choose`: which recipe for a data set, and why."""

from argparse import Namespace
from typing import Any

from core.datasets.manifest import open_dataset
from core.progress import Progress
from core.training.choosing import choose
from core.workspace import Workspace


def run_choose(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    dataset = open_dataset(workspace, options.dataset)
    progress(0, 0, "Looking at the photos")
    seconds = 60.0 * options.minutes
    choice = choose(dataset, seconds)
    return {
        "dataset": dataset.name,
        "minutes": options.minutes,
        "recipe": choice.recipe.name,
        "title": choice.recipe.title,
        "image_size": list(choice.recipe.picture.image_size),
        "color_mode": choice.recipe.picture.color_mode,
        "reasons": list(choice.reasons),
        "command": f"python -m core train {dataset.name} --recipe choose --budget {seconds:g}",
        "details": choice.recipe.model_dump(mode="json"),
    }
