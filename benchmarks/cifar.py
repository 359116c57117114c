"""The small network of ours against the tutorial's on CIFAR-10, at equal processor time.

Needs CIFAR-10 in LOUPE_BENCH_CIFAR: a folder or an archive with `train` and `test`, a folder per
class in each. About 19 minutes on two quiet cores. LOUPE_BENCH_ONLY=equal or five-minutes
measures one half; on a busy machine LOUPE_BENCH_PROCESSOR_SECONDS says how many processor
seconds are to stand for the five minutes.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any
from unittest.mock import patch

from benchmarks.measure import Row
from core.datasets.importing import import_dataset
from core.datasets.splits import SplitShares
from core.evaluation.mirrored_results import evaluate_mirrored
from core.jobs import read_status
from core.reporter import Reporter
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.training.schedule import Clock
from core.workspace import Workspace, open_workspace

TITLE = "CIFAR-10, 10,000 photos: test accuracy of the small network and of the tutorial's"
DATASET, OURS, THEIRS = "cifar10", "small-cnn", "cifar10-colour"
SEEDS, LONG_SEEDS = (0, 1, 2), (0, 1)
LONG_SECONDS = 300.0
FEW = 1_000


@dataclass(frozen=True)
class Trained:
    """How one training ended.

    Attributes:
        accuracy: The share of the test photos that it got right, 0..1.
        mirrored: The same with the mean over each photo and its mirror image.
        learning: Seconds from the first step to the last, by the training's clock.
        processor: Processor seconds of all cores, building the network included.
    """

    accuracy: float
    mirrored: float
    learning: float
    processor: float
    epochs: int


def measure(quick: bool = False) -> list[Row]:
    source = os.environ.get("LOUPE_BENCH_CIFAR")
    if source is None:
        print("CIFAR-10 is needed in LOUPE_BENCH_CIFAR: nothing is measured.")
        return []
    only = os.environ.get("LOUPE_BENCH_ONLY", "equal,five-minutes").split(",")
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Path(folder) / "workspace")
        # All photos of `train` are learnt from, none kept for validation: nothing is chosen.
        import_dataset(
            workspace, Path(source), DATASET, SplitShares(train=85, validation=0, test=15)
        )
        _train(workspace, OURS, 0, {"epochs": 1}, few=True)  # warms TensorFlow
        rows = equal_time(workspace, quick) if "equal" in only else []
        return rows + (five_minutes(workspace, quick) if "five-minutes" in only else [])


def equal_time(workspace: Workspace, quick: bool) -> list[Row]:
    """The tutorial's own epochs, and ours for exactly the processor time that they took."""
    ours, theirs = [], []
    for seed in SEEDS[:1] if quick else SEEDS:
        with processor_clock():
            theirs.append(_train(workspace, THEIRS, seed, {}, quick))
            budget = theirs[-1].learning
            ours.append(_train(workspace, OURS, seed, {"budget_seconds": budget}, quick))
    case = f"{mean(one.learning for one in theirs):.0f} processor seconds, {len(ours)} seeds"
    return [_against(case, ours, theirs, 1.10)]


def five_minutes(workspace: Workspace, quick: bool) -> list[Row]:
    """Ours for five minutes of this machine, and the tutorial's for as much processor time."""
    instead = os.environ.get("LOUPE_BENCH_PROCESSOR_SECONDS")
    budget = 3.0 if quick else float(instead or LONG_SECONDS)
    ours = []
    for seed in LONG_SEEDS[:1] if quick else LONG_SEEDS:
        with processor_clock() if instead else nullcontext():
            ours.append(_train(workspace, OURS, seed, {"budget_seconds": budget}, quick))
    seconds = mean(one.processor for one in ours)
    with processor_clock():
        theirs = _train(workspace, THEIRS, 0, {"budget_seconds": seconds}, quick)
    plain, mirrored = mean(one.accuracy for one in ours), mean(one.mirrored for one in ours)
    how = f"{'' if instead else f'{budget:.0f} s, '}{seconds:.0f} processor seconds"
    same = 100 * theirs.accuracy
    return [
        Row(f"{how}, {len(ours)} seeds", 100 * plain, same, "%", plain, 0.77, True, _spread(ours)),
        Row(f"{how}, asked mirrored, too", 100 * mirrored, same, "%", mirrored, 0.77, True),
    ]


def _against(case: str, ours: list[Trained], theirs: list[Trained], target: float) -> Row:
    pairs = [one.accuracy / other.accuracy for one, other in zip(ours, theirs, strict=True)]
    mine, other = (mean(one.accuracy for one in side) for side in (ours, theirs))
    spread = (min(pairs), max(pairs)) if len(pairs) > 1 else None
    return Row(case, 100 * mine, 100 * other, "%", mine / other, target, True, spread)


def _spread(found: list[Trained]) -> tuple[float, float] | None:
    shares = [one.accuracy for one in found]
    return (min(shares), max(shares)) if len(shares) > 1 else None


def _train(
    workspace: Workspace, name: str, seed: int, overrides: dict[str, Any], few: bool
) -> Trained:
    from core.datasets.manifest import open_dataset
    from core.datasets.prepared import prepare
    from core.progress import silent
    from core.training.worker import fit

    recipe = apply_overrides(get_recipe(name), overrides | {"seed": seed})
    run = create_run(workspace, DATASET, recipe)
    reporter = Reporter(run.folder, read_status(run.folder))
    dataset = open_dataset(workspace, DATASET)
    prepared = prepare(dataset, recipe.picture, silent)
    if few:
        photos = dataset.split("train").sample(FEW, random_state=seed)
        dataset = replace(dataset, manifest=photos)
    begun, wall = time.process_time(), time.perf_counter()
    result = fit(run, run.config, dataset, prepared, reporter)
    seconds, wall = time.process_time() - begun, time.perf_counter() - wall
    tested = evaluate_mirrored(run)
    found = Trained(
        accuracy=tested["plain"]["accuracy"],
        mirrored=tested["mirrored"]["accuracy"],
        learning=result["seconds"],
        processor=seconds,
        epochs=result["epochs"],
    )
    print(
        f"{name}, seed {seed}: {found.accuracy:.2%}, mirrored {found.mirrored:.2%}, "
        f"{found.epochs} epochs, {seconds:.0f} processor seconds in {wall:.0f} s",
        flush=True,
    )
    return found


@contextmanager
def processor_clock() -> Iterator[None]:
    """Within it a time budget is one of processor seconds, of all cores together."""
    with patch.object(Clock, "now", staticmethod(time.process_time)):
        yield
