"""The gallery of 100,000 photos in Chromium: to the first photos, a new filter, one big edit."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, expect

from benchmarks.measure import Row, in_turns
from benchmarks.photos import draw_photo
from core.datasets.dataset import SPLITS, as_manifest
from core.datasets.manifest import create_dataset
from core.images import encode_jpeg, thumbnail
from core.workspace import Workspace, new_folder, open_workspace
from tests.journeys.app_server import AppServer, app_server
from tests.journeys.browser import chromium

TITLE = "The gallery of 100,000 photos"
ROWS, FILES, PAGE_CHANGES = 100_000, 3_000, 100
CLASSES = tuple(f"class {letter}" for letter in "abcdefghij")
FIRST_PHOTOS_SECONDS = 1.0  # on top of an empty page
GROWTH_MEGABYTES = 60
ROUNDS = 5
WAIT = 120_000
MARK_ALL = ".st-key-mark-all button"


def measure(quick: bool = False) -> list[Row]:
    rows, files, changes = (500, 60, 4) if quick else (ROWS, FILES, PAGE_CHANGES)
    with tempfile.TemporaryDirectory() as temporary:
        workspace = open_workspace(Path(temporary) / "workspace")
        many_photos(workspace, rows, files)
        with app_server(workspace.root) as server, chromium() as browser:
            return [
                _first_photos(browser, server, 1 if quick else ROUNDS),
                *_at_work(browser, server, rows, changes),
            ]


def many_photos(workspace: Workspace, rows: int, files: int) -> None:
    """A data set of `rows` photos, of which `files` are distinct files on the disk."""
    with new_folder(workspace.datasets / "many") as staging:
        (staging / "photos").mkdir()
        hashes = [_write_photo(staging, number) for number in range(files)]
        (staging / "manifests").mkdir()
        create_dataset(
            staging,
            _manifest(rows, hashes),
            name="many",
            title="many",
            source="benchmark",
            skipped=[],
            repaired=[],
            choices={},
        )


def _write_photo(folder: Path, number: int) -> str:
    label = ("circles", "lines", "squares")[number % 3]
    data = encode_jpeg(thumbnail(draw_photo(label, number), 160), 85)
    (folder / "photos" / f"{number:05d}.jpg").write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _manifest(rows: int, hashes: list[str]) -> pd.DataFrame:
    random = np.random.default_rng(0)
    labels, splits = random.integers(0, len(CLASSES), rows), random.integers(0, 3, rows)
    return as_manifest(
        [
            {
                "id": f"{number:012x}",
                "file": f"photos/{number % len(hashes):05d}.jpg",
                "source_file": f"{CLASSES[labels[number]]}/IMG_{number:06d}.jpg",
                "label": CLASSES[labels[number]],
                "split": SPLITS[splits[number]],
                "width": 160,
                "height": 120,
                "content_hash": hashes[number % len(hashes)],
                "format": "JPEG",
                "author": f"author {number % 90}",
            }
            for number in range(rows)
        ]
    )


def _first_photos(browser: Browser, server: AppServer, rounds: int) -> Row:
    """From the address to the first photos on the screen, beyond an empty page of the app."""
    ours, empty = in_turns(
        lambda: _open(browser, f"{server.url}/photos?dataset=many&view=gallery", photos_shown),
        lambda: _open(browser, f"{server.url}/prediction?dataset=many", empty_state_shown),
        rounds,
    )
    extra = median(ours) - median(empty)
    return Row(
        "first photos, on top of a page without photos",
        median(ours),
        median(empty),
        "s",
        extra,
        FIRST_PHOTOS_SECONDS,
        at_least=False,
    )


def _open(browser: Browser, url: str, shown: Callable[[Page], None]) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(url, wait_until="commit")
    shown(page)
    context.close()


def empty_state_shown(page: Page) -> None:
    page.locator(".st-key-empty-state").wait_for(timeout=WAIT)


def photos_shown(page: Page) -> None:
    """Waits until the first photo's pixels are there."""
    page.locator(".photo").first.wait_for(timeout=WAIT)
    page.wait_for_function(FIRST_PICTURE, timeout=WAIT)


FIRST_PICTURE = """() => [...document.querySelectorAll('*')]
  .map(element => element.shadowRoot?.querySelector('.photo img'))
  .some(image => image?.complete && image.naturalWidth)"""


def _at_work(browser: Browser, server: AppServer, rows: int, changes: int) -> list[Row]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{server.url}/photos?dataset=many&view=gallery")
    photos_shown(page)
    return [_search(page, rows), _exclude_all(page), _page_changes(page, server, rows, changes)]


def _search(page: Page, rows: int) -> Row:
    """Two words, looked for in the file names, classes, authors and sources of all photos."""
    box, button = page.get_by_role("textbox", name="Search"), page.locator(MARK_ALL).first
    box.fill("author 77")
    begun = time.perf_counter()
    box.press("Enter")
    expect(button).not_to_contain_text(f"{rows:,}", timeout=WAIT)
    return _seconds("a search among all photos", begun, 1.0)


def _exclude_all(page: Page) -> Row:
    """Marks all that match the search and excludes them; takes it back and ends the search."""
    begun = time.perf_counter()
    page.locator(MARK_ALL).first.click()
    page.locator(".st-key-marks-exclude button:enabled").first.click(timeout=WAIT)
    undo = page.locator(".st-key-undo-bar-undo button").first
    expect(undo).to_contain_text("excluded", timeout=WAIT)
    row = _seconds("all that match marked and excluded", begun, 3.0)
    undo.click()
    page.locator(".photo").first.wait_for(timeout=WAIT)
    page.locator(".st-key-marks-clear button:enabled").first.or_(
        page.locator(".st-key-marks-again button")
    ).first.wait_for(timeout=WAIT)
    page.get_by_role("button", name="Clear filters").click()
    return row


def _page_changes(page: Page, server: AppServer, rows: int, changes: int) -> Row:
    """Memory of the server after many pages, beyond what it had after the first tenth."""
    expect(page.locator(MARK_ALL).first).to_contain_text(f"{rows:,}", timeout=WAIT)
    before = 0.0
    for number in range(changes):
        first = str(page.locator(".photo").first.get_attribute("data-id"))
        page.locator(".gallery").press("End")
        page.locator(".gallery").press("ArrowRight")
        photo = page.locator(".photo").first
        expect(photo).not_to_have_attribute("data-id", first, timeout=WAIT)
        if number == changes // 10:
            before = server.resident_megabytes()
    after = server.resident_megabytes()
    case = f"server memory after {changes} page changes, beyond the first tenth"
    return Row(case, after, before, "MB", after - before, GROWTH_MEGABYTES, at_least=False)


def _seconds(case: str, begun: float, target: float) -> Row:
    seconds = time.perf_counter() - begun
    return Row(case, seconds, 0.0, "s", seconds, target, at_least=False)
