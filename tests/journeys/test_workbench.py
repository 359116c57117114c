"""The workbench in the browser: by mouse, by key, on a phone, and then trained for a moment."""

import pytest
from playwright.sync_api import expect

from core.datasets.importing import import_dataset
from core.training.runs import list_runs, open_run
from core.workspace import open_workspace, read_json
from tests.journeys.browser import open_page, settle

WAIT = 20_000
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def server(shared_server, picture_folder):
    import_dataset(open_workspace(shared_server.workspace), picture_folder, "bench")
    return shared_server


def kinds(server):
    choice = read_json(open_workspace(server.workspace).datasets / "bench" / "model.json")
    layers = (choice["draft"] or choice["architecture"] or {"layers": []})["layers"]
    return [layer["kind"] for layer in layers]


def card(page, place):
    return page.locator(f".stack li[data-place='{place}'] .card")


def becomes(page, place, words):
    expect(card(page, place)).to_contain_text(words, timeout=WAIT)


def test_layers_are_changed_by_key_and_mouse_and_then_trained(page, server):
    faults = []
    page.on("pageerror", lambda error: faults.append(error))
    open_page(page, f"{server.url}/model?dataset=bench&layer=conv2d_1")
    expect(page.locator(".stack li.chosen")).to_have_attribute("data-place", "4", timeout=WAIT)
    # Opened, copied, moved up, removed, brought back: all by key, and the focus stays with it.
    card(page, 1).click()
    becomes(page, 1, "Max pooling")
    page.keyboard.press("d")
    becomes(page, 2, "Max pooling")
    expect(card(page, 2)).to_be_focused(timeout=WAIT)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".stack li.chosen")).to_have_attribute("data-place", "1", timeout=WAIT)
    page.keyboard.press("Delete")
    becomes(page, 2, "Batch normalisation")
    page.keyboard.press("Control+z")
    becomes(page, 2, "Max pooling")
    # Dragged to the head of the network, by the mouse.
    card(page, 2).drag_to(card(page, 0))
    becomes(page, 0, "Max pooling")
    assert kinds(server)[:2] == ["max_pooling2d", "conv2d"]
    # A layer that cannot work says so on its card, and a button there repairs it.
    page.get_by_role("button", name="Add a layer").click()
    page.get_by_role("button", name="Flatten", exact=True).click()
    broken = page.locator(".stack li.problem")
    expect(broken).to_contain_text("needs maps with height and width", timeout=WAIT)
    expect(page.get_by_text("the layer that is open.")).to_be_hidden(timeout=WAIT)
    page.get_by_role("button", name="Undo").click()
    expect(broken).to_have_count(0, timeout=WAIT)
    page.get_by_role("button", name="Go to training").click()
    page.get_by_text("Small modern network, changed").wait_for(timeout=WAIT)
    assert not faults
    workspace = open_workspace(server.workspace)
    page.get_by_text("30 s", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Start training").click()
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").wait_for(timeout=WAIT)
    run = open_run(workspace, list_runs(workspace)[0]["name"])
    assert [layer.kind for layer in run.config.recipe.architecture.layers] == kinds(server)
    run.stop()


def test_on_a_phone_nothing_is_wider_than_the_screen(browser, server):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    open_page(page, f"{server.url}/model?dataset=bench")
    for view in ("Layers", "Drawing"):
        page.get_by_text(view, exact=True).click()
        settle(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["viewport"]["width"]
    context.close()
