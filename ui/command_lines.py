"""What was done in the browser, as commands for a terminal."""

import shlex

from core.training.recipes import Recipe, get_recipe
from core.training.runs import RunConfig


def commands(config: RunConfig, source: str) -> list[tuple[str, str]]:
    """Title and command of each step of the road that led to the run `config`.

    Args:
        source: What the data set was imported from.
    """
    program = "python -m core"
    return [
        ("Bring the photos", f"{program} import {_quoted(source)} --name {config.dataset}"),
        ("Train", f"{program} train {config.dataset} {' '.join(_options(config.recipe))}"),
        ("Repeat exactly this training", f"{program} train --from {config.run}"),
        ("Test", f"{program} evaluate {config.run}"),
        ("Ask about new photos", f"{program} predict {config.run} photo.jpg"),
        ("Look inside", f"{program} maps {config.run} photo.jpg --out maps.png"),
    ]


def _options(recipe: Recipe) -> list[str]:
    training = recipe.training
    options = [f"--recipe {recipe.name}"]
    if training.epochs is not None:
        options.append(f"--epochs {training.epochs}")
    if training.budget_seconds is not None:
        options.append(f"--budget {training.budget_seconds:g}")
    if training.seed:
        options.append(f"--seed {training.seed}")
    return options + [f"--set {name}={_value(value)}" for name, value in changes(recipe).items()]


def changes(recipe: Recipe) -> dict[str, object]:
    """The fields of pictures and training that differ from the recipe Loupe comes with."""
    shipped = get_recipe(recipe.name)
    told = {"epochs", "budget_seconds", "seed"}
    return {
        f"{part}.{name}": value
        for part in ("picture", "training")
        for name, value in getattr(recipe, part)
        if name not in told and value != getattr(getattr(shipped, part), name)
    }


def has_own_variations(recipe: Recipe) -> bool:
    """Whether the augmentation differs from the recipe's, which no option can say."""
    return recipe.augmentation != get_recipe(recipe.name).augmentation


def has_own_layers(recipe: Recipe) -> bool:
    """Whether the network differs from the recipe's, which no option can say."""
    return recipe.architecture != get_recipe(recipe.name).architecture


def _value(value: object) -> str:
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _quoted(source: str) -> str:
    return shlex.quote(source) if source else "FOLDER"
