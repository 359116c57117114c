"""Recipes that were given a name: a JSON file each in the workspace."""

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.recipe_json import read_recipe, write_recipe
from core.shelf import Shelf

_SHELF: Shelf[AugmentationRecipe] = Shelf(
    "augmentations", "recipe.json", "recipe", "garden photos", read_recipe, write_recipe
)
list_saved = _SHELF.list_saved
list_unreadable = _SHELF.list_unreadable
save_recipe = _SHELF.save
duplicate_saved = _SHELF.duplicate_saved
delete_saved = _SHELF.delete_saved
