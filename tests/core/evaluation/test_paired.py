"""The statistics of twins, against published numbers and against simulated truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.evaluation.paired import (
    accuracy_of,
    changed_sides,
    crossed_interval,
    difference_of,
    is_shown,
    mcnemar,
    newcombe_interval,
    seed_luck,
    sides,
)
from core.evaluation.power import (
    FEWEST_CHANGED,
    expected_disagreement,
    photos_needed,
    smallest_difference,
)

# Complete response before and after consolidation therapy (Cavo et al., 2012), as Fagerland,
# Lydersen and Laake work it out in "Statistical Analysis of Contingency Tables" (2017), chapter
# 8, and their R package contingencytables prints it: both, first only, second only, neither.
CAVO = (59, 6, 16, 80)


def answers(both, gained, lost, neither):
    """Right or not (photos,) of two twins with these counts."""
    first = np.repeat([True, True, False, False], [both, gained, lost, neither])
    second = np.repeat([True, False, True, False], [both, gained, lost, neither])
    return first, second


def test_published_intervals_and_tests_are_reproduced():
    assert newcombe_interval(*CAVO) == pytest.approx((-0.1186, -0.0046), abs=5e-5)
    assert mcnemar(6, 16) == pytest.approx(0.052479, abs=5e-7)
    assert mcnemar(1, 7) == 2 * (1 + 8) / 2**8


def test_equal_seeds_leave_the_photos_interval_of_bonett_and_price():
    first, second = answers(*CAVO)
    values = np.tile(first.astype(float) - second, (3, 1))
    assert crossed_interval(values, (-1, 1)) == pytest.approx((-0.1195, -0.0032), abs=5e-4)


@given(st.tuples(*[st.integers(0, 60)] * 4).filter(any))
def test_newcombe_is_symmetric_holds_its_estimate_and_zero_where_nothing_differs(counts):
    both, gained, lost, neither = counts
    low, high = newcombe_interval(*counts)
    mirrored = newcombe_interval(both, lost, gained, neither)
    assert (low, high) == pytest.approx((-mirrored[1], -mirrored[0]), abs=1e-9)
    assert -1 <= low <= (gained - lost) / sum(counts) + 1e-9
    assert (gained - lost) / sum(counts) - 1e-9 <= high <= 1
    same = newcombe_interval(both, gained, gained, neither) if both + gained + neither else (0, 0)
    assert same[0] <= 0 <= same[1]


@given(st.integers(0, 80), st.integers(0, 80))
def test_mcnemar_agrees_with_scipys_binomial_test(gained, lost):
    from scipy.stats import binomtest

    expected = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar(gained, lost) == pytest.approx(expected) == mcnemar(lost, gained)


right = arrays(bool, st.tuples(st.integers(1, 4), st.integers(2, 25)))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_differences_are_symmetric_bounded_and_nothing_is_shown_of_equals(data):
    first = data.draw(right)
    second = data.draw(arrays(bool, first.shape))
    one, other = difference_of(first, second), difference_of(second, first)
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))
    assert -1 <= one.low <= one.high <= 1
    assert is_shown(first, second, one) == is_shown(second, first, other)
    same = difference_of(first, first)
    assert same.value == 0 and same.low < 0 < same.high and not is_shown(first, first, same)
    share = accuracy_of(first)
    assert 0 <= share.low <= share.value + 1e-9 and share.value - 1e-9 <= share.high <= 1
    gained, lost = changed_sides(first, second)
    assert not (gained & lost).any()
    if len(first) == 1:
        assert (gained.sum(), lost.sum()) == sides(first[0], second[0])


def shares_held(seeds, photos, luck, delta, rounds=250):
    """How often the interval holds the truth, and how often a difference is claimed."""
    rng = np.random.default_rng(3)
    easy = rng.normal(2, 3, 40_000)
    gain = rng.normal(delta, 1, len(easy))

    def chance(latent):
        return 1 / (1 + np.exp(-latent))

    start = rng.normal(0, luck, (2, len(easy)))
    truth = float((chance(easy + gain + start[0]) - chance(easy + start[1])).mean())
    held = claimed = 0
    for _ in range(rounds):
        chosen = rng.integers(0, len(easy), photos)
        of_seed = rng.normal(0, luck, (2, seeds, 1))
        first = rng.random((seeds, photos)) < chance(easy[chosen] + gain[chosen] + of_seed[0])
        second = rng.random((seeds, photos)) < chance(easy[chosen] + of_seed[1])
        found = difference_of(first, second)
        held += found.low <= truth <= found.high
        claimed += is_shown(first, second, found)
    return held / rounds, claimed / rounds


@pytest.mark.parametrize(
    "seeds, photos, luck", [(1, 60, 0.0), (3, 60, 0.0), (3, 60, 0.4), (3, 400, 0.4), (5, 60, 0.4)]
)
def test_the_interval_holds_the_truth_about_as_often_as_it_says(seeds, photos, luck):
    held, claimed = shares_held(seeds, photos, luck, delta=0.0)
    assert held >= 0.91  # 0.95 less what 250 rounds may miss it by
    assert claimed <= 0.1


def test_one_pair_takes_the_luck_of_its_start_for_an_effect_and_several_do_not():
    assert shares_held(1, 400, 0.4, delta=0.0)[1] > 0.2
    assert shares_held(3, 400, 0.4, delta=0.0)[1] < 0.1
    assert shares_held(3, 400, 0.0, delta=1.5)[1] > 0.8


def test_luck_of_the_seeds_is_told_from_that_of_the_photos():
    rng = np.random.default_rng(0)
    photos = rng.normal(size=(1, 500)).repeat(3, axis=0)
    assert seed_luck(photos + 0.01 * rng.normal(size=photos.shape)) < 0.01
    assert seed_luck(photos + np.array([[-0.2], [0.0], [0.2]])) > 0.2


@pytest.mark.parametrize("difference, disagreement", [(0.1, 0.2), (0.05, 0.1), (0.1, 0.4)])
def test_so_many_photos_show_the_difference_in_four_of_five_cases(difference, disagreement):
    photos = photos_needed(difference, disagreement)
    gained = (disagreement + difference) / 2
    shares = [gained, disagreement - gained, 1 - disagreement]
    drawn = np.random.default_rng(1).multinomial(photos, shares, 3000)
    # Connor's formula is for the asymptotic test: (gained - lost)² / (gained + lost) > 1.96².
    gap, changed = (drawn[:, 0] - drawn[:, 1]).astype(float), drawn[:, :2].sum(axis=1)
    assert (gap**2 > 3.8415 * changed).mean() == pytest.approx(0.8, abs=0.04)


@given(st.integers(FEWEST_CHANGED, 20_000), st.floats(0.01, 1))
@settings(deadline=None)
def test_the_smallest_difference_is_the_one_that_needs_so_many_photos(photos, disagreement):
    smallest = smallest_difference(photos, disagreement)
    assert 0 < smallest <= 1
    assert photos_needed(smallest, max(disagreement, smallest)) <= photos
    smaller = 0.97 * smallest
    assert photos_needed(smaller, max(disagreement, smaller)) > photos * 0.99
    assert smallest_difference(2 * photos, disagreement) <= smallest + 1e-9


def test_what_no_number_of_photos_shows():
    assert smallest_difference(FEWEST_CHANGED - 1, 0.2) is None
    assert mcnemar(FEWEST_CHANGED, 0) < 0.05 <= mcnemar(FEWEST_CHANGED - 1, 0)
    with pytest.raises(ValueError, match="nothing"):
        photos_needed(0.0, 0.2)
    with pytest.raises(ValueError, match="two seeds"):
        crossed_interval(np.zeros((1, 9)))
    assert expected_disagreement(1.0) == 0
