"""Searches a learning rate: trains for a moment while the rate rises, and throws that away."""

import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.datasets.manifest import Dataset, open_dataset
from core.datasets.prepared import Prepared, prepare
from core.errors import LoupeError
from core.models.backbones import Backbone
from core.models.builder import build
from core.reporter import Reporter
from core.training.batches import FollowEpochs
from core.training.callbacks import Logs, synchronise
from core.training.device import device_name
from core.training.frozen import head_and_batches
from core.training.holding_back import hold_back
from core.training.learning import Batches, weights_for
from core.training.objective import make_trainer
from core.training.rate_curve import (
    EXPLODED,
    FILE,
    HIGHEST_RATE,
    LOWEST_RATE,
    RateCurve,
    rate_curve,
)
from core.training.recipes import Recipe
from core.training.runs import Run, RunConfig, require_trainable
from core.training.schedule import rate_in_words
from core.training.split_batches import split_batches
from core.workspace import Workspace, write_json

MOST_STEPS, FEWEST_STEPS = 100, 40
# Networks that are slow get fewer steps, so that nobody waits much longer than this.
AIM_SECONDS = 25.0
# The first step builds the program; from those after it the others are foreseen.
TIMED_STEPS = 3
# How much of the running mean stays at each step; it only decides when to give up.
RUNNING_MEAN = 0.7
PHASE = "Trying learning rates"


def find_rate(folder: Path, reporter: Reporter, dataset: str, recipe: dict[str, Any]) -> dict:
    """A job: a range test with the batches, network and optimizer of a training.

    What it finds is kept as `rates.json` in `folder`; the weights are thrown away.

    Args:
        dataset: Name of the data set.
        recipe: A `Recipe` as `model_dump(mode="json")` gives it.

    Returns:
        suggestion (None where the curve tells nothing), sentence, steps, exploded.

    Raises:
        LoupeError: If the data or the recipe do not allow a training.
        Stopped: If it was asked to stop.
    """
    opened = open_dataset(Workspace(folder.parent.parent), dataset)
    config = _as_run(opened, Recipe.model_validate(recipe))
    require_trainable(opened, config.recipe)
    reporter.update(device=device_name())
    reporter.phase("Preparing photos")
    prepared = prepare(opened, config.recipe.picture, reporter)
    reporter.phase("Building the network")
    opened = hold_back(Run(folder), config.recipe.training, opened)
    network, batches = _network_and_batches(config, opened, prepared, reporter)
    reporter.phase(PHASE)
    curve = try_rates(config.recipe, network, batches, reporter)
    write_json(folder / FILE, curve.model_dump(mode="json"))
    return {
        "suggestion": curve.suggestion.rate,
        "sentence": curve.suggestion.sentence,
        "steps": len(curve.rates),
        "exploded": curve.exploded,
    }


def try_rates(
    recipe: Recipe, network: keras.Model, batches: Batches, reporter: Reporter
) -> RateCurve:
    """Trains `network` while the rate rises from `LOWEST_RATE` to `HIGHEST_RATE`."""
    # An average of the weights does not change how they learn, and doubt comes later.
    unneeded = {"weight_averaging": 0.0, "doubt_labels": None}
    training = recipe.training.model_copy(update=unneeded)
    trainer = make_trainer(training, network, weights_for(training, network, batches))
    rising = Rising(reporter)
    trainer.fit(
        batches,
        epochs=-(-MOST_STEPS // len(batches)),
        callbacks=[FollowEpochs(batches), rising],
        shuffle=False,
        verbose=0,
    )
    return rate_curve(
        rising.rates,
        rising.losses,
        rising.exploded,
        recipe.training,
        round(time.perf_counter() - rising.begun, 2),
    )


class Rising(keras.callbacks.Callback):
    """Sets a rate before every step and notes the loss of its batch; ends an exploded training.

    Attributes:
        rates, losses: One of each for every step made.
        exploded: Whether the loss grew beyond all bounds.
        begun: When the first step began, by `time.perf_counter`.
    """

    def __init__(self, reporter: Reporter):
        super().__init__()
        self.rates: list[float] = []
        self.losses: list[float] = []
        self.exploded = False
        self.begun = 0.0
        self._reporter, self._steps, self._timed_from = reporter, MOST_STEPS, 0.0
        self._mean, self._lowest = 0.0, float("inf")

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.begun = self.begun or time.perf_counter()
        synchronise(self.model)
        # Keras would hand over the mean of the epoch so far; wanted is this batch's own.
        self.model.reset_metrics()
        share = len(self.rates) / (self._steps - 1)
        self.rates.append(float(LOWEST_RATE * (HIGHEST_RATE / LOWEST_RATE) ** share))
        self.model.optimizer.learning_rate = self.rates[-1]

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.losses.append(float((logs or {})["loss"]))
        done = len(self.losses)
        self._foresee(done)
        self.exploded = self._is_beyond_bounds()
        self._reporter(done, self._steps, f"{PHASE}: {rate_in_words(self.rates[-1])}")
        if self.exploded or done >= self._steps:
            self.model.stop_training = True

    def _foresee(self, done: int) -> None:
        """After a few steps: how many there is time for."""
        if done == 1:
            self._timed_from = time.perf_counter()
        if done == 1 + TIMED_STEPS:
            seconds = (time.perf_counter() - self._timed_from) / TIMED_STEPS
            possible = int(AIM_SECONDS / seconds) if seconds else MOST_STEPS
            self._steps = min(MOST_STEPS, max(FEWEST_STEPS, possible))

    def _is_beyond_bounds(self) -> bool:
        loss, done = self.losses[-1], len(self.losses)
        if not np.isfinite(loss):
            return True
        self._mean = RUNNING_MEAN * self._mean + (1 - RUNNING_MEAN) * loss
        mean = self._mean / (1 - RUNNING_MEAN**done)
        self._lowest = min(self._lowest, mean)
        return mean > EXPLODED * self._lowest


def _network_and_batches(
    config: RunConfig, dataset: Dataset, prepared: Prepared, reporter: Reporter
) -> tuple[keras.Model, Batches]:
    """What a training would train, and on what."""
    recipe = config.recipe
    if isinstance(recipe.architecture, Backbone):
        return head_and_batches(config, dataset, prepared, reporter)
    keras.utils.set_random_seed(recipe.training.seed)
    batches = split_batches(config, dataset, prepared, "train")
    if batches is None:
        raise LoupeError(
            f"{dataset.title!r} has no training photos.", "Move some photos to the split 'train'."
        )
    classes = len(config.class_names)
    shape, rescale = recipe.picture.shape, recipe.augmentation.rescale
    return build(recipe.architecture, shape, classes, rescale), batches


def _as_run(dataset: Dataset, recipe: Recipe) -> RunConfig:
    """The configuration that a run would have; none is made."""
    return RunConfig(
        run="",
        title="",
        dataset=dataset.name,
        dataset_version=dataset.version,
        class_names=dataset.class_names,
        recipe=recipe,
        created="",
    )
