"""The batches that the splits of a run's data set give, and the photos of its diary."""

from collections.abc import Iterable

import numpy as np

from core.augmentation.recipe import NO_AUGMENTATION
from core.datasets.manifest import Dataset
from core.datasets.prepared import Prepared
from core.training.batches import WORKERS, AugmentedBatches
from core.training.runs import RunConfig

VALIDATION_BATCH_SIZE = 128
DIARY_PHOTOS = 12
PARTS = ("id", "label")  # of a photo, that batches are made of


def split_batches(
    config: RunConfig, dataset: Dataset, prepared: Prepared, split: str
) -> AugmentedBatches | None:
    """The pictures of a split, None where there are none; varied for "train", and balanced if
    the recipe asks for it."""
    photos = dataset.split(split, PARTS)
    if not len(photos):
        return None
    recipe = config.recipe
    learning = split == "train"
    return AugmentedBatches(
        prepared.array,
        prepared.indices(photos["id"]),
        class_numbers(config, photos["label"]),
        recipe.augmentation if learning else NO_AUGMENTATION,
        recipe.training.seed,
        recipe.training.batch_size if learning else VALIDATION_BATCH_SIZE,
        shuffle=learning,
        balanced=learning and recipe.training.balance == "batches",
        workers=WORKERS if learning else 1,
        num_classes=len(config.class_names),
    )


def class_numbers(config: RunConfig, labels: Iterable[str]) -> np.ndarray:
    """int32 (N,): the place of each label in the run's class names."""
    places = {name: number for number, name in enumerate(config.class_names)}
    return np.fromiter((places[label] for label in labels), np.int32)


def diary_photos(config: RunConfig, dataset: Dataset) -> tuple[list[str], np.ndarray]:
    """Ids and class numbers of a dozen validation photos (or training photos), the classes in
    turn."""
    photos = dataset.split("validation", PARTS)
    photos = photos if len(photos) else dataset.split("train", PARTS)
    turn = photos.groupby("label").cumcount()
    chosen = photos.assign(turn=turn).sort_values(["turn", "label", "id"]).head(DIARY_PHOTOS)
    return chosen["id"].tolist(), class_numbers(config, chosen["label"])
