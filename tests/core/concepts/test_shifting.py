"""Pooling as in Keras, and how much a shift changes."""

import keras
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.concepts.layers import pool
from core.concepts.shifting import change, edge_map, shifted

FEW = settings(max_examples=25, deadline=None)
SEEDS = st.integers(0, 2**31)


def of_keras(array):
    return np.asarray(array, float)


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
