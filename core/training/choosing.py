"""Chooses a recipe for a data set, and says why.

The rule, and what it was measured on, stands in `docs/recipes/choose-for-me.md`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.edits import photos as counted
from core.errors import LoupeError, UnusablePicture
from core.images import PictureSpec, load_thumbnail
from core.models.backbones import Backbone
from core.models.weights import find_weights
from core.training.device import cpu_count, graphics_card_found
from core.training.recipes import Recipe, apply_overrides, get_recipe, list_recipes
from core.training.speed import Cost, cost

FROM_NOTHING = "small-cnn"
PHOTOS_LOOKED_AT = 40
LOOKED_AT_SIDE = 64
# Counted in steps of eight levels on 64 pixels: 121 photos of bears had 88 to 1,144 colours,
# half of them more than 516; 129 scanned digits 31 or 32.
FEWEST_COLOURS_OF_A_PHOTOGRAPH = 100
# A grey photo's three channels agree to within JPEG's rounding.
GREY_DIFFERENCE = 4
# Of the time allowed: the rest is for the head, the test, and a slower computer than thought.
SHARE_FOR_LOOKING = 0.6
FEW_PHOTOS_OF_A_CLASS = 100
MOST_COPIES = 4
# A picture enlarged beyond this shows nothing new.
MOST_ENLARGED = 3


@dataclass(frozen=True)
class Choice:
    """A recipe, and why.

    Attributes:
        reasons: Plain sentences, the most important one first.
    """

    recipe: Recipe
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """What photos are like.

    Attributes:
        side: The median of their shorter sides, in pixels.
        grey: Whether most are shades of grey.
        drawn: Whether most have few colours, as drawings, scans and digits do.
    """

    side: int
    grey: bool
    drawn: bool


def kind_of(dataset: Dataset) -> Kind:
    """What the photos are like, from the manifest and a few dozen of them."""
    used = dataset.used
    side = int(used[["width", "height"]].min(axis=1).median())
    step = max(1, len(used) // PHOTOS_LOOKED_AT)
    greys: list[bool] = []
    draws: list[bool] = []
    for photo in used["id"].iloc[::step]:
        try:
            picture = load_thumbnail(dataset.photo_path(photo), LOOKED_AT_SIDE)
        except (UnusablePicture, LoupeError, OSError):
            continue
        spread = picture.max(axis=2).astype(int) - picture.min(axis=2)
        greys.append(float(np.mean(spread)) < GREY_DIFFERENCE)
        colours = len(np.unique(picture.reshape(-1, picture.shape[2]) // 8, axis=0))
        draws.append(colours < FEWEST_COLOURS_OF_A_PHOTOGRAPH)
    if not greys:
        return Kind(side, False, False)
    grey, drawn = float(np.mean(greys)) > 0.5, float(np.mean(draws)) > 0.5
    # Shades of grey are few for any photo: at most 32 levels of five bits.
    return Kind(side, grey, drawn and not (grey and side > LOOKED_AT_SIDE))


def choose(dataset: Dataset, seconds: float) -> Choice:
    """What to train on `dataset` within about `seconds`, on this computer.

    Raises:
        LoupeError: If there are no photos.
    """
    if dataset.used.empty:
        raise LoupeError(f"{dataset.title!r} has no photos in use.", "Bring photos first.")
    kind = kind_of(dataset)
    if kind.drawn:
        why = (
            "Most of your pictures have few colours, as drawings and digits have: networks that "
            "learnt from photographs know little of them, and a small one learns them quickly."
        )
        return _from_nothing(kind, seconds, why)
    candidates = _pretrained(dataset, kind)
    if not candidates:
        why = "No network that has learnt from photographs has its weights on this computer."
        return _from_nothing(kind, seconds, why, _fetching_would_help())
    fitting = [entry for entry in candidates if entry[1].seconds <= seconds * SHARE_FOR_LOOKING]
    if not fitting:
        recipe, need = min(candidates, key=lambda entry: entry[1].seconds)
        why = (
            f"Even the quickest network that has learnt from photographs, {recipe.title}, would "
            f"need about {_time(need.seconds)} to look at {counted(len(dataset.used))} once."
        )
        return _from_nothing(kind, seconds, why)
    best, need = max(fitting, key=lambda entry: _precision(entry[0]))
    return _with_copies(dataset, best, need, seconds, len(candidates))


def _from_nothing(kind: Kind, seconds: float, *reasons: str) -> Choice:
    recipe = get_recipe(FROM_NOTHING)
    sides = (28, 32, 48, 64)
    side = next((known for known in sides if known >= kind.side), recipe.picture.image_size[0])
    changes: dict[str, Any] = {"image_size": (side, side), "budget_seconds": seconds}
    if kind.grey:
        changes["color_mode"] = "grayscale"
    size = f"It sees them at {side} × {side}{' in shades of grey' if kind.grey else ''}."
    return Choice(apply_overrides(recipe, changes), tuple(filter(None, (*reasons, size))))


def _pretrained(dataset: Dataset, kind: Kind) -> list[tuple[Recipe, Cost]]:
    """Recipes with a backbone whose weights are here, and what looking at all photos costs."""
    found = []
    for recipe in list_recipes():
        backbone = recipe.architecture
        if not isinstance(backbone, Backbone) or recipe.name == "bears":
            continue
        fitted = _fitted(recipe, backbone, kind)
        if find_weights(backbone, fitted.picture.image_size):
            need = cost(_root(dataset), backbone, fitted.picture, len(dataset.used))
            found.append((fitted, need))
    return found


def _fitted(recipe: Recipe, backbone: Backbone, kind: Kind) -> Recipe:
    """Small photos are enlarged as far as it helps, not to the recipe's full size."""
    own = recipe.picture.image_size[0]
    sizes = [size for size in (96, 128, 160, 192, 224, own) if size <= own]
    wanted = max(kind.side * MOST_ENLARGED, backbone.family.sides[1])
    side = next((size for size in sizes if size >= wanted), own)
    picture = PictureSpec(image_size=(side, side), color_mode="grayscale" if kind.grey else "rgb")
    return recipe.model_copy(update={"picture": picture})


