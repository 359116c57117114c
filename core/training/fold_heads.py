"""Heads on a frozen backbone for cross-validation: the photos are looked at once for all parts.

What costs time in a training with a frozen backbone, beside the looking, is to build the whole
network for its model file. A part's model answers its photos and is gone, so the head learns,
and answers, from the kept features alone; the backbone is not even built where they are there.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from core.datasets.manifest import Dataset
from core.datasets.prepared import Prepared
from core.models.backbones import Backbone
from core.models.transfer import build_head
from core.models.weights import obtain_weights
from core.progress import Progress
from core.reporter import Reporter
from core.training.features import Look, features_of, pictures_from
from core.training.frozen import _Head
from core.training.recipes import Recipe
from core.training.runs import Run, RunConfig

PHOTOS_AT_ONCE = 4096


def learns_from_features(recipe: Recipe) -> bool:
    """Whether everything that learns in `recipe` learns from features of a frozen backbone."""
    backbone = recipe.architecture
    return isinstance(backbone, Backbone) and not backbone.unfreeze_from


class FoldHeads:
    """Trains heads for a recipe with a frozen backbone.

    Args:
        recipe: Its augmentation and seed decide the varied copies, in every round the same.
        prepared: Its pictures.

    Raises:
        NotFound: If the weights are not here and cannot be fetched.
        LoupeError: If they cannot be read, or the pictures are too small.
    """

    def __init__(self, dataset: Dataset, recipe: Recipe, prepared: Prepared, progress: Progress):
        backbone = recipe.architecture
        if not isinstance(backbone, Backbone):
            raise TypeError(f"{recipe.name} has no backbone")
        size = recipe.picture.image_size
        backbone.require_size(size)
        weights = obtain_weights(backbone, size, progress)
        seed = recipe.training.seed
        self._look = Look(backbone, recipe.picture, weights, recipe.augmentation, seed)
        self._backbone, self._dataset, self._prepared = backbone, dataset, prepared
        self._progress = progress

    def look_at(self, photos: pd.DataFrame) -> None:
        """Makes and keeps the features of `photos` (rows of the manifest) and of their copies."""
        self._features(photos, self._backbone.variants)

    def fit(
        self, run: Run, config: RunConfig, dataset: Dataset, reporter: Reporter
    ) -> tuple[keras.Model, dict[str, Any]]:
        """As `core.training.worker.fit` for `dataset`, the photos in their parts.

        Returns:
            The head that was kept, and what is said of its training.
        """
        training = _Head(run, config, dataset, self._prepared, self._look, reporter)
        alone = HeadAlone(build_head(self._backbone, len(config.class_names)))
        training.whole = alone  # type: ignore[assignment] # only saved through
        kept = training.fit()
        return alone.head, training.report.summary(kept)

    def ask(self, head: keras.Model, photos: pd.DataFrame) -> np.ndarray:
        """float32 (n, num_classes): what `head` says of rows of the manifest."""
        features = self._features(photos)
        places = np.arange(len(photos))
        answers = [
            keras.ops.convert_to_numpy(
                head(features.take(chunk, np.zeros_like(chunk)), training=False)
            )
            for chunk in np.array_split(places, max(1, -(-len(places) // PHOTOS_AT_ONCE)))
        ]
        return np.concatenate(answers).astype(np.float32)

    def _features(self, photos: pd.DataFrame, copies: int = 0) -> Any:
        load = pictures_from(self._prepared)
        return features_of(self._dataset, photos, load, self._look, self._progress, copies)


class HeadAlone:
    """What a head is kept through that nobody will load: a `core.training.keeping.Keeper`."""

    def __init__(self, head: keras.Model):
        self.head = head

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self.head.set_weights(weights)

    def save(self, filepath: Path) -> None:
        self.head.save(filepath)
