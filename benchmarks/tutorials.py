"""The tutorials' own code against our recipes: same network, photos, batches and epochs.

The tutorials' way is what their texts say, on today's Keras: the legacy `ImageDataGenerator` with
`flow_from_directory`, a plain `compile` and `fit`. Plain `compile` lets Keras decide about XLA,
and Keras uses it; rows of their own show the same without: how much of a ratio is that alone.
Ours is a training as the page starts it: `core.training.worker.fit` with its reports, diary and
saving. Counted are whole epochs after the first, validation included: the first epoch holds what
Keras prepares. In turns in one run, wall-clock and processor time.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.augment import legacy_generator
from benchmarks.measure import Row, spread_of
from benchmarks.photos import photo_folder
from core.datasets.dataset import Dataset
from core.datasets.importing import import_dataset
from core.datasets.prepared import prepare
from core.jobs import create_job, read_status
from core.progress import silent
from core.reporter import Reporter
from core.status import JobStatus
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.runs import Run, RunConfig
from core.workspace import open_workspace

TITLE = "The tutorials' own code against our recipes, photos a second over whole epochs"
CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}


@dataclass(frozen=True)
class Case:
    """One tutorial.

    Attributes:
        photos: How many to learn from at most, half of either class.
        checked: How many to validate with.
        epochs: How many are counted; one more is trained.
    """

    recipe: str
    photos: int
    checked: int
    epochs: int
    rounds: int
    target: float


CASES = (
    Case("butterflies", 960, 160, 3, 5, 1.9),
    Case("dragonflies", 64, 32, 1, 3, 1.25),
)
QUICK = (Case("butterflies", 48, 16, 1, 1, 1.9),)

# The moments at which epochs ended: wall-clock and processor time.
Moments = list[tuple[float, float]]
Way = Callable[[], Moments]


def measure(quick: bool = False) -> list[Row]:
    chosen = os.environ.get("LOUPE_BENCH_ONLY", "butterflies,dragonflies").split(",")
    cases = QUICK if quick else CASES
    return [row for case in cases if case.recipe in chosen for row in _measured(case)]


def _measured(case: Case) -> list[Row]:
    recipe = apply_overrides(get_recipe(case.recipe), {"epochs": case.epochs + 1})
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        drawn = photo_folder(folder / "drawn", 3 * (case.photos + case.checked) // 2)
        split = _split_folders(drawn, folder / "split", case)
        # Photos of one's own may be fewer.
        case = replace(case, photos=len(list(split.glob("train/*/*"))))
        dataset = import_dataset(open_workspace(folder / "workspace"), split, "photos")
        ways = {
            "ours": our_way(recipe, dataset, folder),
            "theirs": their_way(recipe, split, "auto"),
            "without XLA": their_way(recipe, split, False),
        }
        speeds = _in_turns(ways, case)
    return [row for other in ("theirs", "without XLA") for row in _rows(case, speeds, other)]


def _in_turns(ways: dict[str, Way], case: Case) -> dict[str, list[tuple[float, float]]]:
    """Photos per second, by wall clock and by processor time, of each way in every round."""
    names = list(ways)
    speeds: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for number in range(case.rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            ends = ways[name]()
            seconds = np.subtract(ends[-1], ends[0])
            speeds[name].append(tuple(case.epochs * case.photos / seconds))
        told = ", ".join(f"{name} {speeds[name][-1][0]:.1f}" for name in names)
        print(f"{case.recipe}, round {number + 1}: {told} photos a second", flush=True)
    return speeds


def _rows(case: Case, speeds: dict[str, list[tuple[float, float]]], other: str) -> list[Row]:
    rows = []
    for place, clock in enumerate(CLOCKS):
        ours, theirs = ([pair[place] for pair in speeds[name]] for name in ("ours", other))
        ratios = [our / their for our, their in zip(ours, theirs, strict=True)]
        words = f"{case.recipe}, {case.photos} photos, {clock} time"
        words += ", their Keras without XLA" if other == "without XLA" else ""
        row = Row(words, median(ours), median(theirs), "/s", median(ratios), case.target, True)
        rows.append(replace(row, spread=spread_of(ratios)))
    return rows


def _split_folders(photos: Path, folder: Path, case: Case) -> Path:
    """`folder/train/CLASS` and `folder/validation/CLASS`, as the tutorials want it: two classes."""
    classes = sorted(path for path in photos.iterdir() if path.is_dir())[:2]
    for each in classes:
        files = sorted(each.iterdir())
        checked, learnt = case.checked // 2, case.photos // 2
        for split, part in (
            ("validation", files[:checked]),
            ("train", files[checked : checked + learnt]),
        ):
            place = folder / split / each.name
            place.mkdir(parents=True)
            for file in part:
                shutil.copy(file, place)
    return folder


def our_way(recipe: Recipe, dataset: Dataset, folder: Path) -> Way:
    """A training of `recipe` as the page starts it."""
    from core.training.worker import fit

    prepared = prepare(dataset, recipe.picture, silent)
    config = RunConfig(
        run="benchmark",
        title="benchmark",
        dataset=dataset.name,
        dataset_version=dataset.version,
        class_names=dataset.class_names,
        recipe=recipe,
        created="",
    )

    def train() -> Moments:
        run = Run(folder / "workspace" / "runs" / "benchmark")
        shutil.rmtree(run.folder, ignore_errors=True)
        create_job(run.folder, "core.training.worker:train_run", {}, "benchmark")
        reporter = _EpochEnds(run.folder, read_status(run.folder))
        fit(run, config, dataset, prepared, reporter)
        return reporter.moments

    return train


class _EpochEnds(Reporter):
    """Notes when it is told of an epoch."""

    def __init__(self, folder: Path, status: JobStatus):
        super().__init__(folder, status)
        self.moments: Moments = []

    def update(self, **fields: Any) -> None:
        super().update(**fields)
        if "epoch" in fields.get("extra", {}):
            self.moments.append(_now())


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def their_way(recipe: Recipe, split: Path, jit_compile: str | bool) -> Way:
    """The text's own code on the photos below `split`."""
    import keras

    from core.models.builder import build

    grey = recipe.picture.color_mode == "grayscale"
    training = recipe.training

    def flow(part: str, generator: Any) -> Any:
        return generator.flow_from_directory(
            str(split / part),
            target_size=recipe.picture.image_size,
            color_mode="grayscale" if grey else "rgb",
            class_mode="binary",
            batch_size=training.batch_size,
        )

    def train() -> Moments:
        # Theirs gets pictures that the generator has rescaled.
        layers = build(recipe.architecture, recipe.picture.shape, 2).layers[2:]
        model = keras.Sequential([keras.Input(recipe.picture.shape), *layers])
        loss = "binary_crossentropy" if model.output_shape[-1] == 1 else None
        model.compile(
            loss=loss or "sparse_categorical_crossentropy",
            optimizer=training.optimizer,
            metrics=["accuracy"],
            jit_compile=jit_compile,
        )
        learnt = flow("train", _generator(recipe, varied=True))
        checked = flow("validation", _generator(recipe, varied=False))
        moments: Moments = []
        noted = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: moments.append(_now()))
        epochs = training.epochs
        model.fit(learnt, epochs=epochs, validation_data=checked, callbacks=[noted], verbose=0)
        return moments

    return train


def _generator(recipe: Recipe, varied: bool) -> Any:
    """Keras' generator as the texts set it: the butterflies' transforms, or a mirror alone."""
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    if varied and recipe.name == "butterflies":
        return legacy_generator(recipe.augmentation)
    return ImageDataGenerator(rescale=1 / 255, horizontal_flip=varied)
