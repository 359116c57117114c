"""Where windows lie, with the paddings of Keras, and which values would fit."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.concepts.sizes import keras_padding, nearest_fits, output_size, placement
from core.errors import LoupeError

FEW = settings(max_examples=25, deadline=None)
SMALL = st.integers(1, 7)


def of_keras(array):
    return np.asarray(array, float)


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
