"""The photos that are measured on: those in LOUPE_BENCH_PHOTOS, else drawn ones."""

import os
from pathlib import Path

import cv2
import numpy as np

CLASSES = ("circles", "lines", "squares")
PHOTO_SIZE = (300, 400)


def photo_folder(folder: Path, count: int) -> Path:
    """A folder with a folder of photos per class.

    Args:
        folder: Where photos are drawn, when LOUPE_BENCH_PHOTOS names none.
        count: How many to draw.
    """
    if given := os.environ.get("LOUPE_BENCH_PHOTOS"):
        return Path(given)
    for number in range(count):
        label = CLASSES[number % len(CLASSES)]
        path = folder / label / f"{number:05d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), draw_photo(label, number), [cv2.IMWRITE_JPEG_QUALITY, 90])
    return folder


def draw_photo(label: str, seed: int) -> np.ndarray:
    """uint8 (300, 400, 3): soft ground, sharp shapes and grain, about as hard on a decoder
    as a photo is."""
    rng = np.random.default_rng(seed)
    ground = rng.integers(0, 256, (6, 8, 3), np.uint8)
    photo = cv2.resize(ground, PHOTO_SIZE[::-1], interpolation=cv2.INTER_CUBIC).astype(np.int16)
    for _ in range(25):
        at, size, colour = (
            rng.integers(0, 400, 2),
            int(rng.integers(5, 60)),
            rng.integers(0, 256, 3),
        )
        start, end = (int(at[0]), int(at[1])), (int(at[0]) + size, int(at[1]) + size)
        paint = tuple(colour.tolist())
        if label == "circles":
            cv2.circle(photo, start, size // 2, paint, -1)
        elif label == "lines":
            cv2.line(photo, start, end, paint, 4)
        else:
            cv2.rectangle(photo, start, end, paint, -1)
    grain = rng.normal(scale=6, size=(*PHOTO_SIZE, 3)).astype(np.int16)
    return np.clip(photo + grain, 0, 255).astype(np.uint8)
