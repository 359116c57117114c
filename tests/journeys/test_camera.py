"""Two classes filled by holding a button before a camera, and one drawing with the mouse."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from core.datasets.collections import open_collection
from core.datasets.manifest import open_dataset
from core.images import read_picture
from core.workspace import open_workspace
from tests.journeys.app_server import app_server
from tests.journeys.browser import launched, open_page, settle

WAIT = 30_000
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PLACE = "/photos?way=cards"
RUNNING_CAMERAS = "window.cameras.filter(track => track.readyState === 'live').length"
COUNT_CAMERAS = """
window.cameras = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => {
  const stream = await ask(wish);
  window.cameras.push(...stream.getTracks());
  return stream;
};
"""


@pytest.fixture
def with_camera(browser):
    with launched(browser.browser_type, *FAKE_CAMERA) as own:
        yield own.new_page(viewport={"width": 1280, "height": 900})


def add_class(page, name):
    page.get_by_placeholder("for example: thumb up").fill(name)
    page.get_by_role("button", name="Add this class").click()
    expect(page.locator("[data-testid=stMain]").get_by_text(name, exact=True).first).to_be_visible()
    settle(page)


def break_connection(page):
    """The first portion gets lost on its way; of the second, the answer does."""
    met = []

    def handle(route):
        met.append(route)
        if len(met) > 2:
            return route.continue_()
        if len(met) == 2:
            route.fetch()
        route.abort()

    page.route("**/frames?*", handle)


def shape_of(path):
    return read_picture(path).array.shape


@contextmanager
def held(page, seconds):
    """Holds the button of the camera down for a while, then lets go."""
    button = page.locator("button.hold")
    expect(button).to_be_enabled(timeout=WAIT)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(1000 * seconds)
    yield
    page.mouse.up()


def test_a_camera_and_a_pad_fill_two_classes(with_camera, tmp_path):
    page = with_camera
    page.add_init_script(COUNT_CAMERAS)
    with app_server(tmp_path / "workspace") as server:
        workspace = open_workspace(server.workspace)
        open_page(page, server.url + PLACE)
        add_class(page, "thumb up")
        add_class(page, "thumb down")

        page.get_by_role("button", name="Camera").first.click()
        expect(page.get_by_text("Saved exactly as shown: mirrored, cut square")).to_be_visible(
            timeout=WAIT
        )
        break_connection(page)
        with held(page, 2):
            expect(page.get_by_text("Recording ·")).to_be_visible()
            expect(page.locator(".nine img")).to_have_count(9)
        said = page.get_by_text("frames in this burst").inner_text()
        collection = open_collection(workspace, "my-photos")
        expect(page.get_by_text(re.compile(r"\d+ frames wait"))).to_have_count(0, timeout=WAIT)
        settle(page)
        assert said == f"{collection.counts()['thumb up']} frames in this burst"
        page.get_by_role("radio", name="thumb down").click()
        page.keyboard.down("Space")
        page.wait_for_timeout(1200)
        page.keyboard.up("Space")
        expect(page.get_by_text("frames in this burst")).to_be_visible()
        page.wait_for_timeout(500)
        settle(page)

        counts = collection.counts()
        # How many more, the camera decides.
        assert counts["thumb up"] >= 9 and counts["thumb down"] > 1
        # What the camera said is what the server has and what the cards say.
        for name, count in counts.items():
            radio = page.get_by_role("radio", name=name)
            expect(radio).to_contain_text(str(count))
            expect(page.locator("[data-testid=stMain]")).to_contain_text(f"{count} photos")
        sizes = {shape_of(collection.path(entry)) for entry in collection.entries()}
        assert sizes == {(320, 320, 3)}
        assert page.evaluate(RUNNING_CAMERAS) == 1

        page.get_by_role("button", name="Done").click()
        settle(page)
        page.wait_for_function(f"{RUNNING_CAMERAS} === 0", timeout=WAIT)

        page.get_by_role("button", name="Draw", exact=True).nth(1).click()
        paper = page.locator("canvas.paper")
        paper.scroll_into_view_if_needed()
        box = paper.bounding_box()
        page.mouse.move(box["x"] + 100, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 110, box["y"] + 200, steps=8)
        page.mouse.up()
        page.keyboard.press("Enter")
        expect(page.get_by_text("1 drawing kept")).to_be_visible()
        page.get_by_role("button", name="Done").click()
        settle(page)
        drawing = collection.entries()[-1]
        assert (drawing.origin, drawing.label) == ("drawing", "thumb down")
        pixels = read_picture(collection.path(drawing)).array
        assert (pixels.min(), pixels.max()) == (0, 255)

        page.get_by_role("button", name="Make the data set").click()
        expect(page.get_by_text("in 2 classes are ready")).to_be_visible(timeout=WAIT)
        photos = open_dataset(workspace, "my-photos").manifest
        bursts = photos[photos["origin"] == "camera"].groupby("label")["group"].unique()
        assert {label: len(groups) for label, groups in bursts.items()} == {
            "thumb down": 1,
            "thumb up": 1,
        }
        assert bursts["thumb up"][0] != bursts["thumb down"][0]
        assert bursts["thumb up"][0].startswith("burst-")
        assert (photos["origin"] == "drawing").sum() == 1
