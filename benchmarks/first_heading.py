"""Time to the first heading in Chromium, against an empty Streamlit app."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.measure import Row, in_turns, share_of
from benchmarks.workplace import empty_app, imported
from tests.journeys.app_server import app_server
from tests.journeys.browser import chromium

TITLE = "Time to the first heading, against an empty Streamlit app"
TARGET = 1.5
ADDRESSES = ("", "photos?dataset=photos")


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        workspace = imported(folder, 12 if quick else 300)
        with (
            empty_app(folder) as empty,
            app_server(workspace.root) as server,
            chromium() as browser,
        ):
            return [
                _compare(browser, f"{server.url}/{address}", empty, 1 if quick else 9)
                for address in ADDRESSES
            ]


def _compare(browser: Browser, ours: str, theirs: str, rounds: int) -> Row:
    seconds = in_turns(
        lambda: first_heading(browser, ours), lambda: first_heading(browser, theirs), rounds
    )
    return share_of(f"/{ours.rsplit('/', 1)[1]}, empty browser cache", seconds, TARGET)


def first_heading(browser: Browser, url: str) -> None:
    """Opens `url` as a visitor who was never there and waits for a visible `h1`."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.locator("h1").first.wait_for(timeout=60_000)
    context.close()
