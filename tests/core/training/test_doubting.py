"""Labels that the network contradicts: which they are, and that they wait."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.config import TrainingConfig
from core.training.doubting import contradicted
from core.training.objective import DoubtingAveragingModel, make_trainer
from tests.core.training.test_learning import learn_on_points

SURE, UNSURE = [0.9, 0.06, 0.04], [0.5, 0.3, 0.2]


def said(labels, probabilities, times=5.0):
    return np.asarray(contradicted(np.asarray(labels), np.float32(probabilities), times)).tolist()


def test_a_label_is_contradicted_where_another_class_is_much_likelier():
    assert said([0, 1, 2], [SURE] * 3) == [False, True, True]
    assert said([1, 2], [UNSURE] * 2) == [False, False]
    assert said([1, 2], [UNSURE] * 2, times=2.0) == [False, True]


@pytest.mark.parametrize("labels", [[0, 1, 0, 1], [[0], [1], [0], [1]], np.eye(2)[[0, 1, 0, 1]]])
def test_two_classes_with_one_answer_are_the_same_as_with_two(labels):
    second = np.float32([[0.9], [0.9], [0.7], [0.1]])
    expected = [True, False, False, True]
    assert said(labels, second) == expected
    assert said(labels, np.concatenate([1 - second, second], axis=1)) == expected


@given(st.integers(2, 6), st.floats(1.01, 100), st.integers(0, 2**32 - 1))
def test_the_class_that_is_believed_most_is_never_contradicted(num_classes, times, seed):
    rng = np.random.default_rng(seed)
    believed = rng.dirichlet(np.full(num_classes, 0.3), 20).astype(np.float32)
    assert not any(said(believed.argmax(axis=1), believed, times))
    labels = rng.integers(0, num_classes, 20)
    doubted = np.array(said(labels, believed, times))
    own = believed[np.arange(20), labels]
    assert (doubted == (believed.max(axis=1) > np.float32(times) * own)).all()


def test_a_blend_of_two_classes_waits_only_when_neither_is_believed():
    blend = [[0.5, 0.5, 0.0]] * 3
    assert said(blend, [[1, 0, 0], [0.4, 0.6, 0], [0.05, 0.05, 0.9]]) == [False, False, True]


@pytest.mark.parametrize("averages", [False, True])
@pytest.mark.parametrize("outputs", [1, 2])
def test_a_doubting_step_is_the_step_without_the_contradicted_photos(outputs, averages):
    answer = keras.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax")
    source = keras.Sequential([keras.Input((2,)), answer])
    kernel = [[3], [0]] if outputs == 1 else [[-3, 3], [0, 0]]
    before = [np.float32(kernel), np.zeros(outputs, np.float32)]
    pictures = np.float32([[1, 1], [-1, 2], [1, 3], [0, 4]])
    labels = np.array([1, 1, 0, 0])  # the second and the third are contradicted
    plain = {"epochs": 1, "optimizer": "sgd", "momentum": 0, "learning_rate": 1.0}
    averaging = {"weight_averaging": 0.5} if averages else {}

    def moved(doubts: bool, places, **more):
        source.set_weights(before)
        trainer = make_trainer(TrainingConfig(**plain, **more), source)
        if doubts:
            assert isinstance(trainer, DoubtingAveragingModel) == averages
            trainer.doubts.assign(1.0)
        trainer.train_on_batch(pictures[places], labels[places])
        return source.get_weights()[0] - before[0]

    everyone, others = slice(None), [0, 3]
    with_doubt = moved(True, everyone, doubt_labels=5.0, **averaging)
    np.testing.assert_allclose(with_doubt, moved(False, others) / 2, rtol=1e-4, atol=1e-7)
    ready = moved(False, everyone, doubt_labels=5.0, **averaging)
    np.testing.assert_allclose(ready, moved(False, everyone), rtol=1e-4, atol=1e-7)
    assert np.abs(with_doubt - ready).max() > 0.1


def test_a_validation_counts_every_photo():
    source = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2, activation="softmax")])
    source.set_weights([np.float32([[-4, 4]]), np.zeros(2, np.float32)])
    trainer = make_trainer(TrainingConfig(epochs=1, doubt_labels=3), source)
    trainer.doubts.assign(1.0)
    scores = trainer.evaluate(np.float32([[1], [1]]), np.array([1, 0]), verbose=0, return_dict=True)
    assert scores["loss"] == pytest.approx(4.0, abs=0.1)
    assert scores["contradicted"] == 0.5


def test_doubt_begins_in_the_second_half_and_what_it_finds_is_told(tmp_path):
    _, plain, _ = learn_on_points(tmp_path / "plain", epochs=5)
    _, doubting, _ = learn_on_points(tmp_path / "doubting", epochs=5, doubt_labels=1.5)
    losses, others = ([row["loss"] for row in told.history] for told in (doubting, plain))
    assert losses[:3] == pytest.approx(others[:3], rel=1e-4)
    assert losses[3] < 0.95 * others[3]
    found = [row["contradicted"] for row in doubting.history]
    assert all(0 < share < 0.5 for share in found)
    assert [row["passed_over"] for row in doubting.history] == [0, 0, 0, *found[3:]]
    assert doubting.summary(5)["passed_over"] == found[-1]
    assert plain.summary(5)["passed_over"] is None
    assert "contradicted" not in plain.history[0]
