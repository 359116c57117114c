"""The augmentation lab: from a slider to the wall that follows it."""

import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page

from benchmarks.measure import Row, share_of
from benchmarks.timed_server import run_seconds
from benchmarks.workplace import DATASET, imported
from core.augmentation.presets import PRESETS
from core.augmentation.preview import wall
from tests.journeys.app_server import AppServer, app_server
from tests.journeys.browser import chromium, open_page, settle

TITLE = "The augmentation lab: a wall of 6 × 6 photos at 128 px follows a slider"
SIDE, ROWS, DRAWS = 128, 6, 6
SERVER_SECONDS, VISIBLE_SECONDS = 0.150, 0.500
WARM_UP, CHANGES = 50, 500
GROWTH_MEGABYTES = 10  # a leak of half a wall per change would be 50
# Begins when the slider gets the key, ends with the frame after the one that paints the new wall.
WATCH = """(face) => {
  window.walls = [];
  let [begun, shown] = [null, face.style.backgroundImage];
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input[type=range]")) begun = performance.now();
  }, true);
  new MutationObserver(async () => {
    const url = face.style.backgroundImage;
    if (begun === null || url === shown) return;
    const start = begun;
    [begun, shown] = [null, url];
    const image = new Image();
    image.src = url.slice(5, -2);
    await image.decode();
    requestAnimationFrame(() => requestAnimationFrame(() =>
      window.walls.push((performance.now() - start) / 1000)));
  }).observe(face, {attributes: true, attributeFilter: ["style"]});
}"""


def measure(quick: bool = False) -> list[Row]:
    rows = [_drawn(name, 1 if quick else 9) for name in ("butterflies", "strong", "microscopy")]
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 12 if quick else 120)
        with (
            app_server(workspace.root, module="benchmarks.timed_server") as server,
            chromium() as browser,
        ):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            open_page(page, f"{server.url}/augmentation?dataset={DATASET}&size={SIDE}")
            changes, warm_up = (5, 2) if quick else (CHANGES, WARM_UP)
            return rows + follow_a_slider(server, page, changes, warm_up)


def _drawn(preset: str, rounds: int) -> Row:
    """Seconds in which the wall is drawn for, varied and encoded."""
    from ui.components.tile_wall import wall_data
    from ui.galleries import Tile

    pictures = list(np.random.default_rng(0).integers(0, 256, (ROWS, SIDE, SIDE, 3), np.uint8))
    seconds = []
    for seed in range(rounds + 1):
        start = time.perf_counter()
        shown = wall(pictures, PRESETS[preset], seed, DRAWS).pictures
        wall_data([Tile(one, "") for row in shown for one in row], DRAWS)
        seconds.append(time.perf_counter() - start)
    return share_of(f"{preset}: drawn and encoded", (seconds[1:], [SERVER_SECONDS]), 1)


def follow_a_slider(
    server: AppServer, page: Page, changes: int, warm_up: int = WARM_UP
) -> list[Row]:
    """A slider is moved by key, again and again; the server and the page take the time.

    Args:
        server: Where `benchmarks.timed_server` started it, its own times are a row, too.
        changes: How many moves count, after `warm_up` that do not.
    """
    slider, face = page.get_by_role("slider").first, page.locator(".face").nth(1)
    page.evaluate(WATCH, face.element_handle())
    _move(page, slider, 0, warm_up)
    settle(page)
    before, runs = server.resident_megabytes(), len(run_seconds(server.log))
    _move(page, slider, warm_up, warm_up + changes)
    settle(page)
    after = server.resident_megabytes()
    visible = page.evaluate("window.walls")[warm_up:]
    server_time = run_seconds(server.log)[runs:]
    rows = [
        share_of("slider to visible wall", (visible, [VISIBLE_SECONDS]), 1),
        Row(
            f"server's memory after {changes} changes, beyond what it was before them",
            after,
            before,
            "MB",
            after - before,
            GROWTH_MEGABYTES,
            at_least=False,
        ),
    ]
    if server_time:
        said = share_of("server's run of the script", (server_time, [SERVER_SECONDS]), 1)
        rows.insert(0, said)
    return rows


def _move(page: Page, slider: Locator, first: int, end: int) -> None:
    """One step at a time, each after the wall has followed the one before."""
    for number in range(first, end):
        slider.press("ArrowRight" if number // 20 % 2 else "ArrowLeft", no_wait_after=True)
        page.wait_for_function(f"window.walls.length > {number}", timeout=60_000)
