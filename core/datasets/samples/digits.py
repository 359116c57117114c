"""Digits: the handwritten figures that come with scikit-learn, enlarged, as PNG."""

from pathlib import Path

import cv2
import numpy as np

from core.progress import Progress, silent

SIDE = 32  # pixels; the originals have 8
_BRIGHTEST = 16  # scikit-learn's grey levels run from 0 to 16


def write_digits(folder: Path, progress: Progress = silent) -> None:
    """Writes 1,797 PNG files, grey drawn in RGB, into the folders `0` to `9` of `folder`."""
    from sklearn.datasets import load_digits  # only here: the server must stay light

    figures = load_digits()
    total = len(figures.images)
    for number, (pixels, figure) in enumerate(zip(figures.images, figures.target, strict=True)):
        target = folder / str(figure) / f"digit-{number + 1:04d}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(target), cv2.merge([enlarge(pixels)] * 3))
        progress(number + 1, total, f"Writing digit {number + 1}")


def enlarge(pixels: np.ndarray) -> np.ndarray:
    """An 8 × 8 figure with levels 0..16 as `uint8` `(SIDE, SIDE)` with levels 0..255."""
    grey = (pixels * (255 / _BRIGHTEST)).astype(np.float32)
    smooth = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.round(smooth), 0, 255).astype(np.uint8)
