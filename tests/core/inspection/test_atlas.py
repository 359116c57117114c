import io

import numpy as np
import pytest
from PIL import Image

from core.errors import LoupeError
from core.inspection import atlas, shades


def opened(png):
    return Image.open(io.BytesIO(png))


def cell_of(pixels, sheet, index):
    layout = sheet.layout()
    height, width = layout["cell"]
    row, column = divmod(index, layout["columns"])
    top = layout["gap"] + row * (height + layout["gap"])
    left = layout["gap"] + column * (width + layout["gap"])
    return pixels[top : top + height, left : left + width]


def test_each_map_lies_where_the_layout_says():
    maps = np.random.default_rng(0).normal(size=(7, 5, 37)).astype(np.float32)
    sheet = atlas.draw(maps, columns=8)
    assert (sheet.rows, sheet.columns, sheet.cell) == (5, 8, (49, 35))
    expected = shades.levels(maps)
    for index in range(37):
        cell = cell_of(sheet.pixels, sheet, index)
        assert np.array_equal(cell[::7, ::7], expected[..., index])
        assert (cell == cell[::7, ::7].repeat(7, 0).repeat(7, 1)).all()
    for unused in range(37, 40):
        assert (cell_of(sheet.pixels, sheet, unused) == shades.PAPER).all()


def test_gap_lines_surround_every_cell():
    sheet = atlas.draw(np.zeros((48, 48, 20), np.float32))
    gaps = sheet.pixels == shades.PAPER
    assert gaps[: atlas.GAP].all() and gaps[-atlas.GAP :].all()
    assert gaps[:, : atlas.GAP].all() and gaps[:, -atlas.GAP :].all()
    assert gaps[:, 50:52].all() and gaps[50:52].all()
    assert sheet.pixels.shape == (2 * 50 + 2, 16 * 50 + 2)


def test_scale_per_map_or_for_the_whole_layer():
    maps = np.stack([np.linspace(0, 1, 16), np.linspace(0, 10, 16)], -1).reshape(4, 4, 2)
    each, together = shades.levels(maps, "map"), shades.levels(maps, "layer")
    assert np.array_equal(each[..., 0], each[..., 1])
    assert together[..., 1].max() == each.max() == shades.LEVELS - 1
    assert together[..., 0].max() == round((shades.LEVELS - 1) / 10)


def test_constant_and_infinite_maps_are_drawn_without_fuss():
    maps = np.zeros((3, 3, 3), np.float32)
    maps[..., 1] = 5
    maps[0, 0, 2], maps[1, 1, 2] = np.nan, np.inf
    assert (shades.levels(maps) == 0).all()


def test_an_unknown_scale_is_refused_in_words():
    with pytest.raises(LoupeError, match="Choose 'map' or 'layer'"):
        atlas.draw(np.zeros((2, 2, 2)), "photo")


def test_png_has_one_byte_a_pixel_and_the_colors_of_the_map():
    maps = np.linspace(-1, 1, 60 * 60 * 2).reshape(60, 60, 2)
    sheet = atlas.draw(maps)
    picture = opened(shades.encode(sheet.pixels))
    assert (picture.mode, picture.size) == ("P", sheet.pixels.shape[::-1])
    colors = np.asarray(picture.convert("RGB"))
    first = cell_of(colors, sheet, 0)
    assert tuple(first[0, 0]) == (68, 1, 84)
    assert tuple(first[-1, -1]) == (253, 231, 37)
    assert tuple(colors[0, 0]) == shades.PAPER_COLOR


def test_large_maps_are_thinned_and_tiny_ones_enlarged():
    assert atlas.draw(np.zeros((300, 200, 4))).cell == (100, 67)
    assert atlas.draw(np.zeros((1, 1, 512))).cell == (48, 48)
    assert atlas.draw(np.zeros((1, 2000, 2))).cell == (1, 125)


def test_all_layers_stand_under_each_other_with_their_titles():
    layers = {"conv2d": np.random.default_rng(0).random((48, 48, 6)), "pool": np.ones((2, 2, 3))}
    pixels = atlas.draw_all(layers)
    titles = pixels[atlas.MARGIN : atlas.MARGIN + atlas.TITLE_HEIGHT]
    assert (titles == shades.INK).sum() > 50
    first = atlas.draw(layers["conv2d"]).pixels
    top = atlas.MARGIN + atlas.TITLE_HEIGHT
    shown = pixels[top : top + len(first), atlas.MARGIN : atlas.MARGIN + first.shape[1]]
    assert np.array_equal(shown, first)


def test_all_layers_of_a_large_model_stay_a_picture_that_opens():
    layers = {str(i): np.zeros((56, 56, 2048), np.float32) for i in range(10)}
    assert atlas.draw_all(layers).size < 1.5 * atlas.MOST_PIXELS


def test_enlarging_keeps_every_pixel():
    one = np.random.default_rng(0).random((6, 4))
    pixels = atlas.enlarge(one[..., None], 0, 384)
    assert pixels.shape == (384, 256)
    assert np.array_equal(pixels[::64, ::64], shades.levels(one[..., None])[..., 0])
