"""Which network was chosen for a data set, kept beside its photos for the next training."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import LoupeError
from core.images import PictureSpec
from core.models.architecture import Architecture
from core.models.backbones import Backbone
from core.models.shapes import survey
from core.training.recipes import Recipe, get_recipe, list_recipes
from core.workspace import read_json, write_json
from ui import cache, state

FIRST_CHOICE = "small-cnn"


class ModelChoice(BaseModel):
    """A recipe by name, the picture it takes and its layers, where those were changed.

    Attributes:
        architecture: Layers of one's own; None for the recipe's.
        draft: Layers that cannot work yet; None when the architecture is the newest. The next
            training uses the architecture.
        backbone: The recipe's backbone with what was set; None where it has none.
    """

    model_config = ConfigDict(frozen=True)

    recipe: str
    picture: PictureSpec
    architecture: Architecture | None = None
    draft: Architecture | None = None
    backbone: Backbone | None = None


def offered_recipes() -> list[Recipe]:
    """All recipes, the good first choice before the others."""
    return sorted(list_recipes(), key=lambda recipe: (recipe.name != FIRST_CHOICE, recipe.name))


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


def take_recipe(dataset_name: str, recipe_name: str) -> None:
    """Chooses a recipe with its own pictures and layers; own layers can be brought back by Undo."""
    from ui.workbench.draft import Draft

    before = kept_choice(dataset_name)
    keep_choice(dataset_name, default_choice(recipe_name))
    Draft(dataset_name, 0).restart(before.draft or before.architecture)


def keep_layers(dataset_name: str, layers: Architecture, num_classes: int) -> None:
    """Keeps `layers` for the next training; as a draft if they cannot work (yet)."""
    choice = kept_choice(dataset_name)
    if survey(layers, choice.picture.shape, num_classes).problem:
        changes: dict[str, Any] = {"draft": layers}
    else:
        own = layers if layers != get_recipe(choice.recipe).architecture else None
        changes = {"architecture": own, "draft": None}
    keep_choice(dataset_name, choice.model_copy(update=changes))


def recipe_to_train(dataset_name: str) -> Recipe:
    """The chosen recipe with the chosen pictures and layers and the augmentation kept."""
    choice = kept_choice(dataset_name)
    changes: dict[str, Any] = {"picture": choice.picture}
    if choice.backbone is not None:
        changes["architecture"] = choice.backbone
    augmentation = state.augmentation_recipe(dataset_name)
    if augmentation is not None:
        changes["augmentation"] = augmentation
    recipe = get_recipe(choice.recipe)
    if choice.architecture is not None:
        changes |= {"architecture": choice.architecture, "title": f"{recipe.title}, changed"}
    return recipe.model_copy(update=changes)


def _file(dataset_name: str) -> Path:
    return cache.workspace().datasets / Path(dataset_name).name / "model.json"
