"""Look inside, with many people in it: a click, a hover, ten people at once, and the first use."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.maps import measure as all_layers
from benchmarks.measure import Row, share_of
from benchmarks.process_memory import memory_of
from core.engine import Engine
from core.images import encode_png
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import Run, create_run
from core.workspace import Workspace, open_workspace

TITLE = "Look inside: all layers in one pass, a click, a hover, ten people on ten models"
PEOPLE, HOVERS = 10, 200
CLICK_SECONDS, HOVER_SECONDS = 0.4, 0.1
FIRST_SECONDS = 5.0
PEOPLE_SECONDS, PEOPLE_MEGABYTES = 30.0, 1500.0
WIDE, MAPS = "wide", 512
WARM = "core.inspection.activations:warm"
ATLAS = "core.inspection.activations:atlas"
LAYERS = "core.inspection.looking:layers_of"
NEAR = "core.inspection.near:values_near"


def measure(quick: bool = False) -> list[Row]:
    from core.training.device import prepare_environment

    prepare_environment()
    rows = all_layers(quick)
    with tempfile.TemporaryDirectory() as temporary:
        workspace = open_workspace(Path(temporary) / "workspace")
        photo = encode_png(np.random.default_rng(0).integers(0, 256, (96, 96, 3), np.uint8))
        runs = _runs(workspace, 3 if quick else PEOPLE + 1)
        rows += _first_use(runs[0], photo)
        rows += _one_person(runs[0], photo, 3 if quick else HOVERS)
        rows += _many_people(runs[1:], photo, 2 if quick else 20)
    return rows


def _runs(workspace: Workspace, count: int) -> list[Run]:
    """Runs of a network with a layer of 512 maps, untrained: looking at it takes as long."""
    import keras

    from core.datasets.importing import import_dataset
    from core.models.builder import build
    from tests.conftest import draw_shape

    folder = workspace.root.parent / "photos"
    for label in ("disc", "frame"):
        (folder / label).mkdir(parents=True)
        for number in range(12):
            content = encode_png(draw_shape(label, number))
            (folder / label / f"{number}.png").write_bytes(content)
    import_dataset(workspace, folder, "shapes")
    recipe = apply_overrides(get_recipe("small-cnn"), {"picture.image_size": "64x64"})
    made = []
    for number in range(count):
        run = create_run(workspace, "shapes", recipe, f"model {number}")
        body = build(recipe.architecture, recipe.picture.shape, 2)
        last = next(one for one in reversed(body.layers) if len(one.output.shape) == 4)
        wide = keras.layers.Conv2D(MAPS, 3, padding="same", name=WIDE)(last.output)
        answer = keras.layers.Dense(2, "softmax")(keras.layers.GlobalAveragePooling2D()(wide))
        keras.Model(body.inputs, answer).save(run.model_path)
        made.append(run)
    return made


def _first_use(run: Run, photo: bytes) -> list[Row]:
    """What a visitor waits for; the engine is there already, as after the server's start."""
    folder, seconds = str(run.folder), {}
    for name in ("cold", "after warm-up"):
        engine = Engine()
        try:
            engine.call("core.workspace:slugify", "started")
            if name == "after warm-up":
                engine.call(WARM, folder)
            seconds[name] = _timed(partial(engine.call, LAYERS, folder, photo))
        finally:
            engine.close()
    limits = {"cold": FIRST_SECONDS, "after warm-up": CLICK_SECONDS}
    return [
        share_of(f"first look at a network, {name}", ([took], [limits[name]]), 1)
        for name, took in seconds.items()
    ]


def _one_person(run: Run, photo: bytes, hovers: int) -> list[Row]:
    """By way of the server's own functions, as the page and the route ask."""
    from ui.value_route import ask_near

    folder, engine = str(run.folder), _engine_of_the_server()
    engine.call(WARM, folder)
    shape = next(one["shape"] for one in engine.call(LAYERS, folder, photo) if one["name"] == WIDE)
    ask = partial(engine.call, ATLAS, folder, photo, WIDE)
    clicks = [_timed(ask) for _ in range(max(3, hovers // 10))]
    rng = np.random.default_rng(1)
    places = [tuple(int(rng.integers(side)) for side in shape) for _ in range(hovers)]
    answers = [_timed(partial(ask_near, folder, photo, WIDE, one, 2, 6, None)) for one in places]
    busy = ThreadPoolExecutor(1)
    others = [busy.submit(ask) for _ in range(max(2, hovers // 20))]
    beside = [_timed(partial(ask_near, folder, photo, WIDE, one, 2, 6, None)) for one in places]
    for other in others:
        other.result()
    busy.shutdown()
    late = float(np.quantile(answers, 0.95))
    return [
        share_of(f"click on a layer with {MAPS} maps, to its atlas", (clicks, [CLICK_SECONDS]), 1),
        share_of("hover answered, with 24 neighbours", (answers, [HOVER_SECONDS]), 1),
        share_of("hover answered, 95 of 100", ([late], [HOVER_SECONDS]), 1),
        share_of("hover answered while atlases are drawn", (beside, [HOVER_SECONDS]), 1),
    ]


def _many_people(runs: list[Run], photo: bytes, hovers: int) -> list[Row]:
    """Everybody opens a network of their own, looks at an atlas and points at values."""
    engine = Engine()
    try:
        engine.call("core.workspace:slugify", "started")
        before = _megabytes(engine)

        def look(run: Run) -> int:
            folder = str(run.folder)
            engine.call(WARM, folder)
            engine.call(LAYERS, folder, photo)
            sheet = engine.call(ATLAS, folder, photo, WIDE)
            near = [
                engine.call(NEAR, folder, photo, WIDE, (at % 4, at % 3, at), 2)
                for at in range(hovers)
            ]
            return sheet["count"] + len(near)

        begun = time.perf_counter()
        with ThreadPoolExecutor(len(runs)) as people:
            answered = list(people.map(look, runs))
        seconds = time.perf_counter() - begun
        grown = _megabytes(engine) - before
    finally:
        engine.close()
    right = sum(one == MAPS + hovers for one in answered)
    who = f"{len(runs)} people on {len(runs)} models"
    return [
        Row(f"{who}: answered", right, len(runs), "people", right / len(runs), 1, at_least=True),
        share_of(f"{who}: until the last one has seen all", ([seconds], [PEOPLE_SECONDS]), 1),
        Row(
            f"{who}: memory of the engine, beyond what it was",
            before + grown,
            before,
            "MB",
            grown,
            PEOPLE_MEGABYTES,
            at_least=False,
        ),
    ]


def _engine_of_the_server() -> Any:
    from ui import cache

    return cache.engine()


def _megabytes(engine: Engine) -> float:
    status = memory_of(engine.pid or 0)
    return status.get("RssAnon", 0.0) + status.get("RssShmem", 0.0)


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
