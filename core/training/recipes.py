"""Named bundles of everything a training needs: pictures, augmentation, network, schedule."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Tag, ValidationError

from core.augmentation.recipe import AugmentationRecipe
from core.errors import LoupeError, NotFound
from core.expected import expected
from core.images import PictureSpec
from core.models.architecture import Architecture
from core.models.backbones import Backbone
from core.training.config import TrainingConfig

RECIPE_FILES = Path(__file__).parent / "recipe_files"


def _kind_of(value: Any) -> str:
    """Which of the two a value is: only a backbone names one."""
    named = "backbone" in value if isinstance(value, dict) else isinstance(value, Backbone)
    return "backbone" if named else "layers"


AnyArchitecture = Annotated[
    Annotated[Architecture, Tag("layers")] | Annotated[Backbone, Tag("backbone")],
    Discriminator(_kind_of),
]


class Recipe(BaseModel):
    """What to train and how. `summary` says in plain words what it is good for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    summary: str
    picture: PictureSpec
    augmentation: AugmentationRecipe
    architecture: AnyArchitecture
    training: TrainingConfig


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Recipe]:
    files = sorted(RECIPE_FILES.glob("*.json"), key=lambda file: file.stem)
    recipes = [Recipe.model_validate_json(file.read_text(encoding="utf-8")) for file in files]
    return {recipe.name: recipe for recipe in recipes}


def list_recipes() -> list[Recipe]:
    """All recipes that come with Loupe, by name."""
    return list(_shipped().values())


def get_recipe(name: str) -> Recipe:
    """The recipe called `name`.

    Raises:
        NotFound: If there is none; names those that exist.
    """
    if name not in _shipped():
        raise NotFound(f"There is no recipe {name!r}.", f"Choose one of {', '.join(_shipped())}.")
    return _shipped()[name]


def apply_overrides(recipe: Recipe, overrides: Mapping[str, Any]) -> Recipe:
    """`recipe` with some fields changed; values may be strings, as a command line has them.

    A field is `part.field` (`picture.image_size`), or the field alone where only one part
    has it (`epochs`). `64x64` is an image size; `none` empties a field. Whoever says how
    many epochs means no time limit, and the other way round, unless both are said.

    Raises:
        LoupeError: If a field does not exist or a value does not fit; names what would.
    """
    data = recipe.model_dump()
    known = override_fields(recipe)
    paths = {_resolve(field, known): value for field, value in overrides.items()}
    if len(ends := {"training.epochs", "training.budget_seconds"} & set(paths)) == 1:
        (other,) = {"training.epochs", "training.budget_seconds"} - ends
        paths[other] = None
    for path, value in paths.items():
        part, field = path.split(".")
        data[part][field] = _plain(value)
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"] if part not in ("backbone", "layers"))
        raise LoupeError(
            f"The value for {where or 'the recipe'} does not fit: {expected(problem)}.",
            "" if isinstance(problem["input"], dict) else f"Received {problem['input']!r}.",
        ) from error


def override_fields(recipe: Recipe | None = None) -> list[str]:
    """Every field that `apply_overrides` knows for `recipe`, in full.

    Without a recipe, those that every one has.
    """
    parts: dict[str, type[BaseModel]] = {
        "picture": PictureSpec,
        "augmentation": AugmentationRecipe,
        "training": TrainingConfig,
    }
    if recipe is not None:
        parts["architecture"] = type(recipe.architecture)
    skipped = {"augmentation.version", "augmentation.name", "augmentation.steps"}
    skipped |= {"architecture.name", "architecture.backbone", "architecture.layers"}
    fields = [f"{part}.{field}" for part, model in parts.items() for field in model.model_fields]
    return [field for field in fields if field not in skipped]


def _resolve(field: str, known: list[str]) -> str:
    short = [path for path in known if path.split(".")[1] == field]
    if field in known or len(short) == 1:
        return field if field in known else short[0]
    raise LoupeError(f"There is no field {field!r} to set.", f"Choose one of {', '.join(known)}.")


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip().lower().replace("×", "x")
    if text in ("", "none"):
        return None
    sides = text.split("x")
    if len(sides) == 2 and all(side.strip().isdigit() for side in sides):
        return tuple(int(side) for side in sides)
    return value.strip()
