"""How it works in the browser: the labs move, a word leads to its meaning, the tour notices."""

import re

import pytest
from playwright.sync_api import expect

from core.datasets.importing import import_dataset
from core.workspace import open_workspace
from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page, settle

WAIT = 20_000
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def server(tmp_path_factory, picture_folder):
    root = tmp_path_factory.mktemp("concepts") / "workspace"
    import_dataset(open_workspace(root), picture_folder, "shapes")
    with app_server(root) as started:
        yield started


def test_labs_move_words_are_explained_and_the_tour_goes_along(page, server):
    faults = []
    page.on("pageerror", lambda error: faults.append(error))

    # A point of the curve is dragged, by mouse and by key: the curve and the error follow.
    open_page(page, f"{server.url}/concepts?lab=overfitting")
    curve = page.locator("svg .curve")
    error = page.get_by_test_id("stMetricValue").first
    expect(curve).to_have_attribute("points", re.compile(r"\d"), timeout=WAIT)
    drawn, said = curve.get_attribute("points"), error.inner_text()
    dot = page.locator("svg .train circle").nth(4)
    box = dot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] - 60, steps=4)
    page.mouse.up()
    expect(curve).not_to_have_attribute("points", drawn, timeout=WAIT)
    expect(error).not_to_have_text(said, timeout=WAIT)
    drawn = curve.get_attribute("points")
    dot.focus()
    page.keyboard.press("ArrowDown")
    expect(curve).not_to_have_attribute("points", drawn, timeout=WAIT)

    # The list of labs leads to another one, which is drawn for its own question.
    page.get_by_role("button", name=re.compile("^Augmentation, 5 minutes")).click()
    expect(page.get_by_role("heading", name="Augmentation", exact=True)).to_be_visible(timeout=WAIT)
    assert "lab=augmentation" in page.url
    wall = page.locator(".loupe-lab-ends")
    expect(wall).to_contain_text("turned 40° anticlockwise", timeout=WAIT)
    page.get_by_role("slider", name="Largest turn").focus()
    page.keyboard.press("End")
    expect(wall).to_contain_text("turned 180° anticlockwise", timeout=WAIT)
    page.get_by_role("button", name=re.compile("^Transfer learning, 5 minutes")).click()
    expect(page.locator(".networks")).to_contain_text("23,296 weights frozen", timeout=WAIT)

    # A word is explained beside it; its link opens a window of its own, and nothing is lost.
    page.get_by_role("button", name="Words of this lab").click()
    words = page.locator(".st-key-words-lab")
    expect(words).to_contain_text("weights that training must not change", ignore_case=True)
    with page.context.expect_page() as opened:
        words.get_by_role("link", name=re.compile("^All ")).click()
    expect(opened.value.get_by_label("Find a word")).to_be_visible(timeout=WAIT)
    opened.value.close()
    page.keyboard.press("Escape")

    # Both networks learn, and the curve of how good they are grows point by point.
    page.get_by_role("button", name="Let both learn").click()
    curve = page.get_by_test_id("stVegaLiteChart")
    expect(page.get_by_text("1 of 4 points measured")).to_be_visible(timeout=WAIT * 3)
    expect(curve).to_be_visible(timeout=WAIT)
    begun = curve.screenshot()
    expect(page.get_by_text(re.compile("[23] of 4 points measured"))).to_be_visible(timeout=WAIT)
    page.wait_for_timeout(500)
    assert curve.screenshot() != begun

    # The tour begins, has noticed the photos, and goes on to where they can be looked at.
    open_page(page, f"{server.url}/?dataset=shapes")
    page.get_by_role("button", name="Take the tour").click()
    bar = page.locator(".st-key-tour-bar")
    expect(bar).to_contain_text("Step 1 of 9", timeout=WAIT)
    expect(bar).to_contain_text("48 photos in 2 classes are here")
    page.get_by_role("button", name="Next: look at them").click()
    expect(bar).to_contain_text("Step 2 of 9", timeout=WAIT)
    expect(bar).to_contain_text("You have looked at them", timeout=WAIT)
    page.reload()
    expect(bar).to_contain_text("Step 2 of 9", timeout=WAIT)
    assert not faults


def test_on_a_phone_the_labs_are_a_list_to_choose_from(browser, server):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    open_page(page, f"{server.url}/concepts?lab=relu&tour=vary-1000000000")
    page.get_by_role("combobox", name=re.compile("^Lab ")).select_option("transfer-learning")
    expect(page.locator(".networks")).to_be_visible(timeout=WAIT)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    context.close()
