import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.inspection.comparing import compare, drift, likeness
from tests.core.known_colors import draw_photo


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    return [str(draw_photo(folder / f"{color}.png", color)) for color in ("red", "blue")]


def test_a_photo_is_like_itself_and_unlike_another(known_run, photos):
    folder = str(known_run.folder)
    same = compare(folder, photos[0], folder, photos[0])
    assert all(layer["drift"] == 0 and not any(layer["maps"]) for layer in same["layers"])
    other = {
        layer["name"]: layer for layer in compare(folder, photos[0], folder, photos[1])["layers"]
    }
    assert list(other) == ["rescale", "conv2d", "pool", "average", "dense"]
    blue, green, red = other["average"]["maps"]
    assert green < 0.05 and blue > 0.3 and red > 0.3
    assert other["dense"]["likeness"] < other["conv2d"]["likeness"]


@given(st.integers(0, 2**31), st.floats(0.1, 10))
def test_drift_has_a_scale_that_does_not_depend_on_size(seed, size):
    one, other = np.random.default_rng(seed).normal(size=(2, 6, 3))
    assert np.allclose(drift(one * size, other * size), drift(one, other))
    assert (drift(one, other) <= 2 + 1e-9).all()
    assert np.allclose(drift(one, -one), 2) and np.allclose(drift(one, one), 0)
    assert likeness(one, one * size) == pytest.approx(1) and likeness(one, -one) == pytest.approx(
        -1
    )


def test_nothing_is_like_nothing():
    assert likeness(np.zeros(3), np.zeros(3)) == 1 and likeness(np.zeros(3), np.ones(3)) == 0
    assert drift(np.zeros((4, 2)), np.zeros((4, 2))).tolist() == [0, 0]
