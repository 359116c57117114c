"""Draws of dropout are Keras' own, on real networks."""

import keras
import numpy as np
import pytest

from core.concepts import dropout_draws
from core.errors import LoupeError


@pytest.fixture(scope="module")
def network():
    return dropout_draws.taught_digits()[0]


def test_the_network_knows_digits_it_has_not_seen(network):
    offered = dropout_draws.digits()
    assert len(offered) == len(dropout_draws.OFFERED)
    found = dropout_draws.of_digit(0, None, seed=1)
    assert found["plain"].argmax() == offered[0]["truth"]
    sureness = [dropout_draws.of_digit(at, 0.5, 1)["plain"].max() for at in range(len(offered))]
    assert sureness == sorted(sureness, reverse=True)


def test_prediction_mode_is_the_whole_network(network):
    pixels = dropout_draws.digits()[2]["pixels"]
    found = dropout_draws.of_digit(2, 0.5, seed=1)
    np.testing.assert_allclose(found["plain"], np.asarray(network(pixels[None]))[0], atol=1e-6)


def test_draws_scale_what_stays(network):
    found = dropout_draws.of_digit(3, 0.5, seed=4)
    hidden = network.layers[1](dropout_draws.digits()[3]["pixels"].reshape(1, -1))
    np.testing.assert_allclose(found["values"], np.asarray(hidden)[0], atol=1e-6)
    assert 0.4 < found["kept"].mean() < 0.6
    dropped = np.where(found["kept"], found["values"] / (1 - 0.5), 0).astype(np.float32)
    np.testing.assert_allclose(found["answers"], np.asarray(network.layers[-1](dropped)), atol=1e-5)


def test_without_dropout_all_draws_answer_alike_and_seeds_repeat(network):
    none = dropout_draws.of_digit(3, 0.0, seed=1)
    assert none["kept"].all()
    np.testing.assert_allclose(none["answers"], np.tile(none["plain"], (60, 1)), atol=1e-6)
    one, same, other = (dropout_draws.of_digit(3, 0.5, seed)["answers"] for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_a_run_without_dropout_says_so(trained_run, picture_folder):
    photo = str(next(picture_folder.rglob("*.png")))
    with pytest.raises(LoupeError, match="no dropout layer"):
        dropout_draws.of_run(str(trained_run.folder), photo, 0.5, 1)


def test_a_network_on_maps_is_cut_at_its_last_dropout():
    layers = keras.layers
    model = keras.Sequential(
        [layers.Input((8, 8, 3)), layers.Conv2D(12, 3), layers.Dropout(0.1), layers.Flatten()]
        + [layers.Dense(1, "sigmoid")]
    )
    picture = np.random.default_rng(1).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    found = dropout_draws.look(model, picture, None, seed=1, draws=5)
    assert (found["own_rate"], found["units"]) == (pytest.approx(0.1), 6 * 6 * 12)
    assert found["kept"].shape == (5, dropout_draws.MOST_UNITS)
    assert found["answers"].shape == (5, 2)
    assert found["answers"].sum(axis=1) == pytest.approx(np.ones(5))
