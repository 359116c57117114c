"""Chromium, and what it takes to know that a Streamlit page has settled."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, Page, expect, sync_playwright

from tests.journeys.app_server import CHROMIUM_FLAGS, find_chromium

SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"]')
    && [...document.images].every(image => image.complete || image.loading === 'lazy');
}"""
CONTENT_HEIGHT = """() => Math.max(
  ...[...document.querySelectorAll('[data-testid="stMainBlockContainer"]')]
    .map(block => block.scrollHeight), 600)"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window.

    Raises:
        RuntimeError: If no Chromium is installed.
    """
    with sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


@contextmanager
def launched(kind: BrowserType, *flags: str) -> Iterator[Browser]:
    """A browser with more flags, from the `browser_type` of another: Playwright runs only once."""
    executable = find_chromium()
    if executable is None:
        raise RuntimeError("No Chromium was found. Install it, or name it in CHROMIUM.")
    browser = kind.launch(executable_path=executable, args=[*CHROMIUM_FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()


def open_page(page: Page, url: str, timeout: float = 60) -> None:
    """Goes to `url` and waits until its script has run and its pictures are there."""
    page.goto(url)
    expect(page.locator("h1").first).to_be_visible(timeout=timeout * 1000)
    settle(page, timeout)


def settle(page: Page, timeout: float = 60) -> None:
    """Waits until nothing is being computed or loaded."""
    page.wait_for_function(SETTLED, timeout=timeout * 1000)
    page.wait_for_timeout(400)
    page.wait_for_function(SETTLED, timeout=timeout * 1000)


def whole_page_picture(page: Page, path: str, max_height: int = 6000) -> None:
    """A picture of all that can be scrolled to: Streamlit scrolls inside the window."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    height = min(int(page.evaluate(CONTENT_HEIGHT)) + 80, max_height)
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    settle(page)
    page.screenshot(path=path)
    page.set_viewport_size(size)
