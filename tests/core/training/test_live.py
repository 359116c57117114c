import numpy as np
import pytest

from core.training.live import MOST_POINTS, LiveCurve


def test_it_starts_where_the_training_starts_and_forgets_slowly():
    curve = LiveCurve()
    curve.begin_epoch()
    curve.add(0.1, 2.0, 0.5)
    curve.add(0.2, 1.5, 0.5)  # the second batch alone: 1.0
    assert curve.as_lists() == {"epoch": [0.1, 0.2], "loss": [2.0, 1.5], "accuracy": [0.5, 0.5]}


def test_a_new_epoch_does_not_jump():
    curve = LiveCurve()
    for epoch in range(30):
        curve.begin_epoch()
        for batch in range(10):
            curve.add(epoch + batch / 10, 0.7, 0.9)
    assert curve.as_lists()["loss"] == pytest.approx([0.7] * 150)


def test_however_long_it_takes_the_points_stay_few_and_cover_everything():
    curve = LiveCurve()
    curve.begin_epoch()
    for step in range(5000):
        curve.add(step / 5000, 1.0, 0.5)
    places = curve.as_lists()["epoch"]
    assert MOST_POINTS / 3 < len(places) < MOST_POINTS
    assert places[0] == 0
    assert places[-1] > 0.95
    assert np.ptp(np.diff(places)) < 0.002
