"""A training epoch through our pipeline against bare `model.fit` on arrays in memory."""

import time

import numpy as np

from benchmarks.measure import Row, times_as_fast
from core.augmentation.recipe import NO_AUGMENTATION
from core.training.recipes import get_recipe

TITLE = "A training epoch of the butterfly net with augmentation, against bare model.fit"
TARGET = 0.95
NUM_CLASSES = 10


def measure(quick: bool = False) -> list[Row]:
    count, rounds = (64, 1) if quick else (960, 4)
    recipe = get_recipe("butterflies")
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (count, *recipe.picture.shape), np.uint8)
    labels = rng.integers(0, NUM_CLASSES, count)
    ours, theirs = our_epochs(recipe, pictures, labels), bare_epochs(recipe, pictures, labels)
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        seconds[0].extend(ours(2))
        seconds[1].extend(theirs(2))
        seconds[1].extend(theirs(2))
        seconds[0].extend(ours(2))
    case = f"{recipe.picture.image_size[0]} px, {count} photos, batches of {batch_size(recipe)}"
    return [times_as_fast(case, seconds, TARGET)]


def batch_size(recipe) -> int:
    return recipe.training.batch_size


def our_epochs(recipe, pictures: np.ndarray, labels: np.ndarray):
    """A function that trains for some epochs and returns the seconds of all but the first."""
    from core.training.batches import AugmentedBatches, FollowEpochs

    batches = AugmentedBatches(
        pictures,
        np.arange(len(pictures)),
        labels,
        recipe.augmentation,
        seed=0,
        batch_size=batch_size(recipe),
    )
    model = _compiled(recipe)
    return lambda epochs: _seconds_per_epoch(
        model, epochs, x=batches, shuffle=False, callbacks=[FollowEpochs(batches)]
    )


def bare_epochs(recipe, pictures: np.ndarray, labels: np.ndarray):
    """As `our_epochs`, with float32 arrays in memory and nothing done to them."""
    model = _compiled(recipe.model_copy(update={"augmentation": NO_AUGMENTATION}))
    arrays = pictures.astype(np.float32)
    return lambda epochs: _seconds_per_epoch(
        model, epochs, x=arrays, y=labels, batch_size=batch_size(recipe), callbacks=[]
    )


def _compiled(recipe):
    from core.models.builder import build

    model = build(recipe.architecture, recipe.picture.shape, NUM_CLASSES)
    model.compile(recipe.training.optimizer, "sparse_categorical_crossentropy", ["accuracy"])
    return model


def _seconds_per_epoch(model, epochs: int, callbacks: list, **arguments) -> list[float]:
    """Trains one epoch more than asked for: the first has Keras' own preparations in it."""
    import keras

    times: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: times.append(-time.perf_counter()),
        on_epoch_end=lambda epoch, logs: times.append(times.pop() + time.perf_counter()),
    )
    model.fit(epochs=epochs + 1, verbose=0, callbacks=[*callbacks, clock], **arguments)
    return times[1:]
