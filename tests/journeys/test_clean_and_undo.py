"""Cleaning by hand in the browser: mark, move, exclude, undo, find similar, draw on the map."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset
from core.datasets.measures import measure
from core.datasets.similarity_map import MAP_FILE, SimilarityMap, save_map
from core.workspace import Workspace, open_workspace
from tests.journeys.browser import open_page, settle

WAIT = 20_000


@pytest.fixture
def server(shared_server):
    return shared_server


@pytest.fixture
def dataset(server, picture_folder, request):
    """A data set of one's own, measured."""
    workspace = open_workspace(server.workspace)
    name = request.node.name.split("_")[2]
    dataset = import_dataset(workspace, picture_folder, f"shapes {name}")
    measure(dataset)
    return dataset


def now(dataset):
    return open_dataset(Workspace(dataset.folder.parents[1]), dataset.name)


def marked(page, count):
    bar = page.locator(".st-key-marks-bar")
    expect(bar.get_by_text(re.compile(rf"^{count} marked$"))).to_be_visible(timeout=WAIT)


def undo_says(page, words):
    button = page.locator(".st-key-undo-bar-undo button").first
    expect(button).to_contain_text(words, timeout=WAIT)
    return button


def drag(page, places):
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_clean_by_hand_and_take_it_all_back(page, server, dataset):
    open_page(page, f"{server.url}/photos?dataset={dataset.name}&view=gallery")
    photos = page.locator(".photo")
    expect(photos).to_have_count(48, timeout=WAIT)

    photos.nth(0).click()
    photos.nth(3).click(modifiers=["Shift"])
    marked(page, 4)

    # A filter, another page, a reload: the marks stay.
    page.get_by_role("textbox", name="Search").fill("frame-1")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(photos).to_have_count(10, timeout=WAIT)
    assert "q=frame-1" in page.url
    marked(page, 4)
    page.reload()
    expect(photos).to_have_count(10, timeout=WAIT)
    marked(page, 4)
    page.get_by_role("button", name="Clear filters").click()
    expect(photos).to_have_count(48, timeout=WAIT)
    expect(page.locator(".photo.marked")).to_have_count(4)

    # Moved to a class that did not exist, by writing its name.
    box = page.get_by_role("combobox", name="Move to class")
    box.click()
    box.fill("ring")
    box.press("Enter")
    undo_says(page, "4 photos moved to ring")
    assert now(dataset).class_counts()["ring"] == 4

    # A frame drawn with the mouse, excluded with a key.
    photos.nth(12).scroll_into_view_if_needed()
    settle(page)
    first, last = photos.nth(12).bounding_box(), photos.nth(14).bounding_box()
    drag(page, [(first["x"] + 6, first["y"] + 6), (last["x"] + 40, last["y"] + 60)])
    marked(page, 3)
    page.keyboard.press("x")
    undo_says(page, "3 photos excluded").click()
    undo_says(page, "4 photos moved to ring").click()
    expect(page.locator(".st-key-undo-bar-undo button").first).to_be_disabled(timeout=WAIT)
    after = now(dataset)
    assert after.class_counts() == {"disc": 24, "frame": 24}
    assert len(list((after.folder / "photos").rglob("*.png"))) == 48


def test_find_similar_enlarge_and_step(page, server, dataset):
    open_page(page, f"{server.url}/photos?dataset={dataset.name}&view=gallery")
    photos = page.locator(".photo")
    expect(photos).to_have_count(48, timeout=WAIT)
    chosen = photos.nth(5).get_attribute("data-id")
    photos.nth(5).click()
    marked(page, 1)
    page.keyboard.press("s")
    expect(page.get_by_text("Most similar to this photo")).to_be_visible(timeout=WAIT)
    expect(photos.first).to_have_attribute("data-id", chosen, timeout=WAIT)
    assert f"similar={chosen}" in page.url

    photos.nth(1).dblclick()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 of 48")).to_be_visible(timeout=WAIT)
    settle(page)
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("3 of 48")).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0, timeout=WAIT)
    marked(page, 1)


def test_draw_a_lasso_on_the_map_that_marks_for_the_gallery_too(page, server, dataset):
    # Where t-SNE would put them matters little here, and it takes seconds to load.
    ids = dataset.manifest["id"].tolist()
    places = np.random.default_rng(0).random((len(ids), 2), np.float32)
    save_map(dataset.folder / MAP_FILE, SimilarityMap(ids, places))
    open_page(page, f"{server.url}/photos?dataset={dataset.name}&view=map")
    canvas = page.locator(".map canvas")
    expect(canvas).to_be_visible(timeout=WAIT)
    expect(page.locator(".legend button")).to_have_count(2, timeout=WAIT)
    settle(page)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    left, top = box["x"] + 4, box["y"] + 60
    right, bottom = box["x"] + box["width"] - 4, min(box["y"] + box["height"], 896) - 4
    drag(page, [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
    bar = page.locator(".st-key-marks-bar")
    expect(bar.get_by_text(re.compile(r"^[1-9]\d* marked$"))).to_be_visible(timeout=WAIT)
    count = int(bar.get_by_text(re.compile(r"marked$")).inner_text().split()[0])
    page.get_by_role("radio", name="Gallery").click()
    expect(page.locator(".photo")).to_have_count(48, timeout=WAIT)
    marked(page, count)
    expect(page.locator(".photo.marked")).to_have_count(count)
