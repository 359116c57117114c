"""The concepts page's convolution is the network's."""

import keras
import numpy as np
import pytest

from core.concepts.convolution import PRESETS, convolve

PICTURE = np.arange(42).reshape(6, 7)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (2, 1)])
def test_it_agrees_with_keras(stride, padding):
    weights = np.array(PRESETS["emboss"].weights)
    padded = np.pad(PICTURE, padding)[None, ..., None].astype("float32")

    theirs = keras.ops.conv(padded, weights[..., None, None].astype("float32"), strides=stride)

    ours = convolve(PICTURE, weights, stride, padding)
    np.testing.assert_allclose(ours, np.asarray(theirs)[0, ..., 0], atol=1e-3)


@pytest.mark.parametrize("name", ["vertical-edges", "horizontal-edges", "outline"])
def test_edge_kernels_say_nothing_about_an_even_wall(name):
    even = np.full((5, 5), 90)
    assert np.all(convolve(even, np.array(PRESETS[name].weights)) == 0)
