"""From maps to a row and to the sum of a unit, as in Keras."""

import keras
import numpy as np
import pytest

from core.concepts.convolution import PRESETS, convolve
from core.concepts.flattening import (
    dense_count,
    flatten,
    global_average,
    made_up_weights,
    small_maps,
    unit_sum,
)
from core.concepts.pictures import in_grey


def colours(seed, side=12):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def of_keras(array):
    return np.asarray(array, float)


def test_maps_are_flattened_in_the_order_of_keras():
    maps = np.random.default_rng(5).random((3, 3, 4)).astype("float32")
    assert flatten(maps).tolist() == of_keras(keras.layers.Flatten()(maps[None]))[0].tolist()
    average = keras.layers.GlobalAveragePooling2D()(maps[None])
    np.testing.assert_allclose(global_average(maps), of_keras(average)[0], atol=1e-6)


def test_a_unit_is_that_of_a_dense_layer():
    values = np.random.default_rng(6).random(36).astype("float32")
    weights = made_up_weights(36, 3, seed=4)
    layer = keras.layers.Dense(3)
    layer.build((None, 36))
    layer.set_weights([weights, np.array([0.1, -0.2, 0.3])])
    theirs = of_keras(layer(values[None]))[0]
    ours = [unit_sum(values, weights[:, u], bias).total for u, bias in enumerate((0.1, -0.2, 0.3))]
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert dense_count(36, 3) == layer.count_params()


def test_the_small_maps_can_be_checked_by_hand():
    plane = in_grey(colours(7, 64))
    kernels = np.stack([np.array(PRESETS["outline"].weights, float)] * 2, axis=-1)
    maps = small_maps(plane, kernels, 4)
    assert maps.shape == (4, 4, 2)
    found = np.maximum(convolve(plane / 255, kernels[..., 0]), 0)
    assert maps[0, 1, 0] == pytest.approx(found[:15, 15:30].mean(), abs=0.005)
    assert np.array_equal(maps, np.round(maps, 2))
