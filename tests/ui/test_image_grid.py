"""The component's JavaScript in a real browser, without Streamlit around it."""

import pytest

from tests.journeys.browser import chromium
from ui.components import image_grid as component

MOUNT = """async ([html, css, js, data]) => {
  document.body.innerHTML = `<div id="host" style="width: 420px"></div>`;
  const host = document.getElementById("host");
  host.innerHTML = `<style>${css}</style>${html}`;
  const address = URL.createObjectURL(new Blob([js], {type: "text/javascript"}));
  const { default: draw } = await import(address);
  window.chosen = [];
  window.show = (data) => draw({
    data, parentElement: host, setTriggerValue: (name, value) => window.chosen.push([name, value]),
  });
  window.show(data);
}"""
DATA = {
    "source": "data:image/png;base64,",
    "count": 7,
    "columns": 4,
    "rows": 2,
    "cell_height": 10,
    "cell_width": 20,
    "gap": 2,
    "title": "7 maps",
    "noun": "map",
    "names": None,
    "selected": 2,
    "smallest": 80,
}


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.evaluate(MOUNT, [component.HTML, component.CSS, component.JS, DATA])
    yield page
    page.close()


def chosen(page):
    return page.evaluate("window.chosen.map(([name, index]) => index)")


def test_there_is_a_cell_per_picture_and_the_selected_one_is_marked(page):
    assert page.locator(".cell").count() == 7
    assert page.locator(".cell.chosen").get_attribute("aria-label") == "map 3"
    assert page.locator("[role=listbox]").get_attribute("aria-label") == "7 maps"


def test_every_cell_shows_its_own_part_of_the_atlas(page):
    """Undoes what CSS does with the percentages: offset = share * (cell - whole)."""
    whole_width, whole_height = 4 * 22 + 2, 2 * 12 + 2
    for index in range(7):
        style = (
            page.locator(".cell")
            .nth(index)
            .evaluate("cell => [cell.style.backgroundPosition, cell.style.backgroundSize]")
        )
        x, y = (float(part.rstrip("%")) / 100 for part in style[0].split())
        assert x * (whole_width - 20) == pytest.approx(2 + (index % 4) * 22, abs=0.01)
        assert y * (whole_height - 10) == pytest.approx(2 + (index // 4) * 12, abs=0.01)
        width, height = (float(part.rstrip("%")) / 100 for part in style[1].split())
        assert (width, height) == pytest.approx((whole_width / 20, whole_height / 10))


def test_a_click_is_reported_and_marked_at_once(page):
    page.locator(".cell").nth(5).click()
    assert chosen(page) == [5]
    assert page.locator(".cell.chosen").get_attribute("aria-label") == "map 6"


def test_the_keyboard_reaches_every_cell(page):
    page.locator(".grid").focus()
    across = page.evaluate(
        "getComputedStyle(document.querySelector('.grid')).gridTemplateColumns.split(' ').length"
    )
    assert 2 <= across < 7
    for key in ("Home", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    assert chosen(page) == [1 + across, 6]


def test_enter_chooses_the_cell_that_is_marked_from_the_start(page):
    page.locator(".grid").focus()
    page.keyboard.press("Enter")
    assert chosen(page) == [2]


def test_an_old_selection_from_the_server_does_not_undo_a_click(page):
    page.locator(".cell").nth(5).click()
    page.evaluate("data => window.show(data)", DATA)
    assert page.locator(".cell.chosen").get_attribute("aria-label") == "map 6"
    page.evaluate("data => window.show(data)", DATA | {"selected": 0})
    assert page.locator(".cell.chosen").get_attribute("aria-label") == "map 1"


def test_another_atlas_replaces_the_cells(page):
    page.evaluate("data => window.show(data)", DATA | {"count": 3, "selected": None})
    assert page.locator(".cell").count() == 3
    assert page.locator(".cell.chosen").count() == 0


def test_hovering_names_the_picture(page):
    page.locator(".cell").nth(3).hover()
    assert page.locator(".tip").inner_text() == "map 4"


def test_the_script_has_the_line_break_that_streamlit_looks_for():
    """Without one it would be taken for the path of a file."""
    assert "\n" in component.JS and "export default" in component.JS
