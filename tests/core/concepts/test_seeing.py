"""What the labs from the picture to the dense layer compute is what Keras computes."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.concepts.activations import ACTIVATIONS, two_layers
from core.concepts.channels import FILTERS, channel_maps, filter_map, weight_count
from core.concepts.convolution import PRESETS, convolve
from core.concepts.flattening import (
    dense_count,
    flatten,
    global_average,
    made_up_weights,
    small_maps,
    unit_sum,
)
from core.concepts.layers import pool
from core.concepts.pictures import at_side, in_grey, shrunk
from core.concepts.shifting import change, edge_map, shifted
from core.concepts.sizes import keras_padding, nearest_fits, output_size, placement
from core.errors import LoupeError

FEW = settings(max_examples=25, deadline=None)
SMALL = st.integers(1, 7)
SEEDS = st.integers(0, 2**31)


def colours(seed, side=12):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def of_keras(array):
    return np.asarray(array, float)


def test_a_smaller_picture_is_off_by_what_its_squares_are_off():
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[:, ::2] = 100  # stripes as wide as a pixel: at half the size only their average is left
    half = shrunk(picture, 4)
    assert half.picture.shape == (4, 4, 3) and half.numbers == 48
    assert half.off == pytest.approx(50, abs=1)
    assert shrunk(picture, 8).off == 0


def test_grey_is_what_a_network_without_colour_gets():
    grey = in_grey(colours(1))
    assert grey.shape == (12, 12) and grey.dtype == np.uint8
    theirs = of_keras(keras.ops.image.rgb_to_grayscale(colours(1).astype("float32")))[..., 0]
    assert np.abs(grey - theirs).max() <= 1


def test_the_middle_is_taken_of_a_wide_picture():
    assert at_side(np.zeros((10, 30, 3), np.uint8), 5).shape == (5, 5, 3)


@pytest.mark.parametrize("size", ["weights", "wide"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_gives_the_map_of_a_keras_layer(name, size):
    kernel = np.array(getattr(PRESETS[name], size), float)
    assert kernel.shape == ((3, 3) if size == "weights" else (5, 5))
    grey = in_grey(colours(3)).astype("float32")
    layer = keras.layers.Conv2D(1, kernel.shape)
    layer.build((None, 12, 12, 1))
    layer.set_weights([kernel[..., None, None], np.array([7.0])])
    theirs = of_keras(layer(grey[None, ..., None]))[0, ..., 0]
    np.testing.assert_allclose(convolve(grey, kernel, bias=7), theirs, atol=0.01)


def test_all_filters_at_once_are_one_keras_layer():
    picture = colours(4).astype("float32")
    layer = keras.layers.Conv2D(len(FILTERS), 3)
    layer.build((None, 12, 12, 3))
    kernels = np.stack([one.weights for one in FILTERS], axis=-1)
    layer.set_weights([kernels, np.array([one.bias for one in FILTERS], float)])
    theirs = of_keras(layer(picture[None]))[0]
    for at, one in enumerate(FILTERS):
        ours = filter_map(picture, one.weights, one.bias)
        np.testing.assert_allclose(ours, theirs[..., at], atol=0.01)
    assert weight_count(3, 3, len(FILTERS)).total == layer.count_params()


@given(st.sampled_from([1, 3, 5]), SMALL, SMALL)
@FEW
def test_weights_are_counted_as_keras_counts_them(kernel, channels, filters):
    layer = keras.layers.Conv2D(filters, kernel)
    layer.build((None, 9, 9, channels))
    assert weight_count(kernel, channels, filters).total == layer.count_params()


def test_the_lab_says_how_the_weights_are_counted():
    assert weight_count(3, 32, 32).arithmetic == "3 · 3 · 32 · 32 + 32 = 9,248"


def test_a_filter_needs_a_kernel_per_channel():
    with pytest.raises(LoupeError, match="3 channels and the filter 2"):
        channel_maps(colours(0), np.ones((3, 3, 2)))


@given(st.integers(1, 24), SMALL, st.integers(1, 5), st.sampled_from(["valid", "same"]))
@FEW
def test_keras_finds_as_many_places(width, kernel, stride, padding):
    before, after = keras_padding(width, kernel, stride, padding)
    if width + before + after < kernel:
        with pytest.raises(LoupeError):
            placement(width, kernel, stride, before, after)
        return
    places = placement(width, kernel, stride, before, after)
    row = np.arange(1.0, width + 1, dtype="float32")
    ones = np.ones((kernel, 1, 1), "float32")
    theirs = keras.ops.conv(row[None, :, None], ones, strides=stride, padding=padding)
    # Equal sums of 1, 2, 3… under each window: they lie where ours do, zeros included.
    sums = [
        sum(p + 1 for p in range(start, start + kernel) if 0 <= p < width)
        for start in places.starts
    ]
    assert of_keras(theirs)[0, :, 0].tolist() == sums
    assert all(
        not start <= pixel < start + kernel for start in places.starts for pixel in places.missed
    )


def test_a_stride_wider_than_the_kernel_misses_pixels_in_between():
    assert placement(10, 2, 4, 0, 0).missed == (2, 3, 6, 7)


@given(st.integers(1, 24), SMALL, st.integers(0, 3), st.integers(1, 5))
@FEW
def test_the_values_that_are_offered_do_fit(width, kernel, padding, stride):
    for one in nearest_fits(width, kernel, padding, stride):
        tried = {"W": width, "F": kernel, "P": padding, "S": stride} | {one.letter: one.value}
        fit = output_size(tried["W"], tried["F"], tried["P"], tried["S"])
        assert (fit.left_over, fit.size) == (0, one.size)


def test_the_nearest_values_are_the_nearest():
    assert nearest_fits(10, 3, 0, 2)[0] == ("W", 9, 4)
    assert [one.letter for one in nearest_fits(10, 3, 0, 2)] == ["W", "F", "S"]


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_the_bends_are_those_of_keras(kind):
    values = np.linspace(-6, 6, 121)
    theirs = of_keras(getattr(keras.ops, kind)(values.astype("float32")))
    np.testing.assert_allclose(ACTIVATIONS[kind].apply(values), theirs, atol=1e-6)


NUMBERS = st.floats(-3, 3)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
@FEW
def test_two_layers_without_a_bend_are_one(weight, bias, next_weight, next_bias):
    values = np.linspace(-2, 2, 5)
    both = two_layers(values, (weight, bias), (next_weight, next_bias))
    np.testing.assert_allclose(both.second, both.slope * values + both.offset, atol=1e-9)


def test_with_a_bend_they_are_not():
    values = np.array([-2.0, 0.0, 2.0])
    bent = two_layers(values, (2, 1), (1, 0), ACTIVATIONS["relu"].apply)
    assert bent.second.tolist() == [0, 1, 5]


@given(SEEDS, st.integers(1, 6), st.integers(1, 6), st.sampled_from(["max", "average"]))
@FEW
def test_pooling_is_that_of_keras(seed, size, stride, kind):
    values = np.random.default_rng(seed).random((11, 11)).astype("float32")
    function = keras.ops.max_pool if kind == "max" else keras.ops.average_pool
    theirs = of_keras(function(values[None, ..., None], size, stride, "valid"))[0, ..., 0]
    np.testing.assert_allclose(pool(values, size, stride, kind), theirs, atol=1e-6)


def test_a_shift_moves_what_is_seen():
    plane = np.arange(36.0).reshape(6, 6)
    assert shifted(plane, 0, 0, 1)[0, 0] == 7
    assert shifted(plane, 0, 1, 1)[0, 1] == 7  # to the right
    assert shifted(plane, 1, 0, 1)[1, 0] == 7  # and down


def test_a_pooled_map_changes_less_when_an_edge_moves():
    plane = np.zeros((24, 24))
    plane[:, 13:] = 200
    still, moved = (edge_map(shifted(plane, 0, by, 2)) for by in (0, 1))
    assert change(still, still) == 0
    assert change(pool(still, 4, 4), pool(moved, 4, 4)) < change(still, moved) <= 1
    assert change(still * 0, still * 0) == 0


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
