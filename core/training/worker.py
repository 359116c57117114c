"""Trains one run folder: the unit of work, on this machine or on any that sees the workspace."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.datasets.manifest import Dataset, open_dataset
from core.datasets.prepared import Prepared, prepare
from core.errors import NothingToLearn
from core.evaluation.results import evaluate_run
from core.models.backbones import Backbone
from core.models.builder import build
from core.reporter import Reporter
from core.training.device import device_name
from core.training.frozen import fit_backbone
from core.training.holding_back import hold_back, with_held_back
from core.training.keeping import Diary
from core.training.learning import learn
from core.training.memory import require_memory, saying_what_fits
from core.training.remarks import remarks
from core.training.runs import Run, RunConfig, require_classes
from core.training.snapshots import Snapshots
from core.training.soundness import require_bounds, require_numbers
from core.training.split_batches import diary_photos, split_batches
from core.training.unknown import what_cannot_be_known


def train_run(folder: Path, reporter: Reporter) -> dict[str, Any]:
    """Prepares, trains, saves and tests what `folder/config.json` describes.

    Asked to stop while it trains, it keeps the model it has and tests that.

    Returns:
        epochs, kept_epoch, train_accuracy, val_accuracy, test_accuracy, seconds,
        photos_per_second, parameters, stopped_early (why, in a sentence, or None), passed_over
        (the share of photos whose labels were doubted in the last epoch, or None), remarks
        (sentences about settings that had no effect) and unknown (on what it cannot tell).

    Raises:
        LoupeError: If the data or the configuration do not allow a training; each kind has a
            name, see `core.endings`.
        Stopped: If it was asked to stop before it had a model.
    """
    run = Run(folder)
    config = run.config
    reporter.update(device=device_name())
    reporter.phase("Preparing photos")
    dataset = open_dataset(run.workspace, config.dataset, config.dataset_version)
    require_classes(dataset)
    # Once more: it may have waited for its turn, and others may have taken the memory.
    require_memory(dataset, config.recipe)
    with saying_what_fits(dataset, config.recipe):
        prepared = prepare(dataset, config.recipe.picture, reporter)
        reporter.phase("Building the network")
        result = fit(run, config, dataset, prepared, reporter, Snapshots(folder))
        result["remarks"] = remarks(config.recipe, dataset)
        reporter.phase("Testing")
        require_numbers(run, config, dataset, prepared)
        require_bounds(run, config, dataset, result)
        held = with_held_back(run, dataset)
        result["test_accuracy"] = _test(run, held, reporter)
    return result | {"unknown": what_cannot_be_known(held, prepared, result)}


def fit(
    run: Run,
    config: RunConfig,
    dataset: Dataset,
    prepared: Prepared,
    reporter: Reporter,
    snapshots: Snapshots | None = None,
) -> dict[str, Any]:
    """Trains on the split "train" of `dataset` and keeps the model in `run.model_path`.

    Where `dataset` has no validation photos and the recipe asks for a share, some training
    photos are held back and written down in the run's folder.

    Args:
        run: Where model and diary go; its folder needs no configuration of its own.
        dataset: May be split otherwise than the stored one, as for cross-validation.
        snapshots: Keeps the weights of a few epochs, where somebody may want to see them.

    Returns:
        What `train_run` returns, without the test.

    Raises:
        NothingToLearn: If there are no training photos.
        Diverged: If the numbers grow beyond all bounds.
    """
    recipe, training = config.recipe, config.recipe.training
    dataset = hold_back(run, training, dataset)
    if isinstance(recipe.architecture, Backbone):
        return fit_backbone(run, config, dataset, prepared, reporter, snapshots)
    keras.utils.set_random_seed(training.seed)
    batches = split_batches(config, dataset, prepared, "train")
    validation = split_batches(config, dataset, prepared, "validation")
    if batches is None:
        raise NothingToLearn(
            f"{dataset.title!r} has no training photos.", "Move some photos to the split 'train'."
        )
    models = [
        build(recipe.architecture, recipe.picture.shape, len(config.class_names), rescale)
        for rescale in [recipe.augmentation.rescale] * 2
    ]
    source, keeper = models
    ids, labels = diary_photos(config, dataset)
    pictures = np.asarray(prepared.array[prepared.indices(ids)])
    diary = Diary(source, pictures, ids, labels, run.folder / "history")
    kept, report = learn(
        training,
        source,
        keeper,
        run.model_path,
        batches,
        validation,
        diary,
        reporter,
        snapshots=snapshots,
    )
    return report.summary(kept) | {
        "seconds": round(report.history[-1]["seconds"], 2),
        "parameters": source.count_params(),
    }


def _test(run: Run, dataset: Dataset, reporter: Reporter) -> float | None:
    if not dataset.split_counts()["test"]:
        return None
    return float(evaluate_run(run, "test", reporter, dataset=dataset)["accuracy"])
