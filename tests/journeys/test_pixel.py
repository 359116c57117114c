"""One value in the browser: pointed at, checked by hand, pinned, and followed back to the photo."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page, settle

WAIT = 20_000
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
PLACE = "feature_maps?dataset=shapes&run=tiny-run"


@pytest.fixture(scope="module")
def server(tmp_path_factory, trained_run):
    root = tmp_path_factory.mktemp("pixel") / "workspace"
    shutil.copytree(trained_run.workspace.root, root)
    with app_server(root) as started:
        yield started


def point_at(page, row, column, rows, columns):
    box = page.locator(".face.map").bounding_box()
    page.mouse.move(
        box["x"] + box["width"] * (column + 0.5) / columns,
        box["y"] + box["height"] * (row + 0.5) / rows,
    )
    expect(page.locator(".probe .where")).to_have_text(f"Row {row}, column {column}")
    expect(page.locator(".probe .sum.old")).to_have_count(0, timeout=WAIT)
    expect(page.locator(".probe .given")).to_be_visible(timeout=WAIT)


def exact(page, selector):
    """The numbers as they were told, not as they are rounded for the eye."""
    nodes = page.locator(f".probe {selector}")
    return [float(nodes.nth(at).get_attribute("title")) for at in range(nodes.count())]


def check_the_sum(page):
    """Goes through a convolution's arithmetic as a person would."""
    products = exact(page, ".ending .products .n")[0]
    assert sum(exact(page, ".total")) == pytest.approx(products, abs=1e-4)
    before, given = exact(page, ".ending .before .n")[0], exact(page, ".given")[0]
    bias = re.search(r"the bias (\S+) on top", page.locator(".ending .before").inner_text())
    assert products + float(bias[1].replace("−", "-")) == pytest.approx(before, abs=1e-4)
    assert max(before, 0) == pytest.approx(given, abs=1e-4)
    shown = page.locator(".probe .value").inner_text()
    assert float(shown.strip(" =").replace("−", "-")) == pytest.approx(given, abs=1e-4)
    return given


def test_a_value_is_pointed_at_checked_pinned_and_followed_back(page, server):
    faults = []
    page.on("pageerror", lambda error: faults.append(error))
    open_page(page, f"{server.url}/{PLACE}&layer=conv2d_1&map=3")
    face, frame = page.locator(".face.map"), page.locator(".probe .frame")
    expect(page.locator(".probe .given")).to_be_visible(timeout=WAIT)
    face.scroll_into_view_if_needed()
    point_at(page, 3, 4, 8, 8)
    check_the_sum(page)
    before = frame.bounding_box()
    point_at(page, 6, 1, 8, 8)
    check_the_sum(page)
    after = frame.bounding_box()
    assert after["x"] < before["x"] and after["y"] > before["y"]
    # A click pins it, Escape frees it, and the address says so.
    face.click(position={"x": 5, "y": 5})
    page.wait_for_url(re.compile(r"at=0%2C0|at=0,0"), timeout=WAIT)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"at=0%2C1|at=0,1"), timeout=WAIT)
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"^(?!.*at=)"), timeout=WAIT)
    # Down to the photo, the strongest value first.
    point_at(page, 3, 4, 8, 8)
    for layer in ("max_pooling2d", "conv2d", "rescaling"):
        page.locator(".probe .go").click()
        page.wait_for_url(re.compile(rf"layer={layer}\w*&"), timeout=WAIT)
        expect(page.locator(".probe .trail button").last).to_be_visible(timeout=WAIT)
        expect(page.locator(".probe .given")).to_be_visible(timeout=WAIT)
        settle(page)
    page.locator(".probe .go").click()
    expect(page.locator(".probe .word")).to_contain_text("This is the photo itself", timeout=WAIT)
    page.locator(".probe .trail button").first.click()
    page.wait_for_url(re.compile(r"layer=conv2d_1&"), timeout=WAIT)
    assert not faults


def test_on_a_phone_a_finger_moves_the_marker_and_nothing_is_too_wide(browser, server):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    open_page(page, f"{server.url}/{PLACE}&layer=conv2d&map=1")
    expect(page.locator(".probe .given")).to_be_visible(timeout=WAIT)
    page.locator(".face.map").scroll_into_view_if_needed()
    box = page.locator(".face.map").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.3)
    page.wait_for_url(re.compile(r"at=4%2C9|at=4,9"), timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sums = page.locator(".probe .sum").bounding_box()
    assert sums["x"] >= 0 and sums["x"] + sums["width"] <= 390
    context.close()
