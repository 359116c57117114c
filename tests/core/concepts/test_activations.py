"""The bends of Keras, and two layers without one."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.concepts.activations import ACTIVATIONS, two_layers

FEW = settings(max_examples=25, deadline=None)
NUMBERS = st.floats(-3, 3)


def of_keras(array):
    return np.asarray(array, float)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_the_bends_are_those_of_keras(kind):
    values = np.linspace(-6, 6, 121)
    theirs = of_keras(getattr(keras.ops, kind)(values.astype("float32")))
    np.testing.assert_allclose(ACTIVATIONS[kind].apply(values), theirs, atol=1e-6)


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
