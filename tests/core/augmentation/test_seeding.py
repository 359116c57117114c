"""Random numbers made for many seeds at once are NumPy's, one seed at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augmentation.drawing import draw, draw_all, picture_seed
from core.augmentation.presets import PRESETS
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.seeding import random_numbers
from core.augmentation.steps import STEP_KINDS, Rotation

words = st.one_of(st.integers(0, 3), st.integers(0, 2**32 - 1), st.just(2**32 - 1))
EVERYTHING = AugmentationRecipe(steps=tuple(step() for step in STEP_KINDS.values()))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(words, words, words, words), min_size=1, max_size=9), st.data())
def test_they_are_numpys_to_the_bit(seeds: list[tuple[int, ...]], data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, 120), max_size=20))
    made = random_numbers(np.array(seeds, np.uint32), places)
    assert made.shape == (len(seeds), len(places)) and made.dtype == np.float64
    for seed, row in zip(seeds, made, strict=True):
        np.testing.assert_array_equal(row, np.random.default_rng(seed).random(121)[places])


@pytest.mark.parametrize("recipe", [*PRESETS.values(), EVERYTHING], ids=lambda recipe: recipe.name)
def test_all_at_once_is_one_after_another(recipe: AugmentationRecipe) -> None:
    seeds = [picture_seed(seed, 2, row, row % 2) for seed in (0, 9) for row in range(40)]
    assert draw_all(recipe, seeds) == [draw(recipe, seed) for seed in seeds]


def test_seeds_that_do_not_fit_are_drawn_for_all_the_same() -> None:
    recipe = AugmentationRecipe(steps=(Rotation(),))
    seeds = [(2**40, 0, 1, 0), (1, 2, 3, 4)]
    assert draw_all(recipe, seeds) == [draw(recipe, seed) for seed in seeds]
    assert draw_all(recipe, [(1, 2)]) == [draw(recipe, (1, 2))]
    with pytest.raises(ValueError, match="non-negative"):
        draw_all(recipe, [(-1, 0, 0, 0)])


def test_nothing_to_draw_or_nobody_to_draw_for() -> None:
    off = AugmentationRecipe(steps=(Rotation(enabled=False),), fill_mode="wrap")
    for recipe in (NO_AUGMENTATION, off):
        assert draw_all(recipe, [(1, 2, 3, 4)] * 2) == [draw(recipe, 1)] * 2
    assert draw_all(EVERYTHING, []) == []
