"""The server as a newcomer and an administrator meet it."""

from playwright.sync_api import expect

from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page
from tests.journeys.screenshots import PAGES, command_line

TITLES = {"photos": "Photos", "feature_maps": "Look inside", "share": "Share"}


def test_every_page_is_wordy_and_asks_nothing_of_the_outside(page, tmp_path):
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with app_server(tmp_path / "workspace") as server:
        for address in _beginning_with("share"):
            open_page(page, f"{server.url}/{address}")
            expect(page.locator("h1")).to_have_count(1)
            expect_page(page, address)
            assert page.locator("[data-testid=stException]").count() == 0, address
    own = server.url.replace("http", "")
    outside = [url for url in asked if own not in url and not url.startswith(("data:", "blob:"))]
    assert outside == []
    assert complaints == []


def _beginning_with(address):
    """All pages; a deep link comes first, for a fresh server may take that for something else."""
    return sorted(PAGES, key=lambda page: page != address)


def expect_page(page, address):
    """It is the page that was asked for, and the links to all others stand beside it."""
    if title := TITLES.get(address):
        expect(page.locator("h1")).to_have_text(title)
        assert title in page.title()
    links = page.locator("[data-testid=stSidebar] a[data-testid=stPageLink-NavLink]")
    expect(links).to_have_count(len(PAGES))
    addresses = [(link.get_attribute("href") or "").partition("?")[0] for link in links.all()]
    assert sorted(address.strip("/") for address in addresses) == sorted(PAGES)


def test_the_server_stays_light_and_without_tensorflow(page, tmp_path, bears):
    workspace = tmp_path / "workspace"
    command_line(workspace, "import", str(bears), "--name", "bears")
    with app_server(workspace) as server:
        for address in _beginning_with("feature_maps"):
            open_page(page, f"{server.url}/{address}?dataset=bears")
            expect_page(page, address)
        assert "tensorflow" not in server.maps()
        assert server.resident_megabytes() < 350
