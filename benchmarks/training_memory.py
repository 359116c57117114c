"""The memory that a training is reckoned to take, against what its process really held."""

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import Row
from benchmarks.process_memory import Peak
from benchmarks.workplace import DATASET, imported
from core.datasets.manifest import open_dataset
from core.launcher import get_fork_server, launch, warm_up
from core.memory import GIGABYTE
from core.status import State
from core.training.memory import ERROR, memory_needed, photos_of
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import Workspace

TITLE = "Memory of a training: reckoned beforehand, against the peak of its process"
PHOTOS, QUICK_PHOTOS = 400, 30
RANDOM = {"weights": "random"}
# From small to large in pictures, batches, weights; each seconds to a minute on two cores.
CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("small-cnn", {"image_size": "32x32"}),
    ("small-cnn", {"image_size": "64x64", "batch_size": 256}),
    ("small-cnn", {"image_size": "128x128", "batch_size": 128}),
    ("resnet", {"image_size": "96x96", "batch_size": 128}),
    ("cifar10-colour", {"batch_size": 128}),
    ("mobilenet-v2", {"image_size": "96x96"} | RANDOM),
    ("mobilenet-v2", {"image_size": "224x224"} | RANDOM),
    ("mobilenet-v2", {"image_size": "128x128", "unfreeze_from": "block_6"} | RANDOM),
    ("resnet50-v2", {"image_size": "96x96"} | RANDOM),
    ("small-cnn", {"image_size": "224x224", "batch_size": 64}),
    ("dragonflies", {"batch_size": 32}),
)


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), QUICK_PHOTOS if quick else PHOTOS)
        warm_up()
        try:
            return [_case(workspace, *case) for case in (CASES[:1] if quick else CASES)]
        finally:
            get_fork_server().close()


def _case(workspace: Workspace, name: str, changes: dict[str, Any]) -> Row:
    recipe = apply_overrides(get_recipe(name), {"epochs": 1})
    recipe = apply_overrides(recipe, changes)
    if changes.get("unfreeze_from"):
        recipe = apply_overrides(recipe, {"unfrozen_epochs": 1})
    dataset = open_dataset(workspace, DATASET)
    need = memory_needed(recipe, len(dataset.class_names), photos_of(dataset)) / GIGABYTE
    run = create_run(workspace, DATASET, recipe)
    launch(run.folder)
    with Peak(run.folder) as peak:
        while not run.status().state.is_over:
            time.sleep(0.1)
    if run.status().state is not State.FINISHED:
        raise RuntimeError(f"The training ended: {run.status()}")
    real = peak.anonymous * 2**20 / GIGABYTE
    words = ", ".join(f"{key} {value}" for key, value in changes.items())
    apart = max(real / need, need / real)
    return Row(f"{name}: {words}", need, real, "GB", apart, 1 + ERROR, at_least=False)
