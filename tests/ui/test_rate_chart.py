import numpy as np
import pytest

from core.training.config import TrainingConfig
from core.training.rate_curve import rate_curve
from ui.charts.rates import PRESENT, TAKE, loss_range, rate_chart, rate_legend

RATES = np.geomspace(1e-5, 10, 80).tolist()
TRAINING = TrainingConfig(epochs=1, learning_rate=0.02)


def curve_of(losses, training=TRAINING):
    return rate_curve(RATES[: len(losses)], list(losses), False, training)


def falling():
    return np.concatenate([np.linspace(2.3, 0.4, 50), np.linspace(0.4, 90, 30)])


def marked(chart):
    """The rates with a line of their own, by what they are."""
    rules = [layer for layer in chart["layer"] if layer["mark"]["type"] == "rule"]
    return {
        layer["encoding"]["tooltip"][0]["title"]: layer["data"]["values"][0]["rate"]
        for layer in rules
    }


def test_suggested_and_present_rate_are_marked_on_a_logarithmic_axis():
    curve = curve_of(falling())
    chart = rate_chart(curve)
    assert chart["encoding"]["x"]["scale"]["type"] == "log"
    assert marked(chart) == {TAKE: curve.suggestion.rate, PRESENT: 0.02}
    assert [point["loss"] for point in chart["data"]["values"]] == pytest.approx(
        curve.losses, abs=1e-4
    )
    legend = rate_legend(curve)
    assert TAKE in legend and "0.02" in legend


def test_without_a_suggestion_only_the_present_rate_is_marked():
    curve = curve_of([0.7] * 60)
    assert marked(rate_chart(curve)) == {PRESENT: 0.02}
    assert TAKE not in rate_legend(curve)


def test_a_present_rate_outside_the_range_is_within_the_axis():
    curve = curve_of(falling(), TRAINING.model_copy(update={"learning_rate": 1e-7}))
    low, high = rate_chart(curve)["encoding"]["x"]["scale"]["domain"]
    assert (low, high) == (1e-7, pytest.approx(10))


def test_an_explosion_does_not_press_the_rest_flat():
    low, high = loss_range(curve_of(falling()))
    assert low == 0 and 2.3 < high < 5


def test_a_curve_without_a_point_can_be_drawn():
    low, high = loss_range(curve_of([]))
    assert low < high and rate_chart(curve_of([]))["data"]["values"] == []
