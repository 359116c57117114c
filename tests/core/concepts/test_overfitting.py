"""Curves and networks that learn by heart: the arithmetic is NumPy's and Keras' own."""

import numpy as np
import pytest

from core.concepts import small_network
from core.concepts.overfitting import (
    MAX_DEGREE,
    best_degree,
    draw_points,
    errors_by_freedom,
    fit_curve,
)


def test_without_a_penalty_it_is_numpys_own_fit():
    fit = fit_curve(5, points=20, noise=0.3)
    theirs = np.polynomial.Chebyshev.fit(fit.train[:, 0], fit.train[:, 1], 5, domain=[0, 1])
    assert np.allclose(fit.curve[:, 1], theirs(fit.curve[:, 0]))


def test_a_penalty_is_ridge_regression():
    from sklearn.linear_model import Ridge

    penalty, degree = 0.01, 6
    train, _ = draw_points(15, 0.3)
    fit = fit_curve(degree, 15, noise=0.3, penalty=penalty)
    features = np.polynomial.chebyshev.chebvander(train[:, 0] * 2 - 1, degree)[:, 1:]
    ridge = Ridge(alpha=penalty * len(train)).fit(features, train[:, 1])
    along = np.polynomial.chebyshev.chebvander(fit.curve[:, 0] * 2 - 1, degree)[:, 1:]
    assert np.allclose(fit.curve[:, 1], ridge.predict(along))


def test_freedom_helps_at_first_and_then_spoils():
    train, fresh = draw_points()
    errors = errors_by_freedom(train, fresh)
    assert [one.degree for one in errors] == list(range(1, len(train)))
    assert errors[-1].train < 1e-6 < errors[0].train
    best = best_degree(errors)
    assert 1 < best < errors[-1].degree
    assert errors[-1].fresh > 1.5 * errors[best - 1].fresh


def test_more_points_and_a_penalty_mend_it():
    free = fit_curve(11)
    assert fit_curve(11, points=60).fresh_error < free.fresh_error
    assert fit_curve(11, penalty=1e-3).fresh_error < free.fresh_error


def test_a_point_that_was_moved_takes_the_curve_along():
    train, _ = draw_points()
    moved = train.copy()
    moved[4] = 0.4, -1.8
    fit = fit_curve(MAX_DEGREE, train=moved)
    nearest = np.abs(fit.curve[:, 0] - 0.4).argmin()
    assert fit.curve[nearest, 1] < -1.2


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(small_network, "EPOCHS", 50)
    small_network._curves.cache_clear()
    yield
    small_network._curves.cache_clear()


def test_a_large_network_learns_wrong_labels_by_heart_and_stopping_early_is_better(short):
    found = small_network.learn(60, 512, 0.2, "nothing", 5)
    assert found["weights"] == 64 * 512 + 512 + 512 * 10 + 10
    assert len(found["loss"]) == len(found["val_loss"]) == 50
    assert found["accuracy"][-1] == 1.0
    assert found["val_loss"][-1] > 1.3 * min(found["val_loss"])
    assert found["kept"] == int(np.argmin(found["val_loss"][: found["stopped_after"]])) + 1
    assert found["stopped_after"] == found["kept"] + 5
    assert "Stopped early" in found["words"]


def test_what_is_done_against_it_slows_the_learning_by_heart(short):
    plain = small_network.learn(60, 512, 0.2, "nothing", 50)
    decayed = small_network.learn(60, 512, 0.2, "weight decay", 50)
    dropped = small_network.learn(60, 512, 0.2, "dropout", 50)
    assert plain["loss"][-1] < decayed["loss"][-1]
    assert plain["loss"][-1] < dropped["loss"][-1]
    assert decayed["val_loss"][-1] < plain["val_loss"][-1]
