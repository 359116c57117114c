import numpy as np
import pytest

from core.errors import LoupeError
from core.inspection import atlas, shades
from core.inspection.drawn_shape import as_maps, drawn_shape

TOP, MIDDLE = shades.LEVELS - 1, shades.LEVELS // 2


def color(index, colors):
    return tuple(shades.palette(colors)[3 * index : 3 * index + 3])


def test_signed_maps_have_zero_in_the_middle_and_reach_equally_far():
    maps = np.zeros((2, 2, 3), np.float32)
    maps[..., 0] = [[-4, 0], [2, 2]]
    maps[..., 1] = [[0, 1], [1, 1]]
    found = shades.levels(maps, signed=True)
    assert found[..., 0].tolist() == [[0, MIDDLE], [190, 190]]
    assert found[..., 1].tolist() == [[MIDDLE, TOP], [TOP, TOP]]
    assert (found[..., 2] == MIDDLE).all()
    together = shades.levels(maps, "layer", signed=True)
    assert together[1, 1, 1] == pytest.approx((1 + 1 / 4) / 2 * TOP, abs=1)
    assert color(0, "signed") == (33, 102, 172) and color(TOP, "signed") == (178, 24, 43)
    assert min(color(MIDDLE, "signed")) > 240
    assert color(0, "grey") == (0, 0, 0) and color(TOP, "grey") == (255, 255, 255)


def test_extremes_are_cut_but_never_a_whole_map():
    maps = np.zeros((20, 20, 2), np.float32)
    maps[..., 0] = np.linspace(0, 1, 400).reshape(20, 20)
    maps[0, 0, 0], maps[19, 19, 0] = -1000, 1000
    maps[3, 3, 1] = 5  # nearly all of it is the same
    plain, cut = shades.levels(maps)[..., 0], shades.levels(maps, clip=1.0)[..., 0]
    assert np.ptp(plain[1:-1]) <= 1 and np.ptp(cut[1:-1]) > 0.8 * TOP
    assert (cut[0, 0], cut[19, 19]) == (0, TOP)
    assert shades.levels(maps, clip=1.0)[3, 3, 1] == TOP
    one = shades.levels_of_one(maps, 0, "layer", clip=1.0)
    assert np.array_equal(one, shades.levels(maps, "layer", clip=1.0)[..., 0])


def test_the_largest_numbers_have_room():
    most = np.finfo(np.float32).max
    maps = np.array([[[-most], [0], [most]]], np.float32)
    assert shades.levels(maps)[0, :, 0].tolist() == [0, MIDDLE, TOP]


def test_what_is_not_known_is_told():
    maps = np.zeros((1, 1, 1))
    for wrong in ({"scale": "big"}, {"clip": 30}, {"clip": -1}, {"clip": float("nan")}):
        with pytest.raises(LoupeError):
            shades.levels(maps, **wrong)
    with pytest.raises(LoupeError, match="purple"):
        shades.palette("purple")


@pytest.mark.parametrize(
    ("shape", "drawn"),
    [
        ((10,), (1, 1, 10)),
        ((), (1, 1, 1)),
        ((196, 5), (14, 14, 5)),
        ((197, 5), (14, 15, 5)),
        ((1, 5), (1, 1, 5)),
        ((7, 8, 3), (7, 8, 3)),
        ((2, 7, 8, 3), (14, 8, 3)),
    ],
)
def test_any_output_becomes_maps(shape, drawn):
    values = np.arange(max(1, np.prod(shape, dtype=int)), dtype=np.float32).reshape(shape)
    assert drawn_shape(shape) == as_maps(values).shape == drawn
    if len(shape) == 2:
        steps = as_maps(values).reshape(-1, shape[1])
        assert np.array_equal(steps[: shape[0]], values) and not steps[shape[0] :].any()


def test_thumbnails_lie_in_the_middle_of_their_squares():
    wide = np.array([[0.0, 1.0], [0.0, 1.0]]).repeat(4, axis=1)  # 2 × 8
    column = atlas.thumbnails([np.eye(3), wide], 16)
    assert column.shape == (32, 16)
    assert (column[:16] != atlas.PAPER).all()
    used = (column[16:] != atlas.PAPER).any(axis=1)
    assert np.flatnonzero(used).tolist() == [6, 7, 8, 9]
    assert atlas.thumbnails([], 16).shape == (16, 16)


def test_the_grid_is_known_before_it_is_drawn():
    for shape in ((7, 5, 37), (200, 100, 3), (1, 1, 512)):
        sheet = atlas.draw(np.zeros(shape, np.float32), smallest=1)
        assert sheet.layout() == atlas.grid_of(shape, smallest=1).layout()
