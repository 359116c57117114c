"""Recipes that were given a name: a JSON file each in the workspace."""

from pathlib import Path

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.recipe_json import read_recipe_file, write_recipe
from core.errors import LoupeError
from core.workspace import Workspace, free_name, move_to_bin, slugify, write_bytes


def list_saved(workspace: Workspace) -> dict[str, AugmentationRecipe]:
    """All saved recipes by their file's name, in the order of their names.

    A file that is no recipe (any longer) is left alone; see `list_unreadable`.
    """
    found = {
        key: recipe
        for key, recipe in _read_all(workspace).items()
        if isinstance(recipe, AugmentationRecipe)
    }
    return dict(sorted(found.items(), key=lambda item: (item[1].name.lower(), item[0])))


def list_unreadable(workspace: Workspace) -> dict[str, LoupeError]:
    """Why saved recipes cannot be used, by their file's name; a newer Loupe may have made them."""
    read = _read_all(workspace)
    return {key: problem for key, problem in read.items() if isinstance(problem, LoupeError)}


def _read_all(workspace: Workspace) -> dict[str, AugmentationRecipe | LoupeError]:
    files = sorted(_folder(workspace).glob("*/recipe.json"))
    return {file.parent.name: read_recipe_file(file) for file in files}


def save_recipe(workspace: Workspace, recipe: AugmentationRecipe, name: str) -> str:
    """Saves `recipe` as `name`; what was saved under that name is kept in the bin.

    Returns:
        The name of its folder.

    Raises:
        LoupeError: If the name is empty or too long.
    """
    name = name.strip()
    if not name or len(name) > 60:
        raise LoupeError(
            f"A recipe's name has 1 to 60 characters, and this one has {len(name)}.",
            "Type a short name, such as 'garden photos'.",
        )
    key = slugify(name)
    if (_folder(workspace) / key).is_dir():
        delete_saved(workspace, key)
    return _write(workspace, key, recipe, name)


def duplicate_saved(workspace: Workspace, key: str) -> str:
    """A copy of the saved recipe `key` under a free name; returns its folder's name."""
    recipe = list_saved(workspace)[key]
    copy = free_name(_folder(workspace), f"{key}-copy")
    return _write(workspace, copy, recipe, f"{recipe.name} copy"[:80])


def delete_saved(workspace: Workspace, key: str) -> str:
    """Moves the saved recipe `key` to the bin; returns the token for `workspace.restore`."""
    return move_to_bin(workspace, _folder(workspace) / Path(key).name)


def _write(workspace: Workspace, key: str, recipe: AugmentationRecipe, name: str) -> str:
    named = recipe.model_copy(update={"name": name})
    folder = _folder(workspace) / key
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / "recipe.json", write_recipe(named).encode())
    return key


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "augmentations"
