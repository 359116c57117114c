"""Maps of several kernels and channels are those of a Keras layer."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.concepts.channels import FILTERS, channel_maps, filter_map, weight_count
from core.concepts.convolution import PRESETS, convolve
from core.concepts.pictures import in_grey
from core.errors import LoupeError

FEW = settings(max_examples=25, deadline=None)
SMALL = st.integers(1, 7)


def colours(seed, side=12):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def of_keras(array):
    return np.asarray(array, float)


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
