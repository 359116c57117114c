"""Pictures as training will see them, through the same `draw`, `apply` and `mix`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.augmentation.drawing import Drawn, draw, draw_all, picture_seed
from core.augmentation.mixing import mix
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_LABELS
from core.augmentation.transforms import apply


class Wall(NamedTuple):
    """Pictures in rows, draws in columns.

    Attributes:
        pictures: uint8 (height, width, channels) each, as a list of rows.
        drawn: What was drawn for each.
        shares: float32 (rows,) each: how much of each row's label the picture has.
    """

    pictures: list[list[np.ndarray]]
    drawn: list[list[Drawn]]
    shares: list[list[np.ndarray]]


def wall(
    pictures: Sequence[np.ndarray],
    recipe: AugmentationRecipe,
    seed: int,
    columns: int,
    indices: Sequence[int] | None = None,
) -> Wall:
    """A row per picture, a column per epoch; MixUp and CutMix mix within a column.

    Args:
        pictures: uint8 (height, width, channels) each, all of one shape if the recipe mixes.
        recipe: What may happen to them.
        seed: The training's seed.
        columns: How many epochs to show.
        indices: The pictures' rows in the prepared array. With them, column `n` is to
            the bit what training with this seed sees in epoch `n` (of a batch of these
            pictures, if the recipe mixes). Default: 0, 1, 2, …
    """
    rows = list(range(len(pictures)) if indices is None else indices)
    made = [
        batch(pictures, draw_all(recipe, [picture_seed(seed, epoch, row) for row in rows]))
        for epoch in range(columns)
    ]
    by_part = zip(*made, strict=True)
    return Wall(*([list(row) for row in zip(*part, strict=True)] for part in by_part))


def batch(
    pictures: Sequence[np.ndarray], drawn: Sequence[Drawn]
) -> tuple[list[np.ndarray], list[Drawn], list[np.ndarray]]:
    """A batch of `pictures` after what was drawn for each, with the shares of the labels."""
    applied = [apply(picture, values) for picture, values in zip(pictures, drawn, strict=True)]
    if not any(values.mixes for values in drawn):
        return applied, list(drawn), list(np.eye(len(applied), dtype=np.float32))
    mixed, shares = mix(np.stack(applied), drawn)
    return list(mixed), list(drawn), list(shares)


def one_at_a_time(
    picture: np.ndarray,
    recipe: AugmentationRecipe,
    seed: int,
    partner: np.ndarray | None = None,
) -> list[tuple[str, np.ndarray, Drawn]]:
    """The original, each step that is on alone, then all of them together.

    Each step draws alone what it draws among the others. It happens here whatever its
    probability, so that every step can be seen; only the last picture obeys it.

    Args:
        partner: What MixUp and CutMix mix in; without it they change nothing.

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
    others = [] if partner is None else [partner]
    unchanged = [Drawn()] * len(others)
    return [
        (label, batch([picture, *others], [drawn, *unchanged])[0][0], drawn)
        for label, drawn in shown
    ]
