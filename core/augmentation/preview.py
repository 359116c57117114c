"""Pictures as training will see them, through the same `draw` and `apply`."""

from collections.abc import Sequence

import numpy as np

from core.augmentation.recipe import STEP_LABELS, AugmentationRecipe
from core.augmentation.transforms import Drawn, apply, draw, picture_seed


def wall(
    pictures: Sequence[np.ndarray],
    recipe: AugmentationRecipe,
    seed: int,
    columns: int,
    indices: Sequence[int] | None = None,
) -> tuple[list[list[np.ndarray]], list[list[Drawn]]]:
    """A row per picture, a column per epoch.

    Args:
        pictures: uint8 (height, width, channels) each.
        recipe: What may happen to them.
        seed: The training's seed.
        columns: How many epochs to show.
        indices: The pictures' rows in the prepared array. With them, column `n` is to
            the bit what training with this seed sees in epoch `n`. Default: 0, 1, 2, …

    Returns:
        The pictures and what was drawn for them, each as a list of rows.
    """
    rows = range(len(pictures)) if indices is None else indices
    drawn = [
        [draw(recipe, picture_seed(seed, epoch, index)) for epoch in range(columns)]
        for index in rows
    ]
    shown = [
        [apply(picture, values) for values in row]
        for picture, row in zip(pictures, drawn, strict=True)
    ]
    return shown, drawn


def one_at_a_time(
    picture: np.ndarray, recipe: AugmentationRecipe, seed: int
) -> list[tuple[str, np.ndarray, Drawn]]:
    """The original, each step that is on alone, then all of them together.

    Each step draws alone what it draws among the others. It happens here whatever its
    probability, so that every step can be seen; only the last picture obeys it.

    Returns:
        `(label, uint8 picture, drawn values)` for each.
    """
    steps = [step for step in recipe.steps if step.enabled]
    shown = [("Original", draw(recipe.model_copy(update={"steps": ()}), seed))]
    for step in steps:
        alone = (step.model_copy(update={"probability": 1.0}),)
        shown.append(
            (STEP_LABELS[step.kind], draw(recipe.model_copy(update={"steps": alone}), seed))
        )
    shown.append(("All together", draw(recipe, seed)))
    return [(label, apply(picture, drawn), drawn) for label, drawn in shown]
