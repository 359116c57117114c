"""The labs about learning compute what Keras and TensorFlow compute."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris

from core.concepts.answers import cross_entropy, sigmoid, tempered_softmax
from core.concepts.batch_norm import BatchNorm
from core.concepts.descent import (
    FLOWERS,
    SHIFT,
    best_weight,
    descend,
    largest_rate,
    square_loss,
    square_slopes,
    valley,
)
from core.concepts.five_weights import FITS, NAMES, FiveWeights, steps_to_fit
from core.errors import LoupeError

numbers = st.floats(-4, 4, width=32)
few = settings(max_examples=25, deadline=None)


@few
@given(st.lists(numbers, min_size=2, max_size=6), st.floats(0.2, 5))
def test_tempered_softmax_is_that_of_keras(scores, temperature):
    theirs = keras.ops.softmax(np.array(scores, np.float64) / temperature)
    np.testing.assert_allclose(
        tempered_softmax(np.array(scores), temperature), np.asarray(theirs), atol=1e-6
    )


@few
@given(numbers)
def test_sigmoid_and_cross_entropy_are_those_of_keras(score):
    share = float(keras.ops.sigmoid(score))
    assert sigmoid(score) == pytest.approx(share, abs=1e-6)
    theirs = keras.losses.categorical_crossentropy([[0.0, 1.0]], [[1 - share, share]])
    assert cross_entropy(share) == pytest.approx(float(theirs[0]), rel=1e-4, abs=1e-6)


def test_there_is_no_temperature_of_zero():
    with pytest.raises(LoupeError, match="above 0"):
        tempered_softmax(np.array([1.0, 2.0]), 0)


def test_the_flowers_are_real():
    measured = {tuple(row) for row in load_iris().data[:, 2:].tolist()}
    assert set(FLOWERS) <= measured and len(FLOWERS) == 12


@few
@given(numbers, numbers)
def test_the_slopes_are_those_of_the_tape(weight, bias):
    lengths, widths = tf.constant(np.array(FLOWERS).T)
    place = tf.Variable(np.array([weight, bias], np.float64))
    with tf.GradientTape() as tape:
        guessed = place[1] + place[0] * (lengths - SHIFT)
        loss = tf.reduce_mean((guessed - widths) ** 2)
    assert square_loss(weight, bias, SHIFT) == pytest.approx(float(loss))
    np.testing.assert_allclose(
        square_slopes(weight, bias, SHIFT), tape.gradient(loss, place).numpy(), atol=1e-9
    )


OPTIMIZERS = {
    "plain": lambda rate: keras.optimizers.SGD(rate),
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "adam": lambda rate: keras.optimizers.Adam(rate),
}


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("rate", [0.02, 0.1])
def test_every_way_down_is_that_of_the_optimizer(rule, rate):
    start = (-0.55, 2.1)
    place = keras.Variable(np.array(start, np.float64), dtype="float64")
    optimizer = OPTIMIZERS[rule](rate)
    optimizer.build([place])
    for _ in range(12):
        slopes = square_slopes(*np.asarray(place), SHIFT)
        optimizer.apply([keras.ops.convert_to_tensor(np.array(slopes), "float64")], [place])
    np.testing.assert_allclose(descend(rule, rate, start, 12)[-1], np.asarray(place), rtol=1e-5)


def test_the_valley_has_its_lowest_point_where_both_slopes_vanish():
    found = valley()
    np.testing.assert_allclose(square_slopes(*found.lowest, SHIFT), 0, atol=1e-9)
    step = 0.1 * np.array(found.along)
    gentle = square_loss(*(np.array(found.lowest) + step), SHIFT) - found.loss
    assert gentle == pytest.approx(found.steepness[0] * 0.1**2 / 2)
    assert square_slopes(best_weight())[0] == pytest.approx(0, abs=1e-9)


def test_above_the_largest_rate_one_weight_leaves_for_good():
    def after(rate):
        weight = -0.35
        for _ in range(40):
            weight -= rate * square_slopes(weight)[0]
        return abs(weight - best_weight())

    assert after(largest_rate() * 0.98) < abs(-0.35 - best_weight()) < after(largest_rate() * 1.02)


@few
@given(st.tuples(*[numbers] * 7), st.sampled_from(["sigmoid", "relu"]))
def test_backpropagation_is_that_of_the_tape(values, kind):
    *weights, x, target = values
    network = FiveWeights(*weights, kind=kind)
    theirs = [tf.Variable(weight, dtype=tf.float64) for weight in weights]
    w1, w2, v1, v2, b = theirs
    bend = tf.nn.relu if kind == "relu" else tf.sigmoid
    with tf.GradientTape() as tape:
        loss = (v1 * bend(w1 * x) + v2 * bend(w2 * x) + b - target) ** 2
    assert network.loss(x, target) == pytest.approx(float(loss))
    expected = [float(slope) for slope in tape.gradient(loss, theirs)]
    found = network.slopes(x, target)
    assert [found[name] for name in NAMES] == pytest.approx(expected, abs=1e-9)


def test_steps_against_the_slopes_fit():
    network = FiveWeights(0.6, -0.4, 0.8, 0.5, 0.1)
    steps = steps_to_fit(network, 1.5, 2.0, 0.1)
    for _ in range(steps - 1):
        network = network.stepped(1.5, 2.0, 0.1)
    assert network.loss(1.5, 2.0) > FITS >= network.stepped(1.5, 2.0, 0.1).loss(1.5, 2.0)
    assert steps_to_fit(network, 1.5, 2.0, 0.0) == 600


@few
@given(st.lists(st.floats(0, 4, width=32), min_size=1, max_size=8), numbers, numbers)
def test_batch_normalisation_is_that_of_keras_in_both_modes(values, gamma, beta):
    layer = keras.layers.BatchNormalization(momentum=0.8, dtype="float32")
    layer.build((None, 1))
    layer.gamma.assign([gamma])
    layer.beta.assign([beta])
    batch = np.array(values, np.float32)
    ours = BatchNorm(gamma, beta, momentum=0.8)
    for _ in range(3):
        trained, ours = ours.train(batch.astype(float))
        theirs = np.asarray(layer(batch[:, None], training=True))[:, 0]
        np.testing.assert_allclose(trained, theirs, atol=2e-3)
    assert ours.moving_mean == pytest.approx(float(layer.moving_mean[0]), abs=1e-5)
    assert ours.moving_variance == pytest.approx(float(layer.moving_variance[0]), abs=1e-5)
    predicted = np.asarray(layer(batch[:, None], training=False))[:, 0]
    np.testing.assert_allclose(ours.predict(batch.astype(float)), predicted, atol=1e-3)


def test_a_batch_of_one_comes_out_as_the_shift():
    out, _ = BatchNorm(gamma=3, beta=0.5).train(np.array([7.0]))
    assert out.tolist() == [0.5]
