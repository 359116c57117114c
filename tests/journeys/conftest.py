"""One browser for all journeys, and where real photos are when there are any."""

import os
from pathlib import Path

import pytest

from tests.journeys.app_server import REPOSITORY, app_server, find_chromium
from tests.journeys.browser import chromium

WINDOW = {"width": 1280, "height": 900}
PHOTOS_VARIABLE = "LOUPE_TEST_PHOTOS"


# Closed with the last journey: Playwright's event loop would be in the way of other tests' own.
@pytest.fixture(scope="package")
def browser():
    if find_chromium() is None and not os.environ.get("CI"):
        pytest.skip("no Chromium is installed; install it, or name it in CHROMIUM")
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=WINDOW)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def shared_server(tmp_path_factory):
    """A server for journeys that neither need an empty workspace nor end it.

    Each works on a data set of its own, under a name of its own.
    """
    with app_server(tmp_path_factory.mktemp("shared") / "workspace") as started:
        yield started


@pytest.fixture(scope="session")
def bears():
    """A folder of web photos in three classes, which is not part of the project."""
    folder = Path(os.environ.get(PHOTOS_VARIABLE, REPOSITORY.parent / "shared" / "data" / "bears"))
    if not folder.is_dir():
        pytest.skip(f"the bear photos are not here; name their folder in {PHOTOS_VARIABLE}")
    return folder
