import keras
import numpy as np
import pytest

from core.training import device, objective
from core.training.config import TrainingConfig
from core.training.objective import (
    class_weights,
    make_accuracy,
    make_loss,
    make_optimizer,
    make_trainer,
)

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


def test_class_weights_are_those_of_the_known_formula() -> None:
    labels = np.array([0] * 6 + [1] * 3 + [3], np.int32)
    assert class_weights(labels, 4) == pytest.approx([10 / 18, 10 / 9, 1, 10 / 3])
    weights = np.array(class_weights(labels, 4))
    assert weights[labels].mean() == pytest.approx(1)
    sums = [weights[labels[labels == c]].sum() for c in (0, 1, 3)]
    assert sums == pytest.approx([sums[0]] * 3)


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_weights_multiply_the_loss_of_their_class_in_whole_and_in_blended_labels(
    outputs: int,
) -> None:
    first, second = np.array([0, 1, 1, 0, 1, 0]), np.array([1, 1, 0, 0, 0, 1])
    weights = np.array([0.4, 2.5, 1.0][: max(2, outputs)])
    given, one_hot = answers(outputs), np.eye(max(2, outputs), dtype=np.float32)
    weighted = make_loss(TRAINING, model_of(outputs), weights.tolist())

    def by_hand(numbers: np.ndarray) -> np.ndarray:
        sure = given if outputs > 1 else np.concatenate([1 - given, given], axis=1)
        wanted = 0.9 * one_hot[numbers] + 0.1 / max(2, outputs)
        return weights[numbers] * -(wanted * np.log(sure)).sum(axis=1)

    for labels in (first.astype(np.int32), one_hot[first]):
        np.testing.assert_allclose(np.asarray(weighted(labels, given)), by_hand(first), rtol=1e-4)
    blend = 0.3 * one_hot[first] + 0.7 * one_hot[second]
    np.testing.assert_allclose(
        np.asarray(weighted(blend, given)), 0.3 * by_hand(first) + 0.7 * by_hand(second), rtol=1e-4
    )


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_step_with_weights_goes_where_the_weighted_loss_falls(outputs: int) -> None:
    training = TrainingConfig(epochs=1, optimizer="sgd", momentum=0, learning_rate=0.1)
    weights = [0.5, 3.0, 1.0][: max(2, outputs)]
    source, given = model_of(outputs), np.ones((1, 4), np.float32)
    before = source.get_weights()
    make_trainer(training, source, weights).train_on_batch(given, np.array([1]))
    moved = before[1] - source.get_weights()[1]  # of the offsets: learning rate × gradient
    source.set_weights(before)
    said = np.asarray(source(given))[0]
    gradient = said - np.eye(3)[1] if outputs > 1 else said - 1
    assert moved == pytest.approx(0.1 * 3.0 * gradient, rel=1e-3)


@pytest.mark.parametrize("name", ["adamw", "muon", "adam", "rmsprop", "sgd"])
def test_weight_decay_shrinks_weights_and_nothing_else(name: str) -> None:
    training = TrainingConfig(epochs=1, optimizer=name, learning_rate=0.1, weight_decay=0.5)
    source = keras.Sequential(
        [keras.Input((4,)), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    )
    rng = np.random.default_rng(0)
    source.set_weights([rng.random(w.shape) + 0.5 for w in source.get_weights()])
    before = {v.path: np.asarray(v) for v in source.trainable_variables}
    optimizer = make_optimizer(training)
    still = [keras.ops.zeros(v.shape) for v in source.trainable_variables]
    optimizer.apply(still, source.trainable_variables)
    for variable in source.trainable_variables:
        left = 1 - 0.1 * 0.5 if variable.name == "kernel" else 1.0
        assert np.asarray(variable) == pytest.approx(left * before[variable.path], rel=1e-5)


def test_momentum_belongs_to_sgd() -> None:
    training = TrainingConfig(epochs=1, optimizer="sgd", momentum=0.7)
    assert make_optimizer(training).momentum == 0.7
    still = training.model_copy(update={"momentum": 0.0})
    assert not make_optimizer(still).nesterov


@pytest.mark.parametrize(
    ("gpu", "halves", "kinds"),
    [
        (True, False, ["float32", "float16", "float16"]),
        (False, True, ["float32", "bfloat16", "bfloat16"]),
        (False, False, ["float32", "float32", "float16"]),
    ],
)
def test_precision_is_what_is_fast_here_or_what_is_asked_for(
    monkeypatch, gpu, halves, kinds
) -> None:
    monkeypatch.setattr(device, "has_gpu", lambda: gpu)
    monkeypatch.setattr(device, "has_fast_halves", lambda: halves)
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    assert [device.computes_in(choice) for choice in ("full", "auto", "mixed")] == kinds


@pytest.mark.parametrize("halves", ["float16", "bfloat16"])
def test_mixed_precision_computes_in_halves_and_answers_in_full(monkeypatch, halves) -> None:
    monkeypatch.setattr(objective, "mixed_policy", lambda precision: f"mixed_{halves}")
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4), keras.layers.Dense(4)])
    numbers = keras.Input((4,))
    answer = keras.layers.Dense(2, activation="softmax", name="output")(inner(numbers))
    source = keras.Model(numbers, answer)
    trainer = make_trainer(TrainingConfig(epochs=1, precision="mixed"), source)
    assert {layer.compute_dtype for layer in inner.layers} == {halves}
    assert source.get_layer("output").compute_dtype == "float32"
    assert {str(v.dtype) for v in source.variables} == {"float32"}
    scaled = isinstance(trainer.optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (halves == "float16")
    said = source(np.ones((1, 4), np.float32))
    assert keras.backend.standardize_dtype(said.dtype) == "float32"


@pytest.mark.parametrize(
    ("xla", "gpu", "told"),
    [("auto", False, False), ("auto", True, "auto"), ("on", False, True), ("off", True, False)],
)
def test_xla_is_used_where_it_helps_or_is_asked_for(monkeypatch, xla, gpu, told) -> None:
    monkeypatch.setattr(device, "has_gpu", lambda: gpu)
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    assert device.jit_compile(xla) == told
