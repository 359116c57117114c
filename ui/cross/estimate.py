"""About how long a cross-validation will take, from what is known of this computer."""

from core.datasets.dataset import Dataset
from core.errors import LoupeError
from core.evaluation.cross_folder import list_cross
from core.models.backbones import Backbone
from core.training.recipes import Recipe
from core.training.speed import cost
from ui import cache

# Around a training of each part: building the network and asking it. On two cores.
SECONDS_AROUND = 5.0
# A head learns from kept features in a few seconds, whatever the backbone.
SECONDS_OF_A_HEAD = 5.0


def seconds_of_check(
    dataset: Dataset, recipe: Recipe, folds: int, repeats: int, photos: int
) -> float | None:
    """None where nothing is known of such a training here.

    Args:
        photos: How many take part.
    """
    each = _of_earlier_check(dataset, recipe) or _of_a_training(dataset, recipe, folds, photos)
    if each is None:
        return None
    return _looking(recipe, photos) + folds * repeats * each


def _of_earlier_check(dataset: Dataset, recipe: Recipe) -> float | None:
    """What a part took in the newest check of the same recipe for as long."""
    for cross in list_cross(cache.workspace(), dataset.name):
        try:
            plan, report = cross.plan, cross.report()
        except LoupeError:
            continue
        same = plan.recipe.name == recipe.name and _length(plan.recipe) == _length(recipe)
        if report and same and plan.recipe.picture == recipe.picture:
            return float(report["seconds"]) / len(report["parts"])
    return None


def _length(recipe: Recipe) -> tuple[int | None, float | None]:
    return recipe.training.epochs, recipe.training.budget_seconds


def _of_a_training(dataset: Dataset, recipe: Recipe, folds: int, photos: int) -> float | None:
    training, backbone = recipe.training, recipe.architecture
    if training.budget_seconds and training.epochs is None:
        return training.budget_seconds + SECONDS_AROUND
    if isinstance(backbone, Backbone) and not backbone.unfreeze_from:
        return SECONDS_OF_A_HEAD
    for run in cache.runs(dataset.name):
        if run["recipe"] == recipe.name and run["state"] == "finished" and run["epochs"]:
            learnt = max(1, dataset.split_counts()["train"])
            share = photos * (folds - 1) / folds / learnt
            epoch = float(run["seconds"]) / float(run["epochs"])
            return SECONDS_AROUND + share * epoch * (training.epochs or 1)
    return None


def _looking(recipe: Recipe, photos: int) -> float:
    """Looking through a frozen backbone, once for all parts; nothing for other networks."""
    backbone = recipe.architecture
    if not isinstance(backbone, Backbone):
        return 0.0
    looks = photos * (1 + backbone.variants)
    return cost(cache.workspace().root, backbone, recipe.picture, looks).seconds
