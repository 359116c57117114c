"""The augmentation lab: from a slider to the wall that follows it."""

import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from benchmarks.measure import Row, share_of
from benchmarks.poll import processor_seconds
from benchmarks.workplace import DATASET, imported
from core.augmentation.presets import PRESETS
from core.augmentation.preview import wall
from tests.journeys.app_server import AppServer, app_server
from tests.journeys.browser import chromium, open_page

TITLE = "The augmentation lab: a wall of 6 × 6 photos at 128 px follows a slider"
SIDE, ROWS, DRAWS = 128, 6, 6
SERVER_SECONDS, VISIBLE_SECONDS = 0.150, 0.500
MEMORY_MAY_GROW = 1.1
CHANGED = """(face) => new Promise((done) => {
  const [before, start] = [face.style.backgroundImage, performance.now()];
  const waits = () => face.style.backgroundImage === before && performance.now() - start < 10000;
  const look = () => waits() ? requestAnimationFrame(look)
    : requestAnimationFrame(() => done((performance.now() - start) / 1000));
  look();
})"""


def measure(quick: bool = False) -> list[Row]:
    rows = [_drawn(name, 1 if quick else 9) for name in ("butterflies", "strong", "microscopy")]
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 12 if quick else 120)
        with app_server(workspace.root) as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            open_page(page, f"{server.url}/augmentation?dataset={DATASET}&size={SIDE}")
            return rows + follow_a_slider(server, page, 5 if quick else 500)


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


def follow_a_slider(server: AppServer, page: Page, changes: int) -> list[Row]:
    """A slider is moved by key, again and again."""
    handle = page.get_by_role("slider").first
    face = page.locator(".face").nth(1).element_handle()
    visible, processor = [], []
    memory = 0.0
    for number in range(changes + 10):
        before = processor_seconds(server.process.pid)
        handle.press("ArrowRight" if number // 20 % 2 else "ArrowLeft", no_wait_after=True)
        visible.append(float(page.evaluate(CHANGED, face)))
        page.wait_for_timeout(60)
        processor.append(processor_seconds(server.process.pid) - before)
        memory = server.resident_megabytes() if number == 9 else memory
    after = server.resident_megabytes()
    return [
        share_of("server's processor per change", (processor[10:], [SERVER_SECONDS]), 1),
        share_of("slider to visible wall", (visible[10:], [VISIBLE_SECONDS]), 1),
        Row(
            f"memory after {changes} changes",
            after,
            memory,
            "MB",
            after / memory,
            MEMORY_MAY_GROW,
            at_least=False,
        ),
    ]