def _with_copies(
    dataset: Dataset, recipe: Recipe, need: Cost, seconds: float, candidates: int
) -> Choice:
    backbone = recipe.architecture
    assert isinstance(backbone, Backbone)  # noqa: S101 - for the type checker
    known = "measured here" if need.measured else f"a guess for {_machine()}"
    reasons = [
        f"{backbone.family.title} has learnt from a million photographs: with "
        f"{counted(len(dataset.used))} of your own, that is worth more than any network that "
        "begins with nothing.",
        f"It looks at all of them in about {_time(need.seconds)} ({known}), which fits into "
        f"{_time(seconds)}."
        + (" No more precise one whose weights are here does." if candidates > 1 else ""),
    ]
    fewest = min(dataset.class_counts().values())
    each = need.seconds * dataset.split_counts()["train"] / max(1, len(dataset.used))
    spare = seconds * SHARE_FOR_LOOKING - need.seconds
    copies = int(min(MOST_COPIES, spare // each)) if each and fewest < FEW_PHOTOS_OF_A_CLASS else 0
    if copies:
        reasons.append(
            f"Your smallest class has {counted(fewest)}: {copies} varied copies of each training "
            f"photo are looked at too, about {_time(copies * each)} more."
        )
    reasons.append("The network itself stays frozen; unfreeze its last blocks if you have time.")
    architecture = backbone.model_copy(update={"variants": copies})
    return Choice(recipe.model_copy(update={"architecture": architecture}), tuple(reasons))


def _fetching_would_help() -> str:
    return (
        "With a connection to the internet, choose MobileNetV2 once: its weights are then "
        "fetched and stay here."
    )


def _precision(recipe: Recipe) -> float:
    backbone = recipe.architecture
    return backbone.family.top_1 if isinstance(backbone, Backbone) else 0.0


def _machine() -> str:
    if graphics_card_found():
        return "a graphics card"
    cores = cpu_count()
    return f"{cores} core{'s' if cores > 1 else ''}"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _root(dataset: Dataset) -> Path:
    return dataset.folder.parents[1]
