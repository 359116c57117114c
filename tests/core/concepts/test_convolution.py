"""The concepts page's convolution is the network's, and its sums can be checked by hand."""

import keras
import numpy as np
import pytest

from core.concepts.convolution import PRESETS, as_grey, convolve, pixel_sum
from core.errors import LoupeError

PICTURE = np.arange(42).reshape(6, 7)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (2, 1)])
def test_it_agrees_with_keras(stride, padding):
    weights = np.array(PRESETS["emboss"].weights)
    padded = np.pad(PICTURE, padding)[None, ..., None].astype("float32")

    theirs = keras.ops.conv(padded, weights[..., None, None].astype("float32"), strides=stride)

    ours = convolve(PICTURE, weights, stride, padding)
    np.testing.assert_allclose(ours, np.asarray(theirs)[0, ..., 0], atol=1e-3)


def test_the_products_of_one_pixel_sum_to_the_map():
    weights = np.array(PRESETS["sharpen"].weights)
    shown = pixel_sum(PICTURE, weights, row=2, column=3)

    assert shown.patch.tolist() == PICTURE[2:5, 3:6].tolist()
    assert shown.total == convolve(PICTURE, weights)[2, 3]


def test_outside_there_is_no_pixel():
    with pytest.raises(LoupeError, match="row 4"):
        pixel_sum(PICTURE, np.ones((3, 3)), row=4, column=0)


@pytest.mark.parametrize("name", ["vertical-edges", "horizontal-edges", "outline"])
def test_edge_kernels_say_nothing_about_an_even_wall(name):
    even = np.full((5, 5), 90)
    assert np.all(convolve(even, np.array(PRESETS[name].weights)) == 0)


def test_grey_keeps_zero_in_the_middle():
    assert as_grey(np.array([[-4.0, 0.0, 2.0]])).tolist() == [[0, 128, 191]]
    assert as_grey(np.array([[-4.0, 300.0]]), signed=False).tolist() == [[0, 255]]
