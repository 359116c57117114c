"""Output sizes: the formula, what does not fit, and what does not fit at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.concepts.convolution import convolve
from core.concepts.sizes import output_size, placement
from core.errors import LoupeError


def test_the_formula():
    fit = output_size(75, 2)
    assert (fit.size, fit.left_over) == (74, 0)
    assert fit.exact == 74


def test_what_does_not_fit_is_left_over():
    fit = output_size(10, 3, padding=0, stride=2)
    assert (fit.size, fit.left_over, fit.exact) == (4, 1, 4.5)


def test_a_kernel_that_is_too_large_is_refused_with_what_would_do():
    with pytest.raises(LoupeError, match="at most 3.*padding of at least 1"):
        output_size(3, 5)
    assert output_size(3, 5, padding=1).size == 1


@given(st.integers(1, 20), st.integers(1, 7), st.integers(0, 3), st.integers(1, 4))
def test_it_is_the_size_of_the_map(width, kernel, padding, stride):
    if kernel > width + 2 * padding:
        return
    values = convolve(np.zeros((width, width)), np.ones((kernel, kernel)), stride, padding)
    fit = output_size(width, kernel, padding, stride)

    assert values.shape == (fit.size, fit.size)
    starts = placement(width, kernel, stride, padding, padding).starts
    assert starts[-1] + kernel + fit.left_over == width + padding
