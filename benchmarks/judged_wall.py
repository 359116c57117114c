"""The augmentation lab with a model that judges: the wall and its answers follow a slider."""

import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from benchmarks.lab import DRAWS, ROWS, SIDE, VISIBLE_SECONDS, follow_a_slider
from benchmarks.measure import Row, share_of
from benchmarks.workplace import DATASET, imported
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import Run, create_run
from core.workspace import Workspace
from tests.journeys.app_server import app_server
from tests.journeys.browser import chromium, open_page

TITLE = "The lab's wall of 6 × 7 photos at 128 px with a model that judges (small modern network)"
ENGINE_SECONDS = 0.3  # what the page waits for before it is drawn without the answers
# Seconds until the wall changes, for who begins to wait before.
CHANGED = """(face) => new Promise((done) => {
  const [before, start] = [face.style.backgroundImage, performance.now()];
  const look = () => face.style.backgroundImage === before ? requestAnimationFrame(look)
    : requestAnimationFrame(() => done((performance.now() - start) / 1000));
  look();
})"""
ANSWERED = """() => [...document.querySelectorAll('.answer .label')]
  .every((label) => label.textContent !== '…')"""


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 12 if quick else 120)
        run = judge(workspace)
        rows = [_asked(run, 1 if quick else 15)]
        with (
            app_server(workspace.root, module="benchmarks.timed_server") as server,
            chromium() as browser,
        ):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            open_page(page, f"{server.url}/augmentation?dataset={DATASET}&judge={run.name}")
            page.get_by_text("Of 36 variations").wait_for(timeout=90_000)
            page.wait_for_timeout(2_000)  # until each step alone was asked about, too
            rows.append(_answers_visible(page, 2 if quick else 40))
            return rows + follow_a_slider(server, page, 5 if quick else 200)


def judge(workspace: Workspace) -> Run:
    """A run with a model that has learnt nothing: it takes as long to answer as any."""
    from core.models.builder import build

    size = {"picture.image_size": f"{SIDE}x{SIDE}"}
    run = create_run(workspace, DATASET, apply_overrides(get_recipe("small-cnn"), size))
    recipe, classes = run.config.recipe, len(run.config.class_names)
    build(recipe.architecture, recipe.picture.shape, classes).save(run.model_path)
    return run


def _asked(run: Run, rounds: int) -> Row:
    """Seconds in which the engine's function answers for the whole wall."""
    from core.evaluation.prediction import predict_pictures

    count = ROWS * (DRAWS + 1)
    pictures = np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)
    seconds = []
    for _ in range(rounds + 2):
        start = time.perf_counter()
        predict_pictures(str(run.folder), pictures)
        seconds.append(time.perf_counter() - start)
    return share_of("42 pictures answered", (seconds[2:], [ENGINE_SECONDS]), 1)


def _answers_visible(page: Page, changes: int) -> Row:
    """Seconds from a slider to a wall with all answers."""
    handle = page.get_by_role("slider").first
    face = page.locator(".face").nth(1).element_handle()
    seconds = []
    for number in range(changes):
        start = time.perf_counter()
        handle.press("ArrowRight" if number // 20 % 2 else "ArrowLeft", no_wait_after=True)
        page.evaluate(CHANGED, face)
        page.wait_for_function(ANSWERED)
        seconds.append(time.perf_counter() - start)
        page.wait_for_timeout(150)
    return share_of("slider to all answers", (seconds, [VISIBLE_SECONDS]), 1)
