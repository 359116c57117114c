"""Recipes as JSON, in and out; what cannot be read is refused with a sentence."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.augmentation.recipe import VERSION, AugmentationRecipe
from core.augmentation.steps import STEP_KINDS
from core.errors import LoupeError
from core.expected import expected
from core.foreign_json import read_file, read_object, refuse_newer

LARGEST_FILE = 100_000  # characters; a recipe of every step has about 4,000


def write_recipe(recipe: AugmentationRecipe) -> str:
    """The recipe as JSON, one field a line."""
    return recipe.model_dump_json(indent=1)


def read_recipe(text: str) -> AugmentationRecipe:
    """The recipe that `text` describes.

    Raises:
        LoupeError: If it is no recipe, has an unknown step, a range that is not allowed or
            the wrong way round, or comes from a newer Loupe; says which and what would do.
    """
    data = read_object(text, "recipe", LARGEST_FILE)
    if isinstance(version := data.get("version", VERSION), int):
        refuse_newer(version, VERSION, "recipe")
    try:
        return AugmentationRecipe.model_validate(data)
    except ValidationError as error:
        raise _as_sentence(error.errors()[0], data) from error


def read_recipe_file(path: Path) -> AugmentationRecipe | LoupeError:
    """The recipe in a file, or why it cannot be read; the file is left as it is."""
    return read_file(path, read_recipe, "recipe")


def _as_sentence(problem: Any, data: dict[str, Any]) -> LoupeError:
    place, received = [str(part) for part in problem["loc"]], problem["input"]
    if problem["type"] == "union_tag_invalid":
        known = ", ".join(STEP_KINDS)
        return LoupeError(f"There is no step {received.get('kind')!r}.", f"Known steps: {known}.")
    if problem["type"] == "union_tag_not_found":
        number = int(place[1]) + 1
        return LoupeError(f"Step {number} does not say its kind.", "Each has one: 'rotation', ….")
    if problem["type"] == "extra_forbidden":
        return LoupeError(f"{_owner(place, data)} has no field {place[-1]!r}.", "Take it out.")
    if len(place) == 2 and place[0] == "steps":
        shown = f"Step {int(place[1]) + 1} is {received!r:.60}"
        return LoupeError(f"{shown}, and not an object.", 'Write it as {"kind": …}.')
    said = expected(problem)
    if problem["type"] == "value_error":
        return LoupeError(f"In this recipe {said}.", "Correct the recipe and try again.")
    shown = "" if isinstance(received, dict | list) else f" Received {received!r}."
    fields = [part for part in place if not part.isdigit()]
    where = f"field {fields[-1]!r}" if fields else "text"
    return LoupeError(
        f"{_owner(place, data)}, {where}: {said}.{shown}", "Correct it and try again."
    )


def _owner(place: list[str], data: dict[str, Any]) -> str:
    """Whose field it is: "The recipe" or "Step 3 (rotation)"."""
    if len(place) < 2 or place[0] != "steps":
        return "The recipe"
    kind = place[2] if len(place) > 2 else "?"
    return f"Step {int(place[1]) + 1} ({kind})"
