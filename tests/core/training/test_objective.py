import keras
import numpy as np
import pytest

from core.training.config import TrainingConfig
from core.training.objective import make_accuracy, make_loss

TRAINING = TrainingConfig(epochs=1, label_smoothing=0.1)


def model_of(outputs: int) -> keras.Model:
    activation = "sigmoid" if outputs == 1 else "softmax"
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(outputs, activation=activation)])


def answers(outputs: int) -> np.ndarray:
    given = np.random.default_rng(0).random((6, outputs)).astype(np.float32)
    return given if outputs == 1 else given / given.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_whole_labels_cost_the_same_as_numbers_and_as_shares(outputs: int) -> None:
    numbers = np.array([0, 1, 1, 0, 1, 0], np.int32)
    shares = np.eye(max(2, outputs), dtype=np.float32)[numbers]
    loss, given = make_loss(TRAINING, model_of(outputs)), answers(outputs)
    one, other = (np.asarray(loss(labels, given)) for labels in (numbers, shares))
    np.testing.assert_allclose(one, other, rtol=1e-5)
    accuracies = []
    for labels in (numbers, shares, numbers[:, None]):
        metric = make_accuracy(model_of(outputs))
        metric.update_state(labels, given)
        accuracies.append(float(metric.result()))
    assert accuracies[0] == accuracies[1] == accuracies[2]
    said = given[:, 0] > 0.5 if outputs == 1 else given.argmax(axis=1)
    assert accuracies[0] == pytest.approx((said == numbers).mean())


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_the_loss_of_a_blend_is_the_blend_of_the_losses(outputs: int) -> None:
    first, second = np.array([0, 1, 1, 0, 1, 0]), np.array([1, 1, 0, 0, 0, 1])
    one_hot = np.eye(max(2, outputs), dtype=np.float32)
    loss, given = make_loss(TRAINING, model_of(outputs)), answers(outputs)
    blend = 0.3 * one_hot[first] + 0.7 * one_hot[second]
    parts = [np.asarray(loss(labels.astype(np.int32), given)) for labels in (first, second)]
    np.testing.assert_allclose(
        np.asarray(loss(blend, given)), 0.3 * parts[0] + 0.7 * parts[1], rtol=1e-5
    )


def test_the_largest_share_is_the_right_answer() -> None:
    metric = make_accuracy(model_of(3))
    metric.update_state(np.float32([[0.6, 0.4, 0], [0.3, 0, 0.7]]), np.float32([[1, 0, 0]] * 2))
    assert float(metric.result()) == 0.5
