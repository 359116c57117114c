"""The labs from the picture to the dense layer, in the browser: what they show is what Keras
computes from the picture on the screen, and they move under the hand."""

import re

import keras
import numpy as np
import pytest
from playwright.sync_api import expect

from core.concepts.channels import FILTERS
from core.concepts.convolution import PRESETS
from core.concepts.flattening import made_up_weights
from core.concepts.pictures import in_grey
from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page
from tests.journeys.conftest import WINDOW

PHONE = {"width": 390, "height": 844}
READ = """canvas => [canvas.height, canvas.width,
  [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]]"""
TOO_WIDE = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return main.scrollWidth - main.clientWidth;
}"""


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """`lab("relu")`: the page with this lab, complete; no data set is there."""
    with app_server(tmp_path_factory.mktemp("labs") / "workspace") as server:
        page = browser.new_context(viewport=WINDOW, device_scale_factor=1).new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(error))

        def open_lab(anchor):
            open_page(page, f"{server.url}/concepts?lab={anchor}")
            expect(page.locator(".lab > *").first).to_be_visible(timeout=20_000)
            fits_a_phone(page)
            return page

        yield open_lab
        assert not faults
        page.context.close()


def fits_a_phone(page):
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(150)
    assert page.evaluate(TOO_WIDE) <= 0
    page.set_viewport_size(WINDOW)
    page.wait_for_timeout(150)


def shown(page, board, alpha=False):
    """The pixels of a board: (height, width, 3), or how opaque each is."""
    height, width, data = page.locator(f".{board} canvas").evaluate(READ)
    pixels = np.array(data).reshape(height, width, 4)
    return pixels[..., 3] if alpha else pixels[..., :3].astype("float32")


def point(page, board, row, column, click=False):
    """Moves the mouse to a pixel of a board."""
    canvas = page.locator(f".{board} canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    height, width = canvas.evaluate("canvas => [canvas.height, canvas.width]")
    x = box["x"] + (column + 0.5) / width * box["width"]
    y = box["y"] + (row + 0.5) / height * box["height"]
    page.mouse.move(x, y)
    if click:
        page.mouse.click(x, y)


def number(page, place):
    return as_number(page.locator(f".lab {place}").first.inner_text())


def as_number(text):
    return float(text.replace("−", "-").replace(",", ""))


def numbers(page, table):
    cells = page.locator(f"{table} td").all_inner_texts()
    return np.array([as_number(cell) for cell in cells])


def press(page, name):
    page.locator(".lab").get_by_role("button", name=name, exact=True).click()


def slide(page, label, value):
    page.locator(".lab label", has_text=label).locator("input").fill(str(value))


def conv(plane, kernel, bias=0.0):
    """One map by Keras."""
    kernel = np.array(kernel, "float32")[..., None, None]
    out = keras.ops.conv(plane[None, ..., None].astype("float32"), kernel, padding="valid")
    return np.asarray(out)[0, ..., 0] + bias


def test_a_picture_as_numbers(lab):
    page = lab("pixels")
    picture = shown(page, "source")
    grey = in_grey(picture.astype(np.uint8))
    point(page, "source", 20, 30)
    assert numbers(page, ".grids table").tolist() == grey[17:24, 27:34].ravel().tolist()
    assert "64 × 64 pixels × 3 colours = 12,288 numbers" in page.locator(".size").inner_text()
    point(page, "source", 40, 12, click=True)
    press(page, "Red, green, blue")
    slide(page, "Green", 7)
    changed = shown(page, "source")
    assert changed[40, 12, 1] == 7
    assert (changed != picture).sum() == 1
    expect(page.locator(".changed")).to_have_text("1 of 12,288 numbers changed")
    press(page, "As it was")
    assert np.array_equal(shown(page, "source"), picture)
    slide(page, "Pixels along each side", 1)
    assert shown(page, "source").shape == (16, 16, 3)


def test_convolution(lab):
    page = lab("convolution")
    grey = shown(page, "source")[..., 0]
    theirs = conv(grey, PRESETS["vertical-edges"].weights)
    point(page, "map", 33, 21)
    assert number(page, ".out") == pytest.approx(theirs[33, 21], abs=0.01)
    point(page, "source", 12, 40)
    assert number(page, ".out") == pytest.approx(theirs[11, 39], abs=0.01)
    before = shown(page, "map")
    page.get_by_label("Weights, row 2, column 2").fill("2.5")
    page.get_by_label("Bias").fill("−10")
    own = np.array(PRESETS["vertical-edges"].weights, float)
    own[1, 1] = 2.5
    point(page, "map", 33, 21)
    assert number(page, ".out") == pytest.approx(conv(grey, own, -10)[33, 21], abs=0.01)
    assert not np.array_equal(shown(page, "map"), before)
    press(page, "Step by step")
    press(page, "Step")
    expect(page.locator(".result")).to_contain_text("Row 1, column 2 of the map")
    page.wait_for_timeout(100)
    assert (shown(page, "map", alpha=True) > 0).sum() == 2
    press(page, "Play")
    page.wait_for_timeout(400)
    assert (shown(page, "map", alpha=True) > 0).sum() > 4


def test_several_channels(lab):
    page = lab("channels")
    picture = np.stack([shown(page, f"channel-{c}")[..., c] for c in range(3)], axis=-1)
    layer = keras.layers.Conv2D(len(FILTERS), 3)
    layer.build((None, *picture.shape))
    biases = np.array([one.bias for one in FILTERS], float)
    layer.set_weights([np.stack([one.weights for one in FILTERS], axis=-1), biases])
    theirs = np.asarray(layer(picture[None]))[0]
    point(page, "map-sum", 11, 30)
    assert number(page, ".out") == pytest.approx(theirs[11, 30, 0], abs=0.01)
    before = shown(page, "map-sum")
    slide(page, "Filters in the layer", 6)
    press(page, "6. Bright, less 300")
    point(page, "map-1", 11, 30)
    assert number(page, ".out") == pytest.approx(theirs[11, 30, 5], abs=0.01)
    assert not np.array_equal(shown(page, "map-sum"), before)
    formula = page.locator(".formula.count").inner_text()
    assert formula.endswith(f"= {layer.count_params()}")


def test_stride_and_padding(lab):
    page = lab("stride-and-padding")
    expect(page.locator(".sentence")).to_contain_text("pixel 10 is never looked at")
    slide(page, "Stride S", 4)
    expect(page.locator(".sentence")).to_contain_text("pixels 4, 8, 9 and 10 are never looked at")
    press(page, "“same”")
    row = np.ones((1, 10, 10, 1), "float32")
    same = keras.layers.Conv2D(1, 3, strides=4, padding="same")(row)
    assert shown(page, "map").shape[:2] == same.shape[1:3]
    before = page.locator(".source .frames i").last.bounding_box()
    press(page, "Play")
    page.wait_for_timeout(900)
    assert page.locator(".source .frames i").last.bounding_box() != before
    slide(page, "Width and height W", 3)
    press(page, "Padding P")
    slide(page, "Kernel F", 7)
    expect(page.locator(".sentence")).to_contain_text("A kernel of 7 does not fit on 3 pixels")


def test_activations(lab):
    page = lab("relu")
    before = shown(page, "after")
    press(page, "Sigmoid")
    assert not np.array_equal(shown(page, "after"), before)
    page.locator(".dot").scroll_into_view_if_needed()
    dot = page.locator(".dot").bounding_box()
    x, y = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 10, steps=4)
    page.mouse.up()
    assert page.locator(".dot").bounding_box()["x"] > dot["x"] + 40
    value, out = re.search(r"\^\((.*)\)\) = (.*)", page.locator(".one").inner_text()).groups()
    theirs = float(keras.ops.sigmoid(np.float32(-as_number(value))))
    assert as_number(out) == pytest.approx(theirs, abs=0.0006)
    slide(page, "Second weight", 2)
    rows = page.locator("table.two")
    plain = rows.locator(".plain td").all_inner_texts()
    assert plain == rows.locator(".merged td").all_inner_texts()
    assert plain != rows.locator(".with td").all_inner_texts()


def test_pooling(lab):
    page = lab("pooling")

    def edges():
        picture = shown(page, "source")[..., 0]
        return np.maximum(conv(picture, PRESETS["vertical-edges"].weights), 0)

    def pooled(found, size):
        return np.asarray(keras.ops.max_pool(found[None, ..., None], size, size))[0, ..., 0]

    still = edges()
    point(page, "pooled", 12, 14)
    assert number(page, ".out") == pytest.approx(pooled(still, 2)[12, 14], abs=0.01)
    before = shown(page, "pooled")
    slide(page, "To the right", 1)
    assert not np.array_equal(shown(page, "pooled"), before)
    moved = edges()
    cells = page.locator("table.changes tr").nth(1).locator("td").all_inner_texts()
    for cell, size in zip(cells, (1, 2, 4, 8), strict=True):
        one, other = pooled(still, size), pooled(moved, size)
        theirs = 100 * np.abs(one - other).sum() / (one + other).sum()
        assert as_number(cell.removesuffix(" %")) == pytest.approx(theirs, abs=0.06)


def test_flatten_and_dense(lab):
    page = lab("dense")
    row = page.locator(".strip-row span")
    values = np.array([as_number(text) for text in row.all_inner_texts()], "float32")
    maps = np.stack([values.reshape(4, 4, 4)[..., k] for k in range(4)], axis=-1)
    flat = np.asarray(keras.layers.Flatten()(maps[None]))[0]
    assert flat.tolist() == values.tolist()
    layer = keras.layers.Dense(3)
    layer.build((None, 64))
    layer.set_weights([made_up_weights(64, 3, seed=4), np.array([0.1, -0.2, 0.3])])
    theirs = np.asarray(layer(flat[None]))[0]
    for unit in range(3):
        press(page, f"Unit {unit + 1}")
        assert number(page, ".out") == pytest.approx(theirs[unit], abs=0.002)
    assert page.locator(".formula.count").inner_text().endswith(f"= {layer.count_params()}")
    press(page, "From the start")
    assert len([text for text in row.all_inner_texts() if text]) == 1
    press(page, "Play")
    expect(row.nth(3)).not_to_be_empty()
    expect(page.locator(".detail")).not_to_contain_text("Number 1 of 64")
    press(page, "Global average")
    averages = [as_number(text) for text in row.all_inner_texts()]
    theirs = np.asarray(keras.layers.GlobalAveragePooling2D()(maps[None]))[0]
    np.testing.assert_allclose(averages, theirs, atol=0.006)
