import keras
import numpy as np
import pytest

from core.augmentation.recipe import NO_AUGMENTATION
from core.training.averaging import AveragingModel
from core.training.batches import AugmentedBatches
from core.training.config import TrainingConfig
from core.training.doubting import contradicted
from core.training.effects import (
    doubted_answer,
    first_doubting_epoch,
    first_epoch,
    left_of_a_weight,
    running_average,
    steps_averaged,
    targets,
    wobbling_weight,
)
from core.training.objective import make_loss, make_optimizer
from core.training.schedule import DOUBTING_FROM

LABELS = np.array([0] * 20 + [1] * 6 + [2] * 2)


def model_with(classes):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(classes, activation="softmax")])


@pytest.mark.parametrize("balance", ["off", "batches"])
def test_the_first_batch_is_the_one_that_a_training_takes(balance):
    training = TrainingConfig(epochs=1, seed=5, batch_size=7, balance=balance)
    array = np.zeros((len(LABELS), 2, 2, 3), np.uint8)
    batches = AugmentedBatches(
        array,
        np.arange(len(LABELS)),
        LABELS,
        NO_AUGMENTATION,
        training.seed,
        training.batch_size,
        balanced=balance == "batches",
    )
    epoch = first_epoch(LABELS, 3, training)
    assert epoch.first.tolist() == batches.rows(0)
    assert epoch.steps == len(batches)
    seen = [LABELS[row] for number in range(len(batches)) for row in batches.rows(number)]
    assert epoch.times.tolist() == np.bincount(seen, minlength=3).tolist()


def test_balance_shows_rare_photos_often_and_leaves_others_out():
    plain = first_epoch(LABELS, 3, TrainingConfig(epochs=1))
    equal = first_epoch(LABELS, 3, TrainingConfig(epochs=1, balance="batches"))
    assert plain.times.tolist() == [20, 6, 2]
    assert (plain.unseen, plain.most.tolist()) == (0, [1, 1, 1])
    assert max(equal.times) - min(equal.times) <= 1
    assert equal.most[2] > 1
    assert equal.unseen > 0


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.4])
def test_targets_are_what_the_loss_strives_for(smoothing):
    training = TrainingConfig(epochs=1, label_smoothing=smoothing)
    loss = make_loss(training, model_with(3))
    answer = np.array([[0.2, 0.7, 0.1]], np.float32)
    aims = np.array(targets(3, 1, smoothing))
    assert aims.sum() == pytest.approx(1)
    expected = -(aims * np.log(answer[0])).sum()
    said = keras.ops.convert_to_numpy(loss(np.array([1]), answer))
    assert float(np.mean(said)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("times", [1.5, 5.0, 100.0])
def test_doubt_begins_where_it_is_said_to(times):
    own, other = doubted_answer(times)
    assert own + other == pytest.approx(1)
    for shift, doubted in ((-1e-3, False), (1e-3, True)):
        answer = np.float32([[own - own * shift, other + own * shift]])
        assert bool(contradicted(np.array([0]), answer, times)[0]) == doubted


@pytest.mark.parametrize(("epochs", "first"), [(1, None), (2, 2), (3, 3), (5, 4), (20, 11)])
def test_the_first_doubting_epoch_is_the_first_to_begin_in_the_second_half(epochs, first):
    assert first_doubting_epoch(epochs) == first
    begins = [number for number in range(epochs) if number / epochs >= DOUBTING_FROM]
    assert first == (begins[0] + 1 if begins else None)


@pytest.mark.parametrize("optimizer", ["adamw", "muon", "adam", "rmsprop", "sgd"])
def test_a_weight_without_gradient_shrinks_as_is_said(optimizer):
    training = TrainingConfig(epochs=1, optimizer=optimizer, learning_rate=0.1, weight_decay=0.3)
    weight = keras.Variable(np.ones(1, np.float32))
    rule = make_optimizer(training)
    rule.build([weight])
    for _ in range(4):
        rule.apply([keras.ops.zeros((1,))], [weight])
    left = float(keras.ops.convert_to_numpy(weight)[0])
    assert left == pytest.approx(left_of_a_weight(training, 4), rel=1e-5)


def test_the_average_is_the_one_of_training():
    inputs = keras.Input((1,))
    model = AveragingModel(inputs, keras.layers.Dense(1, use_bias=False)(inputs))
    model.begin(0.8)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    values, averages = [], []
    for _ in range(5):
        model.train_on_batch(np.ones((1, 1), np.float32), np.full((1, 1), 3, np.float32))
        values.append(model.kept.moving[0].numpy().item())
        averages.append(model.kept.averages[0].numpy().item())
    assert running_average(np.array(values), 0.8) == pytest.approx(averages, rel=1e-4)


def test_an_average_wobbles_less_the_further_it_looks_back():
    values = wobbling_weight(200, 16, 0)
    wobbles = [np.abs(np.diff(running_average(values, share))).mean() for share in (0, 0.9, 0.99)]
    assert wobbles[0] > wobbles[1] > wobbles[2]
    assert running_average(values, 0.0) == pytest.approx(values)
    assert steps_averaged(0.99) == pytest.approx(100)
