"""Augmented batches against what others use for the same steps, all in turns in one run.

Keras' legacy `ImageDataGenerator` is measured as the tutorials use it, from a folder, and from
arrays in memory; albumentations 2 from arrays in memory. Every one of them gives uint8 or float32
batches of 32 in one Python thread, OpenCV's own threads are off, and the clock counts the
processor's time in all threads.
"""

import os
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.measure import Row, Work, in_rotation, times_as_fast
from benchmarks.photos import photo_folder
from core.augmentation.presets import BUTTERFLIES
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import (
    Blur,
    Brightness,
    ChannelShift,
    Contrast,
    Cutout,
    Gamma,
    Hue,
    Jpeg,
    Noise,
    Saturation,
)
from core.images import PictureSpec, load_picture

TITLE = (
    "Augmented batches, against ImageDataGenerator and albumentations (processor time, 1 thread)"
)
TARGETS = {75: 15, 128: 15, 224: 12}
ALBUMENTATIONS_TARGET = 1
BATCH_SIZE = 32
NEWER = AugmentationRecipe(
    name="newer",
    steps=(
        Brightness(fraction=0.2),
        Contrast(fraction=0.2),
        Saturation(fraction=0.3),
        Hue(degrees=10),
        Gamma(most=1.3),
        ChannelShift(levels=20),
        Blur(pixels=1),
        Noise(levels=10),
        Jpeg(lowest=50),
        Cutout(fraction=0.4, filling="black"),
    ),
)


def measure(quick: bool = False) -> list[Row]:
    cv2.setNumThreads(1)
    rounds = 1 if quick else 5
    with tempfile.TemporaryDirectory() as temporary:
        folder = photo_folder(Path(temporary), 12 if quick else 300)
        return [row for side in TARGETS for row in _at_size(folder, side, rounds)]


def _at_size(folder: Path, side: int, rounds: int) -> list[Row]:
    spec = PictureSpec(image_size=(side, side))
    array = np.stack([load_picture(path, spec) for path in sorted(folder.glob("*/*"))])
    seconds = in_rotation(
        {
            "ours": _our_epoch(array, BUTTERFLIES),
            "folder": _their_epoch(legacy_from_folder(folder, side)),
            "memory": _their_epoch(legacy_from_memory(array)),
            "albumentations": _pipeline_epoch(array, albumentations_butterflies()),
            "ours, newer": _our_epoch(array, NEWER),
            "albumentations, newer": _pipeline_epoch(array, albumentations_newer()),
        },
        rounds,
        clock=time.process_time,
    )
    pairs = [
        ("butterflies, ImageDataGenerator from a folder", "ours", "folder", TARGETS[side]),
        ("butterflies, ImageDataGenerator in memory", "ours", "memory", TARGETS[side]),
        ("butterflies, albumentations", "ours", "albumentations", ALBUMENTATIONS_TARGET),
        ("newer steps, albumentations", "ours, newer", "albumentations, newer", 1),
    ]
    return [
        times_as_fast(f"{side} px, {case}", (seconds[ours], seconds[theirs]), target)
        for case, ours, theirs, target in pairs
    ]


def _our_epoch(array: np.ndarray, recipe: AugmentationRecipe) -> Work:
    from core.training.batches import AugmentedBatches

    labels = np.zeros(len(array), int)
    batches = AugmentedBatches(
        array, np.arange(len(array)), labels, recipe, seed=0, batch_size=BATCH_SIZE
    )

    def epoch() -> None:
        for number in range(len(batches)):
            batches[number]
        batches.on_epoch_end()

    return epoch


def _their_epoch(generator: Any) -> Work:
    def epoch() -> None:
        for _ in range(len(generator)):
            next(generator)

    return epoch


def _pipeline_epoch(array: np.ndarray, pipeline: Callable[..., dict[str, Any]]) -> Work:
    batch = np.empty((BATCH_SIZE, *array.shape[1:]), np.uint8)

    def epoch() -> None:
        for place, row in enumerate(np.random.default_rng(0).permutation(len(array))):
            batch[place % BATCH_SIZE] = pipeline(image=array[row])["image"]

    return epoch


def albumentations_butterflies() -> Any:
    """The butterfly tutorial's steps in as few calls as albumentations allows."""
    made = offline_albumentations()
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


def albumentations_newer() -> Any:
    """The steps of `NEWER` with the same ranges, in as few calls as albumentations allows."""
    made = offline_albumentations()
    return made.Compose(
        [
            made.ColorJitter((0.8, 1.2), (0.8, 1.2), (0.7, 1.3), (-10 / 360, 10 / 360), p=1),
            made.RandomGamma((77, 130), p=1),
            made.RGBShift(20, 20, 20, p=1),
            made.GaussianBlur(blur_limit=0, sigma_limit=(0.05, 1), p=1),
            made.GaussNoise(std_range=(0, 10 / 255), p=1),
            made.ImageCompression(quality_range=(50, 100), p=1),
            made.CoarseDropout(
                num_holes_range=(1, 1),
                hole_height_range=(0.4, 0.4),
                hole_width_range=(0.4, 0.4),
                fill=0,
                p=1,
            ),
        ]
    )


def offline_albumentations() -> Any:
    """The library, told before its import not to ask the network for a newer version."""
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
    import albumentations

    return albumentations


def legacy_generator(recipe: AugmentationRecipe = BUTTERFLIES) -> Any:
    """Keras' generator with the same transforms, as in the butterfly tutorial."""
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    ranges = {step.kind: step.model_dump() for step in recipe.steps}
    return ImageDataGenerator(
        rotation_range=ranges["rotation"]["degrees"],
        width_shift_range=ranges["width_shift"]["fraction"],
        height_shift_range=ranges["height_shift"]["fraction"],
        shear_range=ranges["shear"]["degrees"],
        zoom_range=ranges["zoom"]["fraction"],
        horizontal_flip=True,
        fill_mode=recipe.fill_mode,
        rescale=recipe.rescale,
    )


def legacy_from_folder(folder: Path, side: int) -> Any:
    """As the tutorials use it: every file is read and decoded again in every epoch."""
    return legacy_generator().flow_from_directory(
        str(folder), target_size=(side, side), batch_size=BATCH_SIZE, class_mode="sparse", seed=0
    )


def legacy_from_memory(array: np.ndarray) -> Any:
    """The same from arrays: nothing is decoded."""
    return legacy_generator().flow(array, np.zeros(len(array)), batch_size=BATCH_SIZE, seed=0)
