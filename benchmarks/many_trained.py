"""The memory of a training with 100,000 photos, against that with 10,000."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import Row
from benchmarks.process_memory import Peak
from core.datasets.importing import import_dataset
from core.datasets.prepared import prepare
from core.images import encode_png
from core.launcher import get_fork_server, launch, warm_up
from core.status import State
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import Workspace, open_workspace

TITLE = "Peak memory of a training's process with 100,000 photos, against 10,000"
TARGET = 1.15
FEW, MANY = 10_000, 100_000
QUICK_FEW, QUICK_MANY = 60, 300
SIDE = 32
CLASSES = ("bars", "grain", "spots")
# Both train for as long, so that what piles up with time piles up in both.
SECONDS = 20.0
RECIPES: dict[str, tuple[str, dict[str, str | float]]] = {
    "small-cnn, 32 px": ("small-cnn", {"image_size": f"{SIDE}x{SIDE}"}),
    "frozen mobilenet-v2 (random weights), 32 px": (
        "mobilenet-v2",
        {"image_size": f"{SIDE}x{SIDE}", "weights": "random", "width": 0.35},
    ),
}


def measure(quick: bool = False) -> list[Row]:
    counts = (QUICK_FEW, QUICK_MANY) if quick else (FEW, MANY)
    with tempfile.TemporaryDirectory() as temporary:
        workspace = open_workspace(Path(temporary) / "workspace")
        names = [_drawn(workspace, Path(temporary), count) for count in counts]
        warm_up()
        try:
            return [
                row
                for words, (name, changes) in RECIPES.items()
                for row in _compared(workspace, names, words, name, changes, quick)
            ]
        finally:
            get_fork_server().close()


def _compared(
    workspace: Workspace,
    names: list[str],
    words: str,
    recipe_name: str,
    changes: dict[str, str | float],
    quick: bool,
) -> Iterator[Row]:
    recipe = apply_overrides(
        get_recipe(recipe_name), changes | {"budget_seconds": 2.0 if quick else SECONDS}
    )
    few, many = (_trained(workspace, name, recipe) for name in names)
    own = many.anonymous / few.anonymous
    yield Row(
        f"{words}: the process's own (anonymous) memory",
        many.anonymous,
        few.anonymous,
        "MB",
        own,
        TARGET,
        at_least=False,
    )
    whole = many.total / few.total
    yield Row(
        f"{words}: the same with the pages of mapped files, which the system takes back at will",
        many.total,
        few.total,
        "MB",
        whole,
        TARGET,
        at_least=False,
    )


def _trained(workspace: Workspace, name: str, recipe: Recipe) -> Peak:
    run = create_run(workspace, name, recipe)
    launch(run.folder)
    with Peak(run.folder) as peak:
        while not run.status().state.is_over:
            time.sleep(0.1)
    if run.status().state is not State.FINISHED:
        raise RuntimeError(f"The training ended: {run.status()}")
    return peak


def _drawn(workspace: Workspace, place: Path, count: int) -> str:
    """A data set of `count` small drawn pictures, no two the same, imported as any other."""
    folder = place / f"pictures-{count}"
    for label in CLASSES:
        (folder / label).mkdir(parents=True)
    for number in range(count):
        label = CLASSES[number % len(CLASSES)]
        data = encode_png(_picture(label, number))
        (folder / label / f"{number:06d}.png").write_bytes(data)
    dataset = import_dataset(workspace, folder, f"pictures {count}")
    shutil.rmtree(folder)
    prepare(
        dataset, apply_overrides(get_recipe("small-cnn"), RECIPES["small-cnn, 32 px"][1]).picture
    )
    return dataset.name


def _picture(label: str, seed: int) -> np.ndarray:
    """uint8 (32, 32, 3): bars, spots or grain in any two colours."""
    chance = np.random.default_rng(seed)
    picture = np.empty((SIDE, SIDE, 3), np.uint8)
    picture[:] = chance.integers(0, 120, 3)
    paint, step = chance.integers(120, 256, 3), int(chance.integers(3, 8))
    if label == "bars":
        picture[:, chance.integers(step) :: step] = paint
    elif label == "spots":
        picture[chance.integers(step) :: step, chance.integers(step) :: step] = paint
    else:
        picture[chance.random((SIDE, SIDE)) < 1 / step] = paint
    picture[0, :4] = np.frombuffer(int(seed).to_bytes(12, "little"), np.uint8).reshape(4, 3)
    return picture
