"""The server as a newcomer and an administrator meet it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page
from tests.journeys.screenshots import PAGES, command_line

TITLES = {"photos": "Photos", "feature_maps": "Look inside", "share": "Share"}


@pytest.mark.parametrize("address", TITLES)
def test_a_deep_link_as_the_first_request_opens_its_page(address, page, tmp_path):
    with app_server(tmp_path / "workspace") as server:
        open_page(page, f"{server.url}/{address}")
        expect(page.locator("h1")).to_have_text(TITLES[address])
        links = page.locator("[data-testid=stSidebar] a[data-testid=stPageLink-NavLink]")
        expect(links).to_have_count(len(PAGES))
        addresses = [link.get_attribute("href") or "" for link in links.all()]
        assert sorted(address.strip("/") for address in addresses) == sorted(PAGES)
        assert TITLES[address] in page.title()


def test_every_page_is_wordy_and_asks_nothing_of_the_outside(page, tmp_path):
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with app_server(tmp_path / "workspace") as server:
        for address in PAGES:
            open_page(page, f"{server.url}/{address}")
            expect(page.locator("h1")).to_have_count(1)
            assert page.locator("[data-testid=stException]").count() == 0, address
    own = server.url.replace("http", "")
    outside = [url for url in asked if own not in url and not url.startswith(("data:", "blob:"))]
    assert outside == []
    assert complaints == []


def test_the_server_stays_light_and_without_tensorflow(page, tmp_path, bears):
    workspace = tmp_path / "workspace"
    command_line(workspace, "import", str(bears), "--name", "bears")
    with app_server(workspace) as server:
        for address in PAGES:
            open_page(page, f"{server.url}/{address}?dataset=bears")
        assert "tensorflow" not in server.maps()
        assert server.resident_megabytes() < 350
