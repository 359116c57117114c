"""A training epoch through our pipeline against bare `model.fit` on arrays in memory."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.measure import Row, times_as_fast
from core.jobs import create_job, read_status
from core.reporter import Reporter
from core.training.recipes import Recipe, get_recipe

TITLE = "A training epoch of the butterfly net with augmentation, against bare model.fit"
TARGET = 0.95
NUM_CLASSES = 10

Epochs = Callable[[int], list[float]]


def measure(quick: bool = False) -> list[Row]:
    count, rounds = (64, 1) if quick else (960, 8)
    recipe = get_recipe("butterflies")
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (count, *recipe.picture.shape), np.uint8)
    labels = rng.integers(0, NUM_CLASSES, count)
    seconds: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as temporary:
        ours = our_epochs(recipe, pictures, labels, Path(temporary) / "runs" / "benchmark")
        theirs = bare_epochs(recipe, pictures, labels)
        for _ in range(rounds):
            for epochs, kept in ((ours, 0), (theirs, 1), (theirs, 1), (ours, 0)):
                seconds[kept].extend(epochs(2))
    size = recipe.training.batch_size
    case = f"{recipe.picture.image_size[0]} px, {count} photos, batches of {size}"
    return [times_as_fast(case, seconds, TARGET)]


def our_epochs(recipe: Recipe, pictures: np.ndarray, labels: np.ndarray, folder: Path) -> Epochs:
    """A function that trains for some epochs and returns the seconds of all but the first.

    With the callbacks that follow a training: pace, reports to `folder`, epochs.
    """
    from core.training.batches import AugmentedBatches, FollowEpochs
    from core.training.callbacks import Pace, Report
    from core.training.schedule import Clock

    batches = AugmentedBatches(
        pictures,
        np.arange(len(pictures)),
        labels,
        recipe.augmentation,
        recipe.training.seed,
        recipe.training.batch_size,
    )
    model, training = _compiled(recipe), recipe.training
    create_job(folder, "core.training.worker:train_run", {}, "benchmark")
    reporter = Reporter(folder, read_status(folder))

    def train(epochs: int) -> list[float]:
        clock = Clock(training, len(batches))
        pace = Pace(training, clock, reporter)
        report = Report(training, clock, reporter, pace)
        callbacks = [FollowEpochs(batches), pace, report]
        return _seconds_per_epoch(model, epochs, callbacks, x=batches, shuffle=False)

    return train


def bare_epochs(recipe: Recipe, pictures: np.ndarray, labels: np.ndarray) -> Epochs:
    """As `our_epochs`, with float32 arrays in memory and nothing done to them."""
    model, arrays = _compiled(recipe), pictures.astype(np.float32)
    size = recipe.training.batch_size
    return lambda epochs: _seconds_per_epoch(model, epochs, [], x=arrays, y=labels, batch_size=size)


def _compiled(recipe: Recipe):
    from core.models.builder import build
    from core.training.objective import make_accuracy, make_loss, make_optimizer

    model = build(recipe.architecture, recipe.picture.shape, NUM_CLASSES)
    optimizer, loss = make_optimizer(recipe.training), make_loss(recipe.training, model)
    model.compile(optimizer, loss, metrics=[make_accuracy(model)], jit_compile=False)
    return model


def _seconds_per_epoch(model, epochs: int, callbacks: list, **arguments) -> list[float]:
    """Trains one epoch more than asked for: the first has Keras' own preparations in it."""
    import keras

    begun: list[float] = []
    seconds: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: begun.append(time.perf_counter()),
        on_epoch_end=lambda epoch, logs: seconds.append(time.perf_counter() - begun[-1]),
    )
    model.fit(epochs=epochs + 1, verbose=0, callbacks=[*callbacks, clock], **arguments)
    return seconds[1:]
