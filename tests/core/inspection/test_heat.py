import numpy as np
import pytest

from core.inspection.heat import COLOR_KEPT, STRONGEST, colored, laid_over


@pytest.mark.parametrize("channels", [1, 3])
def test_where_there_is_no_heat_the_picture_is_only_paler(channels):
    picture = np.random.default_rng(0).integers(0, 256, (10, 20, channels), np.uint8)
    before = picture.copy()
    shown = laid_over(picture, np.zeros((10, 20), np.float32), side=40)
    assert shown.shape == (20, 40, 3) and shown.dtype == np.uint8
    grey = picture.mean(axis=2, keepdims=True)
    expected = picture * COLOR_KEPT + grey * (1 - COLOR_KEPT)
    np.testing.assert_allclose(shown[::2, ::2], np.broadcast_to(expected, (10, 20, 3)), atol=0.6)
    assert np.array_equal(picture, before)


def test_the_hotter_the_brighter_and_the_less_of_the_picture():
    ladder = colored(np.linspace(0, 1, 256)[None])[0].astype(int).sum(axis=1)
    assert (np.diff(ladder) >= -3).all() and ladder[-1] > 600
    hot = laid_over(np.zeros((8, 8, 3), np.uint8), np.ones((8, 8), np.float32))
    np.testing.assert_allclose(hot[0, 0], colored(np.ones((1, 1)))[0, 0] * STRONGEST, atol=1)
