"""Augmented batches against Keras' legacy ImageDataGenerator, which the tutorials use."""

import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from benchmarks.measure import Row, in_turns, times_as_fast
from benchmarks.photos import photo_folder
from core.augmentation.presets import BUTTERFLIES
from core.augmentation.recipe import AugmentationRecipe
from core.images import PictureSpec, load_picture

TITLE = "Augmented batches, against ImageDataGenerator.flow_from_directory (processor time)"
TARGET = 15
BATCH_SIZE = 32


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = photo_folder(Path(temporary), 12 if quick else 300)
        return [_compare(folder, side, rounds=1 if quick else 5) for side in (75, 128)]


def _compare(folder: Path, side: int, rounds: int) -> Row:
    from core.training.batches import AugmentedBatches

    theirs = legacy_generator(folder, side, BUTTERFLIES)
    paths = [Path(path) for path in theirs.filepaths]
    spec = PictureSpec(image_size=(side, side))
    array = np.stack([load_picture(path, spec) for path in paths])
    ours = AugmentedBatches(
        array, np.arange(len(paths)), theirs.classes, BUTTERFLIES, seed=0, batch_size=BATCH_SIZE
    )

    def our_epoch() -> None:
        for number in range(len(ours)):
            ours[number]
        ours.on_epoch_end()

    def their_epoch() -> None:
        for _ in range(len(theirs)):
            next(theirs)

    seconds = in_turns(our_epoch, their_epoch, rounds, clock=time.process_time)
    return times_as_fast(f"{side} px, {len(paths)} photos an epoch", seconds, TARGET)


def legacy_generator(folder: Path, side: int, recipe: AugmentationRecipe):
    """Keras' iterator with the same transforms, as in the butterfly tutorial."""
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    ranges = {step.kind: step.model_dump() for step in recipe.steps}
    generator = ImageDataGenerator(
        rotation_range=ranges["rotation"]["degrees"],
        width_shift_range=ranges["width_shift"]["fraction"],
        height_shift_range=ranges["height_shift"]["fraction"],
        shear_range=ranges["shear"]["degrees"],
        zoom_range=ranges["zoom"]["fraction"],
        horizontal_flip=True,
        fill_mode=recipe.fill_mode,
        rescale=recipe.rescale,
    )
    return generator.flow_from_directory(
        str(folder), target_size=(side, side), batch_size=BATCH_SIZE, class_mode="sparse", seed=0
    )
