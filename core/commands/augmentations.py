"""What a command's `--augmentation` names."""

from pathlib import Path

from core.augmentation.presets import PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.recipe_json import read_recipe
from core.augmentation.saved import list_saved
from core.errors import LoupeError
from core.workspace import Workspace


def augmentation(workspace: Workspace, name: str) -> AugmentationRecipe:
    """The recipe that `name` means: a preset, a saved one, or a JSON file.

    Raises:
        LoupeError: If it is none of them, or the file holds no recipe.
    """
    saved = list_saved(workspace)
    if name in PRESETS or name in saved:
        return PRESETS.get(name) or saved[name]
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join([*PRESETS, *saved])
        raise LoupeError(
            f"There is no augmentation {name!r}.", f"Name a JSON file or one of {known}."
        ) from error
    return read_recipe(text)
