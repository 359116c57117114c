"""Look inside, in Chromium: from a click to the visible atlas of a layer with 512 maps."""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from benchmarks.measure import Row, share_of
from benchmarks.timed_server import run_seconds
from benchmarks.workplace import DATASET, imported
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import Run, create_run
from core.workspace import Workspace
from tests.journeys.app_server import AppServer, app_server
from tests.journeys.browser import chromium, open_page, settle

TITLE = "Look inside: a click on a layer with 512 maps, to its atlas in Chromium"
MAPS, SIDE = 512, 64
ROUNDS = 12
SERVER_SECONDS, VISIBLE_SECONDS = 0.4, 1.5
# Begins with the click, ends with the frame after the one that paints the cells of the new atlas.
CLICK = """() => new Promise((told) => {
  performance.clearResourceTimings();
  const hosts = [...document.querySelectorAll('.st-key-inside-maps *')];
  const grid = hosts.map((one) => one.shadowRoot?.querySelector('[role=listbox]')).find(Boolean);
  const before = grid.getAttribute('aria-label');
  const button = document.querySelector('.st-key-inside-deeper button');
  const begun = performance.now();
  const watcher = new MutationObserver(async () => {
    if (grid.getAttribute('aria-label') === before || !grid.children.length) return;
    watcher.disconnect();
    const image = new Image();
    image.src = grid.children[0].style.backgroundImage.slice(5, -2);
    await image.decode();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const fetched = performance.getEntriesByType('resource')
        .filter((one) => one.name.includes('/atlas/')).map((one) => one.duration / 1000);
      told({visible: (performance.now() - begun) / 1000, picture: Math.max(...fetched)});
    }));
  });
  watcher.observe(grid, {attributes: true, childList: true});
  button.click();
})"""


def measure(quick: bool = False) -> list[Row]:
    rounds = 2 if quick else ROUNDS
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 12)
        run = _wide_run(workspace, rounds + 2)
        with (
            app_server(workspace.root, module="benchmarks.timed_server") as server,
            chromium() as browser,
        ):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            address = f"/feature_maps?dataset={DATASET}&run={run.name}&view=maps&layer=wide_0"
            open_page(page, server.url + address, timeout=120)
            return _deeper(server, page, rounds)


def _wide_run(workspace: Workspace, layers: int) -> Run:
    """An untrained network with that many layers of 512 maps: looking at it takes as long."""
    import keras

    recipe = apply_overrides(get_recipe("small-cnn"), {"picture.image_size": f"{SIDE}x{SIDE}"})
    run = create_run(workspace, DATASET, recipe, "wide")
    picture = keras.Input((SIDE, SIDE, 3))
    maps = keras.layers.Rescaling(1 / 255)(picture)
    maps = keras.layers.Conv2D(MAPS, 4, strides=4, activation="relu", name="wide_0")(maps)
    for number in range(1, layers):
        maps = keras.layers.Conv2D(MAPS, 1, activation="relu", name=f"wide_{number}")(maps)
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    answer = keras.layers.Dense(len(run.config.class_names), "softmax")(pooled)
    keras.Model(picture, answer).save(run.model_path)
    return run


def _deeper(server: AppServer, page: Page, rounds: int) -> list[Row]:
    """Each click opens a layer that was not drawn before; the first one warms the page up."""
    seen: list[dict[str, float]] = []
    scripts: list[float] = []
    for _ in range(rounds + 1):
        settle(page)
        before = len(run_seconds(server.log))
        seen.append(page.evaluate(CLICK))
        settle(page)
        scripts.append(sum(run_seconds(server.log)[before:]))
    pairs = list(zip(scripts[1:], seen[1:], strict=True))
    both = [script + one["picture"] for script, one in pairs]
    visible = [one["visible"] for _, one in pairs]
    print(
        f"script runs {median(scripts[1:]):.3f} s, the picture's request "
        f"{median(one['picture'] for _, one in pairs):.3f} s"
    )
    case = f"click on a layer with {MAPS} maps of {SIDE // 4} × {SIDE // 4}"
    return [
        share_of(f"{case}: server and engine", (both, [SERVER_SECONDS]), 1),
        share_of(f"{case}: visible in Chromium", (visible, [VISIBLE_SECONDS]), 1),
    ]
