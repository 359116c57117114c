"""The suggestion on made-up curves: where it must lie, and when there must be none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.training.config import TrainingConfig
from core.training.rate_curve import (
    FEWEST_STEPS,
    HIGHEST_RATE,
    LOWEST_RATE,
    judged_for,
    rate_curve,
    smooth,
)

TRAINING = TrainingConfig(epochs=1)
RATES = np.geomspace(LOWEST_RATE, HIGHEST_RATE, 100)


def learning(middle=1e-3, width=0.4, rise=0.3, wobble=0.0, seed=0, rates=RATES):
    """Losses that fall around the rate `middle` and rise again around `rise`."""
    away = np.log10(rates)
    fall = 1 / (1 + np.exp((away - np.log10(middle)) / width * 4))
    climb = 4 / (1 + np.exp(-(away - np.log10(rise)) * 6))
    noise = np.random.default_rng(seed).normal(0, 1, len(rates)) * wobble
    return 0.5 + 1.8 * fall + climb + noise


def found(losses, exploded=False, schedule="one-cycle"):
    training = TrainingConfig(epochs=1, schedule=schedule)
    return rate_curve(list(RATES[: len(losses)]), list(losses), exploded, training).suggestion


@pytest.mark.parametrize("middle", [1e-4, 1e-3, 1e-2])
@pytest.mark.parametrize("wobble", [0.0, 0.1])
def test_it_lies_between_where_learning_begins_and_where_it_ends(middle, wobble):
    suggestion = found(learning(middle, rise=100 * middle, wobble=wobble))
    assert suggestion.kind == "found"
    assert suggestion.steepest == pytest.approx(middle, rel=0.8)
    assert middle < suggestion.lowest < 100 * middle
    assert middle / 4 < suggestion.rate < suggestion.lowest


def test_it_does_not_depend_on_how_long_it_went_on_after_the_explosion():
    losses = learning()
    short, long = losses[:85], np.concatenate([losses[:85], [50.0, 3e5, 1e9, 1e30]])
    first, second = found(short, exploded=True), found(long, exploded=True)
    assert second.rate == pytest.approx(first.rate, rel=0.3)


def test_a_rate_that_stays_is_smaller_than_one_from_which_the_schedule_comes_down():
    losses = learning(middle=1e-4, rise=0.1)
    rates = {name: found(losses, schedule=name).rate for name in ("one-cycle", "step", "constant")}
    assert rates["one-cycle"] == rates["step"] > rates["constant"]
    assert "third" in found(losses).sentence
    assert "tenth" in found(losses, schedule="constant").sentence
    other = rate_curve(RATES.tolist(), losses.tolist(), False, TRAINING)
    constant = TrainingConfig(epochs=1, schedule="constant", learning_rate=0.5)
    again = judged_for(other, constant)
    assert (again.suggestion.rate, again.present) == (rates["constant"], 0.5)


def test_the_sentence_says_why_with_the_rates_in_it():
    suggestion = found(learning())
    assert "falls most steeply around 0.00" in suggestion.sentence
    assert "lowest at 0.0" in suggestion.sentence and "rises" in suggestion.sentence
    assert "explodes" in found(learning()[:85], exploded=True).sentence


def test_a_loss_that_still_falls_at_the_end_says_so():
    suggestion = found(learning(middle=0.3, rise=1e6))
    assert "still falling at 10," in suggestion.sentence
    assert suggestion.rate <= HIGHEST_RATE


@pytest.mark.parametrize("wobble", [0.0, 0.01, 0.3])
@pytest.mark.parametrize("seed", range(5))
def test_a_flat_curve_tells_nothing(wobble, seed):
    losses = 1.1 + np.random.default_rng(seed).normal(0, 1, 100) * wobble
    suggestion = found(losses)
    assert suggestion.rate is None and suggestion.kind == "flat"
    assert "tells nothing" in suggestion.sentence


def test_a_curve_that_only_rises_tells_nothing():
    suggestion = found(np.linspace(1, 4, 60), exploded=True)
    assert suggestion.rate is None and "exploded at" in suggestion.sentence


@pytest.mark.parametrize(
    "losses", [[], [2.0], [2.0, 9.0, 1e9], [float("nan")], [1.0, float("inf")]]
)
def test_an_explosion_at_the_first_steps_gives_no_rate(losses):
    curve = rate_curve(RATES[: len(losses)].tolist(), losses, bool(losses), TRAINING)
    assert curve.suggestion.rate is None
    assert curve.suggestion.kind == ("exploded" if losses else "short")
    assert len(curve.rates) == len(curve.losses) == len(curve.smoothed)
    assert np.isfinite(curve.smoothed).all()


loss_values = st.floats(0, 1e12, allow_nan=False) | st.sampled_from([float("nan"), float("inf")])


@settings(max_examples=150, deadline=None)
@given(st.lists(loss_values, max_size=100), st.booleans(), st.integers(2, 100))
def test_whatever_the_curve_the_rate_is_one_of_the_range_that_was_tried(losses, exploded, steps):
    rates = np.geomspace(LOWEST_RATE, HIGHEST_RATE, max(steps, len(losses)))[: len(losses)]
    curve = rate_curve(rates.tolist(), losses, exploded, TRAINING)
    suggestion = curve.suggestion
    assert suggestion.sentence.endswith(".")
    if suggestion.rate is None:
        assert suggestion.kind != "found"
    else:
        assert len(curve.rates) >= FEWEST_STEPS
        assert curve.rates[0] <= suggestion.rate <= curve.rates[-1]
        assert suggestion.rate <= max(suggestion.lowest, curve.rates[0])


def test_smoothing_keeps_a_line_a_line_and_takes_most_of_the_wobble():
    line = np.linspace(2, 1, 60)
    assert smooth(line)[10:-10] == pytest.approx(line[10:-10], abs=1e-3)
    noise = np.random.default_rng(1).normal(0, 0.2, 60)
    assert np.std(smooth(line + noise) - line) < 0.45 * np.std(noise)
