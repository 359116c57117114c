"""What was changed in a recipe's settings, kept beside the photos for the next training."""

from pathlib import Path
from typing import Any

from core.errors import LoupeError
from core.training.config import TrainingConfig
from core.training.recipes import Recipe
from core.training.settings import changed
from core.workspace import read_json, write_json
from ui import cache
from ui.model_choice import recipe_to_train

VERSION = 1
UNREADABLE = LoupeError(
    "The settings kept for these photos cannot be read.",
    "This training uses the recipe's own. Nothing is lost: training.json is left as it is, and set "
    "aside when you change a setting.",
)


def kept_settings(dataset_name: str, recipe_name: str) -> dict[str, Any]:
    """The fields that were changed for this data set and recipe, with their values.

    Raises:
        LoupeError: If the file cannot be read, or is from a newer Loupe.
    """
    return dict(_recipes(dataset_name).get(recipe_name, {}))


def keep_settings(dataset_name: str, recipe: Recipe, values: dict[str, Any]) -> None:
    """Keeps `values`, without those that are the recipe's own; none of them forgets it."""
    try:
        recipes = _recipes(dataset_name)
    except LoupeError:
        recipes = {}
        _set_aside(_file(dataset_name))
    own = recipe.training.model_dump()
    kept = {name: value for name, value in values.items() if own.get(name, value) != value}
    if kept == recipes.get(recipe.name, {}):
        return
    recipes = {name: fields for name, fields in recipes.items() if name != recipe.name}
    recipes |= {recipe.name: kept} if kept else {}
    write_json(_file(dataset_name), {"version": VERSION, "recipes": recipes})


def chosen_training(dataset_name: str, recipe: Recipe) -> TrainingConfig:
    """The recipe's settings with what was changed for this data set.

    Raises:
        LoupeError: If what was kept cannot be read, or does not fit.
    """
    return changed(recipe.training, kept_settings(dataset_name, recipe.name))


def recipe_with_settings(dataset_name: str) -> Recipe:
    """What the page Training would start now: network, pictures, augmentation and settings.

    Raises:
        LoupeError: If the settings that were kept cannot be read, or do not fit.
    """
    recipe = recipe_to_train(dataset_name)
    return recipe.model_copy(update={"training": chosen_training(dataset_name, recipe)})


def _recipes(dataset_name: str) -> dict[str, dict[str, Any]]:
    file = _file(dataset_name)
    if not file.is_file():
        return {}
    try:
        read = read_json(file)
    except LoupeError as error:
        raise UNREADABLE from error
    sound = isinstance(read, dict) and read.get("version") == VERSION
    recipes: Any = read.get("recipes") if sound else None
    if not isinstance(recipes, dict) or not all(isinstance(one, dict) for one in recipes.values()):
        raise UNREADABLE
    return dict(recipes)


def _set_aside(file: Path) -> None:
    number = 1
    while (aside := file.with_name(f"training-unread-{number}.json")).exists():
        number += 1
    file.rename(aside)


def _file(dataset_name: str) -> Path:
    return cache.workspace().datasets / Path(dataset_name).name / "training.json"
