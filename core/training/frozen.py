"""Trains a new head on what a frozen backbone makes of the photos, and then perhaps more."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from core.datasets.manifest import Dataset
from core.datasets.prepared import Prepared
from core.errors import NothingToLearn
from core.models.backbones import Backbone
from core.models.transfer import build_head, join
from core.models.weights import obtain_weights
from core.reporter import Reporter
from core.training.batches import epoch_order, times_seen_before
from core.training.features import PHASE, Features, Look, features_of, pictures_from
from core.training.keeping import Diary
from core.training.learning import learn
from core.training.runs import Run, RunConfig
from core.training.snapshots import Snapshots
from core.training.split_batches import VALIDATION_BATCH_SIZE, class_numbers, diary_photos
from core.training.unfrozen import Unfreezing

# Building and saving the whole model takes about a second, and saving may take a twentieth of the
# time: most heads have learnt by then. What an interruption costs before is only the head.
FIRST_SAVING_AFTER_SECONDS = 20.0


class FeatureBatches(keras.utils.PyDataset):
    """`(features, labels)` for `model.fit`: float32 (n, D) and int32 class numbers (n,).

    Each epoch shows every photo once: itself, or one of its varied copies, as seed and epoch
    decide. Balanced, a photo of a rare class comes several times, each time as the next of
    its copies, the photo itself being one of them.

    Args:
        features: Of all the photos.
        labels: int (N,), the class number of each.
        batch_size: Photos per batch; the last one of an epoch may be smaller.
        shuffle: Whether to learn: in an order of its own for each epoch, with copies.
        balanced: See `core.training.batches.epoch_order`; needs `shuffle`.
    """

    def __init__(
        self,
        features: Features,
        labels: np.ndarray,
        seed: int,
        batch_size: int,
        shuffle: bool,
        balanced: bool = False,
    ):
        super().__init__(workers=1)
        self._features, self._labels, self._seed = features, labels, seed
        self._batch_size, self._shuffle, self._balanced = batch_size, shuffle, balanced
        self.begin(0)

    @property
    def photos(self) -> int:
        """How many photos there are, copies not counted."""
        return len(self._labels)

    @property
    def labels(self) -> np.ndarray:
        """int (N,): the class number of each photo."""
        return self._labels

    def __len__(self) -> int:
        return -(-len(self._labels) // self._batch_size)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        places = slice(number * self._batch_size, (number + 1) * self._batch_size)
        order = self._order[places]
        return self._features.take(order, self._versions[places]), self._labels[order]

    def begin(self, epoch: int) -> None:
        """Turns to `epoch`, counted from 0."""
        count, copies = len(self._labels), self._features.copies.shape[1]
        self._versions = np.zeros(count, np.int64)
        self._order = np.arange(count)
        if self._shuffle:
            self._order = epoch_order(self._labels, self._seed, epoch, self._balanced)
            chance = np.random.default_rng((self._seed, epoch, count))
            first = chance.integers(0, copies + 1, count)[self._order]
            self._versions = (first + times_seen_before(self._order)) % (copies + 1)


class WholeModel:
    """What a head is saved through: backbone and head as one model, built when first needed."""

    def __init__(self, look: Look, num_classes: int):
        self._look = look
        self._head = build_head(look.backbone, num_classes)
        self._model: keras.Model | None = None

    @property
    def model(self) -> keras.Model:
        if self._model is None:
            self._model = join(self._look.body, self._head, self._look.backbone.name)
        return self._model

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self._head.set_weights(weights)

    def save(self, filepath: Path) -> None:
        self.model.save(filepath)


def fit_backbone(
    run: Run,
    config: RunConfig,
    dataset: Dataset,
    prepared: Prepared,
    reporter: Reporter,
    snapshots: Snapshots | None = None,
) -> dict[str, Any]:
    """`core.training.worker.fit` for a recipe with a backbone.

    Raises:
        WeightsMissing: If the weights are not here and cannot be fetched.
        WeightsDamaged: If they cannot be read.
        NothingToLearn: If there are no training photos.
        Stopped: If it was asked to stop while looking at the photos; what was seen is kept.
    """
    recipe = config.recipe
    backbone, training = recipe.architecture, recipe.training
    assert isinstance(backbone, Backbone)  # noqa: S101 - for the type checker
    if not dataset.split_counts()["train"]:
        raise NothingToLearn(
            f"{dataset.title!r} has no training photos.", "Move some photos to the split 'train'."
        )
    backbone.require_size(recipe.picture.image_size)
    reporter.phase(PHASE)
    weights = obtain_weights(backbone, recipe.picture.image_size, reporter)
    look = Look(backbone, recipe.picture, weights, recipe.augmentation, training.seed)
    head_training = _Head(run, config, dataset, prepared, look, reporter, snapshots)
    kept = head_training.fit()
    report, whole = head_training.report, head_training.whole
    if backbone.unfreeze_from and not reporter.stopped:
        unfreezing = Unfreezing(run, config, dataset, prepared, reporter, whole.model, snapshots)
        kept, report = unfreezing.fit(kept, report, head_training.diary)
    return report.summary(kept) | {
        "seconds": round(report.history[-1]["seconds"], 2),
        "parameters": whole.model.count_params(),
        "weights": weights.name if weights else "random",
    }


class _Head:
    """One training of the head."""

    def __init__(
        self,
        run: Run,
        config: RunConfig,
        dataset: Dataset,
        prepared: Prepared,
        look: Look,
        reporter: Reporter,
        snapshots: Snapshots | None = None,
    ):
        self._run, self._config, self._dataset = run, config, dataset
        self._look, self._reporter, self._snapshots = look, reporter, snapshots
        self._load = pictures_from(prepared)
        self.whole = WholeModel(look, len(config.class_names))

    def fit(self) -> int:
        """Trains the head and saves the whole model; returns the kept epoch."""
        training = self._config.recipe.training
        batches = self._batches("train", training.batch_size)
        validation = self._batches("validation", VALIDATION_BATCH_SIZE)
        if batches is None:
            raise NothingToLearn("There are no training photos.")
        keras.utils.set_random_seed(training.seed)
        head = build_head(self._look.backbone, len(self._config.class_names))
        self.diary = self._diary(head)
        self._look.close_eyes()
        kept, self.report = learn(
            training,
            head,
            self.whole,
            self._run.model_path,
            batches,
            validation,
            self.diary,
            self._reporter,
            first_saving_after=FIRST_SAVING_AFTER_SECONDS,
            snapshots=self._snapshots,
        )
        return kept

    def _batches(self, split: str, batch_size: int) -> FeatureBatches | None:
        photos = self._dataset.split(split, ("id", "label", "content_hash"))
        if not len(photos):
            return None
        learning = split == "train"
        copies = self._look.backbone.variants if learning else 0
        labels = class_numbers(self._config, photos["label"])
        features = self._features(photos, copies)
        balanced = learning and self._config.recipe.training.balance == "batches"
        return FeatureBatches(features, labels, self._look.seed, batch_size, learning, balanced)

    def _features(self, photos: pd.DataFrame, copies: int = 0) -> Features:
        return features_of(self._dataset, photos, self._load, self._look, self._reporter, copies)

    def _diary(self, head: keras.Model) -> Diary:
        ids, labels = diary_photos(self._config, self._dataset)
        manifest = self._dataset.manifest
        photos = manifest[manifest["id"].isin(ids)].set_index("id", drop=False).loc[ids]
        places = np.arange(len(ids))
        seen = self._features(photos).take(places, np.zeros_like(places))
        return Diary(head, seen, ids, labels, self._run.folder / "history")


def head_and_batches(
    config: RunConfig, dataset: Dataset, prepared: Prepared, reporter: Reporter
) -> tuple[keras.Model, FeatureBatches]:
    """A new head as a training begins with it, and what it learns from; nothing is trained.

    Raises:
        As `fit_backbone`.
    """
    recipe = config.recipe
    backbone, training = recipe.architecture, recipe.training
    assert isinstance(backbone, Backbone)  # noqa: S101 - for the type checker
    backbone.require_size(recipe.picture.image_size)
    reporter.phase(PHASE)
    weights = obtain_weights(backbone, recipe.picture.image_size, reporter)
    look = Look(backbone, recipe.picture, weights, recipe.augmentation, training.seed)
    learner = _Head(Run(reporter.folder), config, dataset, prepared, look, reporter)
    batches = learner._batches("train", training.batch_size)
    if batches is None:
        raise NothingToLearn(
            f"{dataset.title!r} has no training photos.", "Move some photos to the split 'train'."
        )
    keras.utils.set_random_seed(training.seed)
    return build_head(backbone, len(config.class_names)), batches
