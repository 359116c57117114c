"""Which network was chosen for a data set, kept beside its photos for the next training."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import LoupeError
from core.images import PictureSpec
from core.models.backbones import Backbone
from core.training.recipes import Recipe, get_recipe, list_recipes
from core.workspace import read_json, write_json
from ui import cache, state

FIRST_CHOICE = "small-cnn"


class ModelChoice(BaseModel):
    """A recipe by name, and the picture it takes when that was changed.

    Attributes:
        backbone: The recipe's backbone with what was set, None where it has none.
    """

    model_config = ConfigDict(frozen=True)

    recipe: str
    picture: PictureSpec
    backbone: Backbone | None = None


def kept_choice(dataset_name: str) -> ModelChoice:
    """What was chosen for the data set, else a good first choice."""
    try:
        choice = ModelChoice.model_validate(read_json(_file(dataset_name)))
        get_recipe(choice.recipe)
        return choice
    except (LoupeError, ValidationError):
        return default_choice(FIRST_CHOICE)


def default_choice(recipe_name: str) -> ModelChoice:
    """The recipe with the pictures it was made for; the first recipe if it does not exist."""
    names = [recipe.name for recipe in list_recipes()]
    recipe = get_recipe(recipe_name if recipe_name in names else names[0])
    return ModelChoice(recipe=recipe.name, picture=recipe.picture)


def keep_choice(dataset_name: str, choice: ModelChoice) -> None:
    """Keeps `choice`: the next training uses it."""
    if kept_choice(dataset_name) != choice:
        write_json(_file(dataset_name), choice.model_dump(mode="json"))


def recipe_to_train(dataset_name: str) -> Recipe:
    """The chosen recipe with the chosen pictures and the augmentation kept for the photos."""
    choice = kept_choice(dataset_name)
    changes: dict[str, BaseModel] = {"picture": choice.picture}
    if choice.backbone is not None:
        changes["architecture"] = choice.backbone
    augmentation = state.augmentation_recipe(dataset_name)
    if augmentation is not None:
        changes["augmentation"] = augmentation
    return get_recipe(choice.recipe).model_copy(update=changes)


def _file(dataset_name: str) -> Path:
    return cache.workspace().datasets / Path(dataset_name).name / "model.json"
