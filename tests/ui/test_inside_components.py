"""The JavaScript of the parts of Look inside in a real browser, without Streamlit around it."""

import pytest

from tests.journeys.browser import chromium
from tests.ui.test_image_grid import MOUNT
from ui.components import crop_wall, layer_table, map_over_photo, unit_bars
from ui.inside.network_level import table_rows

SMALL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def mounted(browser):
    """`mounted(component, data)`: the page with it."""
    page = browser.new_page(viewport={"width": 900, "height": 700})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(error))

    def mount(component, data):
        page.evaluate(MOUNT, [component.HTML, component.CSS, component.JS, data])
        return page

    yield mount
    page.close()
    assert not wrong


def layer(name, kind, **more):
    told = {"shape": [8, 8, 4], "units": 4, "parameters": 12, "has_maps": True, "unreal": 0.0}
    told |= {"dead": 0.25, "mean": 0.1, "spread": 0.2, "low": 0.0, "high": 1.0}
    return {"name": name, "kind": kind, "counts": [90, 5, 3, 0]} | told | more


def table_data():
    layers = [layer(f"net/block_{number}", ("Conv2D", "ReLU")[number % 2]) for number in range(9)]
    layers.append(layer("<b>out", "Dense", shape=[3], has_maps=False, unreal=0.5))
    return {"rows": table_rows(layers), "thumbnails": SMALL, "side": 52, "key": "t"}


def told(page):
    return page.evaluate("window.chosen")


def test_layers_are_found_filtered_and_opened(mounted):
    page = mounted(layer_table, table_data())
    rows = page.locator("li:not([hidden]) > .row")
    assert rows.count() == 10
    # Nothing of a name is taken for HTML.
    assert "<b>out" in rows.nth(9).text_content() and "no maps" in rows.nth(9).text_content()
    assert "50 % of its values are no numbers" in rows.nth(9).text_content()
    page.get_by_role("button", name="ReLU4").click()
    assert rows.count() == 4 and page.locator("output").text_content() == "4 of 10 layers"
    page.get_by_label("Find a layer by its name or kind").fill("block_3")
    assert rows.count() == 1
    rows.first.click()
    assert told(page) == [["open", "net/block_3"]]
    page.get_by_label("Find a layer by its name or kind").fill("nothing")
    assert "No layer is like this." in page.locator("ol").text_content()


def test_arrow_keys_walk_through_the_layers(mounted):
    page = mounted(layer_table, table_data())
    page.locator(".row").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    assert told(page) == [["open", "net/block_1"]]


def test_units_are_bars_and_many_of_them_cells_too(mounted):
    units = [
        {"index": number, "name": f"unit {number + 1}", "value": 5.0 - number, "words": "w"}
        for number in range(30)
    ]
    page = mounted(unit_bars, {"units": units, "selected": 2})
    assert (page.locator(".bar").count(), page.locator(".cell").count()) == (24, 30)
    assert page.locator(".chosen").count() == 2
    page.locator(".cell").nth(29).click()
    page.locator(".bar").nth(0).click()
    assert told(page) == [["open", 29], ["open", 0]]


def test_crops_have_a_frame_where_a_part_matters(mounted):
    crops = [
        {"label": "a", "color": "#123456", "value": "1", "field": [0, 1, 0, 1]},
        {"label": "b", "color": "#123456", "value": "2", "field": [0.25, 0.5, 0.5, 0.75]},
    ]
    page = mounted(crop_wall, {"crops": crops, "sheet": SMALL, "title": "photos"})
    assert page.locator(".piece i").count() == 1
    page.get_by_role("button", name="Photo 2: b, 2.").click()
    assert told(page) == [["open", 1]]


def test_the_map_covers_the_photo_as_much_as_one_likes(mounted):
    data = {"photo": SMALL, "map": SMALL, "photo_name": "p", "map_name": "m", "shape": [10, 20]}
    page = mounted(map_over_photo, data)
    page.get_by_role("slider").fill("20")
    assert page.locator(".stack .map").evaluate("img => img.style.opacity") == "0.2"
    page.evaluate("data => window.show(data)", data | {"map_name": "other"})
    assert page.locator(".stack .map").evaluate("img => img.style.opacity") == "0.2"
    assert page.locator("figcaption").nth(1).text_content() == "other"
    assert page.locator("[role=alert]").is_hidden()
