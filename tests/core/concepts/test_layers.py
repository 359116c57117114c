"""ReLU, pooling, dense, softmax and the curve that learns by heart."""

import numpy as np
import pytest

from core.concepts.glossary import TERMS, search_terms
from core.concepts.layers import dense, pool, relu, softmax
from core.concepts.overfitting import MAX_DEGREE, fit_curve


def test_relu_cuts_what_is_below_zero():
    assert relu(np.array([-2.0, 0.0, 3.0])).tolist() == [0, 0, 3]


def test_pooling_keeps_the_largest_or_the_average():
    values = np.array([[1, 2, 5, 0], [3, 4, 1, 2]])
    assert pool(values).tolist() == [[4, 5]]
    assert pool(values, kind="average").tolist() == [[2.5, 2]]


def test_dense_is_a_weighted_sum():
    assert dense(np.array([1.0, 2.0]), np.array([[1.0], [10.0]]), np.array([0.5])).tolist() == [
        21.5
    ]


def test_softmax_shares_out_one():
    shares = softmax(np.array([1000.0, 1000.0, 999.0]))
    assert shares.sum() == pytest.approx(1)
    assert shares[0] / shares[2] == pytest.approx(np.e)


def test_more_freedom_learns_by_heart():
    plain, fitting, heart = fit_curve(1), fit_curve(3), fit_curve(MAX_DEGREE)
    assert heart.train_error < 1e-6 < fitting.train_error < plain.train_error
    assert fitting.fresh_error < plain.fresh_error
    assert heart.fresh_error > 2 * fitting.fresh_error


def test_anchors_are_unique_and_the_glossary_can_be_searched():
    anchors = [term.anchor for term in TERMS]
    assert len(set(anchors)) == len(anchors)
    assert "Epoch" in [term.title for term in search_terms("ONE PASS")]
    assert search_terms("") == TERMS
