"""The samples: they draw the same twice, and nothing simple tells the two insects apart."""

import cv2
import numpy as np
import pytest

from core.datasets.samples import SAMPLES, draw_insect
from core.errors import LoupeError


def test_the_same_seed_draws_the_same_picture():
    first, again = draw_insect("dragonfly", 3), draw_insect("dragonfly", 3)

    assert first.shape == (128, 128, 3) and first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, draw_insect("dragonfly", 4))


def test_an_unknown_insect_is_refused():
    with pytest.raises(LoupeError, match="damselfly or dragonfly"):
        draw_insect("beetle", 0)


def test_digits_are_ten_folders_of_grey_pictures(tmp_path):
    SAMPLES["digits"].write(tmp_path, lambda done, total, message: None)

    assert sorted(folder.name for folder in tmp_path.iterdir()) == [str(n) for n in range(10)]
    pictures = list(tmp_path.rglob("*.png"))
    assert len(pictures) == 1797
    assert cv2.imread(str(pictures[0]), cv2.IMREAD_UNCHANGED).shape == (32, 32)
