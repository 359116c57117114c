"""A picture as numbers: grey, smaller, and what is lost on the way."""

import keras
import numpy as np
import pytest

from core.concepts.pictures import at_side, in_grey, shrunk


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
