"""Chance decides here: `draw` turns a recipe and a seed into plain values."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.augmentation.changes import Change, happens
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.seeding import WORDS, random_numbers
from core.augmentation.steps import MIXING_KINDS, STEP_KINDS
from core.augmentation.words import in_words

Seed = int | tuple[int, ...]


def _rows() -> dict[str, tuple[int, int]]:
    """Where the random numbers of each kind of step begin and end: the first is its chance."""
    rows, start = {}, 0
    for kind, step in STEP_KINDS.items():
        rows[kind] = (start, start + 1 + step.numbers)
        start += 1 + step.numbers
    return rows


_ROWS = _rows()
_NUMBERS = max(end for _, end in _ROWS.values())


class Drawn(NamedTuple):
    """What was drawn for one picture.

    Attributes:
        changes: What happens to it, in this order.
        fill_mode: nearest, reflect, wrap or constant.
        fill_value: Grey level 0..255, used by constant.
    """

    changes: tuple[Change, ...] = ()
    fill_mode: str = "nearest"
    fill_value: int = 0

    @property
    def changes_nothing(self) -> bool:
        return not self.changes

    @property
    def mixes(self) -> bool:
        """Whether another picture of the batch takes part."""
        return any(change.kind in MIXING_KINDS for change in self.changes)

    def values(self, kind: str) -> tuple[float, ...] | None:
        """The values of the first change of `kind`, None when there is none."""
        return next((change.values for change in self.changes if change.kind == kind), None)

    def describe(self) -> list[tuple[str, str]]:
        """What happened, in words, as `(step, text)` pairs; empty when nothing did."""
        return [
            (STEP_KINDS[change.step or change.kind].label, in_words(change))
            for change in self.changes
        ]


def draw(recipe: AugmentationRecipe, seed: Seed) -> Drawn:
    """Draws the values of every step that is on.

    Each kind of step has its own random numbers: switching one off, moving it, or changing
    its range leaves what the others draw as it was.

    Args:
        recipe: What may happen, and how strongly.
        seed: A number, or several, of 0 or more. The same seed draws the same values.
    """
    if not recipe.steps:
        return Drawn((), recipe.fill_mode, recipe.fill_value)
    return _drawn(recipe, _ROWS, _generator(seed).random(_NUMBERS).tolist())


def draw_all(recipe: AugmentationRecipe, seeds: Sequence[tuple[int, ...]]) -> list[Drawn]:
    """`draw(recipe, seed)` for each of `seeds`, in a fraction of the time for many of them.

    Args:
        seeds: Four numbers of 0 or more each, as `picture_seed` gives them.
    """
    on = [step.kind for step in recipe.steps if step.enabled]
    if not on or not seeds:
        return [Drawn((), recipe.fill_mode, recipe.fill_value)] * len(seeds)
    try:
        words = np.array(seeds, np.uint32).reshape(len(seeds), WORDS)
    except (OverflowError, ValueError):  # a number of more than 32 bits, or below 0
        return [draw(recipe, seed) for seed in seeds]
    places, rows = _only(tuple(on))
    numbers = random_numbers(words, places).tolist()
    return [_drawn(recipe, rows, of_one) for of_one in numbers]


@lru_cache(maxsize=64)
def _only(kinds: tuple[str, ...]) -> tuple[tuple[int, ...], dict[str, tuple[int, int]]]:
    """Where the random numbers of `kinds` lie among all, and where when only these are made."""
    places: list[int] = []
    rows = {}
    for kind in kinds:
        start, end = _ROWS[kind]
        rows[kind] = (len(places), len(places) + end - start)
        places += range(start, end)
    return tuple(places), rows


def _drawn(
    recipe: AugmentationRecipe, rows: Mapping[str, tuple[int, int]], numbers: Sequence[float]
) -> Drawn:
    changes: list[Change] = []
    for step in recipe.steps:
        if not step.enabled:
            continue
        start, end = rows[step.kind]
        if numbers[start] < step.probability:
            changes += filter(happens, step.changes(numbers[start + 1 : end]))
    return Drawn(tuple(changes), recipe.fill_mode, recipe.fill_value)


def _generator(seed: Seed) -> np.random.Generator:
    """NumPy's generator for `seed`: sooner, where NumPy need not ask each number for its size."""
    if isinstance(seed, tuple):
        try:
            return np.random.default_rng(np.array(seed, np.uint32))
        except OverflowError:  # a number of more than 32 bits, or one below 0
            pass
    return np.random.default_rng(seed)


def picture_seed(seed: int, epoch: int, index: int, copy: int = 0) -> tuple[int, ...]:
    """The seed with which training draws for one picture.

    Args:
        seed: The training's seed.
        epoch: Counted from 0.
        index: The picture's row in the prepared array.
        copy: 0 for the first time the picture is shown in that epoch, then 1, 2, …
    """
    return (seed, epoch, index, copy)
