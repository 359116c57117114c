"""The lab's components in a real browser, without Streamlit around them."""

import numpy as np
import pytest

from tests.journeys.browser import chromium
from ui.components import step_order, tile_wall, wipe
from ui.galleries import Answer, Tile

MOUNT = """async ([html, css, js, data, width]) => {
  document.body.innerHTML = `<div id="host" style="width: ${width}px"></div>`;
  const host = document.getElementById("host");
  host.innerHTML = `<style>${css}</style>${html}`;
  const address = URL.createObjectURL(new Blob([js], {type: "text/javascript"}));
  const { default: draw } = await import(address);
  window.sent = [];
  window.show = (data) => draw({
    data, parentElement: host, setTriggerValue: (name, value) => window.sent.push([name, value]),
  });
  window.show(data);
}"""
ENTRIES = {"entries": [["a", "<b>A</b>"], ["b", "B"], ["c", "C"]], "title": "Steps"}
PICTURES = [np.full((10, 20, 3), value, np.uint8) for value in range(0, 240, 20)]


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def mount(browser):
    page = browser.new_page(viewport={"width": 900, "height": 600})

    def mounted(component, data, width=800):
        parts = [component.HTML, component.CSS, component.JS, data, width]
        page.evaluate(MOUNT, parts)
        return page

    yield mounted
    page.close()


def sent(page):
    return page.evaluate("window.sent")


def wall(selected=None):
    tiles = [Tile(one, f"tile {at}", at % 6 == 0, "<i>") for at, one in enumerate(PICTURES)]
    extra = {"title": "Wall", "selected": selected, "narrow": 4}
    return tile_wall.wall_data(tiles, 6) | extra


def test_a_wall_shows_every_tile_with_its_words_and_part_of_the_picture(mount):
    page = mount(tile_wall, wall(selected=3))
    assert page.locator(".cell").count() == 12
    assert page.locator(".words").all_inner_texts() == [f"tile {at}" for at in range(12)]
    assert page.locator(".cell.chosen").get_attribute("id") == "tile-3"
    assert page.locator(".cell.original").count() == 2
    places = page.locator(".face").evaluate_all("all => all.map(x => x.style.backgroundPosition)")
    assert len(set(places)) == 12 and places[7] == "20% 100%"


def test_a_tile_is_chosen_by_click_and_by_keys(mount):
    page = mount(tile_wall, wall())
    page.locator(".cell").nth(8).click()
    page.locator(".wall").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert sent(page) == [["chosen", 8], ["chosen", 2]]


def test_a_narrow_wall_leaves_out_what_has_no_room(mount):
    page = mount(tile_wall, wall(), width=380)
    assert page.locator(".cell:visible").count() == 8
    strip = tile_wall.wall_data([Tile(one, "") for one in PICTURES[:7]], 7)
    page = mount(tile_wall, strip | {"title": "Strip", "selected": 0, "narrow": 4}, width=380)
    assert page.locator(".cell:visible").count() == 7  # a single row is broken instead


def test_a_new_wall_keeps_its_tiles_and_changes_their_words(mount):
    page = mount(tile_wall, wall())
    page.evaluate("document.querySelector('.cell').marked = true")
    page.evaluate("data => window.show(data)", wall() | {"captions": ["new"] * 12})
    assert page.evaluate("document.querySelector('.cell').marked")
    assert page.locator(".words").first.inner_text() == "new"


def test_what_a_model_says_stands_under_the_picture_and_goes_away_again(mount):
    answers = [Answer("<b>", "81 %", "#1f77b8", change) for change in ("", "lost", "won", "other")]
    tiles = [
        Tile(PICTURES[at], "", answer=answer, hint=f"{at}") for at, answer in enumerate(answers)
    ]
    data = tile_wall.wall_data(tiles, 4) | {"title": "Wall", "selected": None, "narrow": 4}
    page = mount(tile_wall, data)
    assert page.locator(".answer .label").all_inner_texts() == ["<b>"] * 4
    assert page.locator(".answer .sure").first.inner_text() == "81 %"
    assert page.locator(".badge").all_inner_texts() == ["", "✕", "✓", "≠"]
    assert page.locator(".badge:visible").count() == 3
    assert page.locator(".cell.lost").get_attribute("aria-label") == "1"
    color = page.locator(".answer").first.evaluate("x => getComputedStyle(x).color")
    assert color not in ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)")
    page.evaluate("data => window.show(data)", data | {"answers": [None] * 4})
    assert page.locator(".answer:visible").count() == page.locator(".badge:visible").count() == 0
    assert page.locator(".lost").count() == 0


def test_steps_are_put_in_order_by_arrows_and_by_dragging(mount):
    page = mount(step_order, ENTRIES)
    assert page.locator("li .words").first.inner_text() == "1. <b>A</b>"
    page.get_by_label("B: earlier").click()
    page.locator("li").nth(0).drag_to(page.locator("li").nth(2))
    assert sent(page) == [["order", ["b", "a", "c"]], ["order", ["b", "c", "a"]]]
    assert page.get_by_label("C: later").is_disabled()


def test_the_border_of_a_wipe_follows_slider_and_pointer(mount):
    address = wipe._address(PICTURES[3])
    data = {"before": address, "after": address, "words": ["one", "<i>"], "smooth": False}
    page = mount(wipe, data)
    page.locator("input").fill("20")
    assert page.locator(".before").evaluate("x => x.style.clipPath") == "inset(0px 80% 0px 0px)"
    box = page.locator(".stage").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    assert page.locator(".border").evaluate("x => parseFloat(x.style.left)") == pytest.approx(
        75, abs=1
    )
    assert page.locator(".words span").nth(1).inner_text() == "<i>"
