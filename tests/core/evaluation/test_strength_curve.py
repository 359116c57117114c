import numpy as np
import pytest

from core.augmentation import strength
from core.augmentation.recipe import NO_AUGMENTATION
from core.augmentation.steps import STEP_KINDS
from core.evaluation.severity import Severity, ask_at_strengths
from core.evaluation.strength_curve import ask_at, curve, gathered, in_words, is_less

PHOTOS = 100


def severity(*levels, ways=1):
    """Two classes, all photos of class 0; per level how sure the model is of it, photo by photo."""
    sure = np.array([np.broadcast_to(level, PHOTOS) for level in levels], np.float32)
    by_way = np.repeat(np.stack([sure, 1 - sure], -1)[:, None], ways, axis=1)
    values = [10.0 * at for at in range(len(levels))]
    ids = [f"{at:012x}" for at in range(PHOTOS)]
    return Severity("rotation", values, ids, np.zeros(PHOTOS, int), by_way, ("ant", "bee"))


def spread(low, high):
    return np.linspace(low, high, PHOTOS)


def degrees(value):
    return f"{value:g}°"


def test_each_point_has_mean_middle_half_and_share():
    sure = spread(0.2, 1.0)
    point = curve(severity(sure, sure), PHOTOS).points[1]
    assert point.mean == pytest.approx(0.6)
    assert (point.low, point.high) == pytest.approx((0.4, 0.8))
    assert point.right == np.mean(sure > 0.5) and point.right_low < point.right < point.right_high
    half = 1.96 * sure.std(ddof=1) / 10
    assert (point.mean_low, point.mean_high) == pytest.approx((0.6 - half, 0.6 + half), abs=1e-6)


def test_both_directions_of_a_photo_count_once():
    both = severity(spread(0.6, 1.0), spread(0.6, 1.0), ways=2)
    both.by_way[1, 1] = both.by_way[1, 1, :, ::-1]  # the other way it takes all for bees
    point = curve(both, PHOTOS).points[1]
    assert (point.mean, point.right) == (pytest.approx(0.5), 0.5)
    assert curve(both, PHOTOS).photos == PHOTOS


def test_the_sentence_says_how_far_and_what_then():
    found = curve(severity(spread(0.8, 1), spread(0.8, 1), spread(0.4, 1), spread(0, 0.6)), 300)
    assert (found.sure_until, found.right_until, found.chosen) == (1, 1, True)
    assert in_words(found, None, degrees) == (
        "Up to 10° the model is as sure as without (90 % for the right class on average). "
        "From 20° on it is right for fewer: 83 % there instead of 100 %, 17 % at the most, 30°."
    )
    for used, said in [(10, "within"), (15, "between the last"), (20, "beyond"), (30, "beyond")]:
        assert f"ends at {used}°, {said}" in in_words(found, used, degrees)


def test_the_sentence_when_nothing_is_lost_and_when_all_is_lost_at_once():
    steady = in_words(curve(severity(0.9, 0.9, 0.899), PHOTOS), 20, degrees)
    assert "Up to the most, 20°" in steady and "within what this model bears" in steady
    sudden = in_words(curve(severity(0.9, 0.2, 0.1), PHOTOS), 5, degrees)
    assert sudden.startswith("Already at 10° the model is less sure than without: 20 % instead")
    assert "From 10° on it is right for fewer: 0 % there instead of 100 %" in sudden


def test_chance_is_no_loss():
    noise = np.random.default_rng(0).normal(0, 0.3, PHOTOS)
    assert not is_less(noise - noise.mean() - 0.02)
    assert is_less(noise - noise.mean() - 0.2)
    assert not is_less(np.array([-0.9]))  # a single photo shows nothing


def test_asked_level_by_level_it_is_what_severity_says(known_run):
    step = STEP_KINDS["rotation"].model_validate({"degrees": 30})
    values = strength.strengths("rotation")
    edges = NO_AUGMENTATION.model_dump(mode="json")
    given = step.model_dump(mode="json")
    levels = [ask_at(str(known_run.folder), given, edges, value) for value in values]
    found, whole = gathered("rotation", values, levels), ask_at_strengths(known_run, step)
    assert found.ids == whole.ids and found.values == whole.values
    np.testing.assert_array_equal(found.true, whole.true)
    np.testing.assert_allclose(found.probabilities, whole.probabilities, atol=1e-6)
    assert levels[0]["available"] == 18
