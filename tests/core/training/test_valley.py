import pytest

from core.training.config import TrainingConfig
from core.training.recipes import get_recipe
from core.training.valley import START, STEEPNESS, descend

QUIET = {"epochs": 1, "batch_size": 4096, "schedule": "constant"}


def test_the_first_step_is_the_rules_own():
    plain = TrainingConfig(optimizer="sgd", momentum=0, learning_rate=0.01, **QUIET)
    x, y = descend(plain, steps=3)["path"][1]
    assert x == pytest.approx(START[0] * (1 - 0.01 * STEEPNESS[0]), abs=1e-3)
    assert y == pytest.approx(START[1] * (1 - 0.01 * STEEPNESS[1]), abs=1e-3)
    adam = TrainingConfig(optimizer="adam", learning_rate=0.002, **QUIET)
    x, y = descend(adam, steps=3)["path"][1]
    assert (x, y) == pytest.approx((START[0] + 0.002, START[1] - 0.002), abs=1e-6)


def test_a_rate_that_is_too_large_leaves_the_valley():
    found = descend(TrainingConfig(optimizer="sgd", learning_rate=1, **QUIET), steps=30)
    assert found["lost"]
    assert len(found["path"]) < 31
    assert found["heights"][-1] > 1


def test_a_head_on_features_of_equal_length_wants_the_large_rate_it_comes_with():
    training = get_recipe("mobilenet-v2").training
    assert descend(training)["lost"]
    found = descend(training, equal_length=True)
    assert not found["lost"] and found["heights"][-1] < 0.05
    steep = {"optimizer": "sgd", "momentum": 0, **QUIET}
    assert descend(TrainingConfig(learning_rate=10, **steep), equal_length=True)["lost"]


def test_the_schedule_decides_how_far_it_gets():
    rest = {"epochs": 1, "learning_rate": 0.001, "batch_size": 4096}
    constant = descend(TrainingConfig(schedule="constant", **rest), steps=20)
    falling = descend(TrainingConfig(schedule="cosine", **rest), steps=20)
    assert not constant["lost"]
    assert constant["heights"][-1] < falling["heights"][-1] < falling["heights"][0] == 1


def test_the_same_settings_go_the_same_way():
    training = TrainingConfig(epochs=1, batch_size=2)
    assert descend(training, steps=4) == descend(training, steps=4)
