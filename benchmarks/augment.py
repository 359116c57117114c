"""Augmented batches against what the tutorials use, Keras' legacy ImageDataGenerator.

Where albumentations 2 is installed, also against that.
"""

import importlib.util
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.measure import Row, in_turns, times_as_fast
from benchmarks.photos import photo_folder
from core.augmentation.presets import BUTTERFLIES
from core.augmentation.recipe import AugmentationRecipe
from core.images import PictureSpec, load_picture

TITLE = "Augmented batches, against ImageDataGenerator and albumentations (processor time)"
TARGETS = {75: 15, 128: 15, 224: 12}
ALBUMENTATIONS_TARGET = 1
BATCH_SIZE = 32


def measure(quick: bool = False) -> list[Row]:
    rounds = 1 if quick else 5
    with tempfile.TemporaryDirectory() as temporary:
        folder = photo_folder(Path(temporary), 12 if quick else 300)
        rows = [_compare(folder, side, rounds) for side in TARGETS]
        if importlib.util.find_spec("albumentations") is None:
            print("albumentations is not installed, so that nothing is compared with it.")
            return rows
        return rows + [_against_albumentations(folder, side, rounds) for side in TARGETS]


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
    case = f"{side} px, {len(paths)} photos an epoch, ImageDataGenerator"
    return times_as_fast(case, seconds, TARGETS[side])


def _against_albumentations(folder: Path, side: int, rounds: int) -> Row:
    """The same pictures in memory, the same steps in one `Affine`: only augmenting is timed."""
    from core.training.batches import AugmentedBatches

    spec = PictureSpec(image_size=(side, side))
    array = np.stack([load_picture(path, spec) for path in sorted(folder.glob("*/*"))])
    labels = np.zeros(len(array), int)
    ours = AugmentedBatches(
        array, np.arange(len(array)), labels, BUTTERFLIES, seed=0, batch_size=BATCH_SIZE
    )
    pipeline = albumentations_pipeline()
    batch = np.empty((BATCH_SIZE, side, side, 3), np.uint8)

    def our_epoch() -> None:
        for number in range(len(ours)):
            ours[number]
        ours.on_epoch_end()

    def their_epoch() -> None:
        for place, row in enumerate(np.random.default_rng(0).permutation(len(array))):
            batch[place % BATCH_SIZE] = pipeline(image=array[row])["image"]

    seconds = in_turns(our_epoch, their_epoch, rounds, clock=time.process_time)
    case = f"{side} px, {len(array)} photos an epoch, albumentations"
    return times_as_fast(case, seconds, ALBUMENTATIONS_TARGET)


def albumentations_pipeline() -> Any:
    """The butterfly tutorial's steps as few calls as albumentations allows."""
    import albumentations as made  # type: ignore[import-not-found]

    return made.Compose(
        [
            made.Affine(
                rotate=(-40, 40),
                translate_percent={"x": (-0.2, 0.2), "y": (-0.2, 0.2)},
                shear={"x": (-0.2, 0.2), "y": 0},
                scale={"x": (1 / 1.2, 1 / 0.8), "y": (1 / 1.2, 1 / 0.8)},
                border_mode=cv2.BORDER_REPLICATE,
                p=1,
            ),
            made.HorizontalFlip(p=0.5),
        ]
    )


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
