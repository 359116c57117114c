"""Transfer learning and turned sixes: small, but really learnt and really counted."""

import numpy as np
import pytest

from core.concepts import transfer, turned_six
from core.concepts.turned_six import taken_for, turned


@pytest.fixture(scope="module", autouse=True)
def small():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfer, "DRAWS", 1)
        patch.setattr(transfer, "EPOCHS", 5)
        patch.setattr(transfer, "STEPS", 100)
        transfer._task.cache_clear()
        yield
        transfer._task.cache_clear()


def test_with_few_photos_frozen_features_are_worth_more_than_a_beginning_from_nothing():
    few = transfer.measured(5)
    assert few["tested"] > 500
    assert few["head"][0] > few["nothing"][0] + 0.08
    assert few["head"][0] > 0.4  # by lot it would be a quarter


def test_the_weights_that_are_shown_are_those_of_the_networks():
    task = transfer._task()
    head, whole = task.new_head.model, task.from_nothing.model
    assert head.count_params() == transfer.weights_of_head()
    assert whole.count_params() == transfer.weights_of_body() + transfer.weights_of_head()
    assert task.features.shape[1] == transfer.FILTERS[-1]


def test_the_first_network_knows_its_digits_and_never_saw_the_new_ones():
    facts = transfer.facts()
    assert facts["known_accuracy"] > 0.8
    assert facts["examples"].shape == (10, transfer.SIDE, transfer.SIDE, 3)
    assert not set(transfer.KNOWN) & set(transfer.NEW)


def test_the_same_digits_are_asked_about_however_many_were_learnt_from():
    figures = transfer._task().figures
    few, many = (transfer._drawn(figures, photos, 0) for photos in (5, 40))
    assert np.array_equal(few[1], many[1])
    assert set(few[0]) < set(many[0])
    assert not set(many[0]) & set(many[1])


def test_learning_again_begins_again():
    task = transfer._task()
    beginner = task.new_head
    beginner.begin(3)
    first = beginner.model.get_weights()[0]
    learnt, checked = transfer._drawn(task.figures, 5, 0)
    transfer._learn(beginner, task.features, task.figures, learnt, checked, 1)
    beginner.begin(3)
    assert np.array_equal(first, beginner.model.get_weights()[0])
    assert int(beginner.model.optimizer.iterations) == 0


def test_a_six_stays_a_six_until_it_is_turned_too_far(monkeypatch):
    monkeypatch.setattr(turned_six, "ANGLES", (0, 15, 180))
    upright, little, over = taken_for()
    assert upright["six"] > 0.97 and little["six"] > 0.9
    assert over["nine"] > 0.5 > over["six"]
    for row in (upright, little, over):
        assert row["six"] + row["nine"] + row["other"] == pytest.approx(1)


def test_a_half_turn_is_both_flips():
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert np.array_equal(turned(picture, 180), picture[::-1, ::-1])
    assert np.array_equal(turned(picture, 0), picture)
