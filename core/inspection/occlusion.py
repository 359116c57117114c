"""Occlusion: what the model no longer recognises when a part of the photo is covered.

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014, section 4.2.
"""

import keras
import numpy as np

from core.models.loading import predict_probabilities

PARTS_PER_SIDE = 8
# A window moves by half its size, so that each place is covered by about four windows.
WINDOWS_PER_STEP = 2
BATCH = 64


def occlusion(
    model: keras.Model,
    picture: np.ndarray,
    class_index: int,
    window: int | None = None,
    stride: int | None = None,
) -> np.ndarray:
    """How much of a class's probability is lost when a place is covered with the mean colour.

    Args:
        picture: uint8 (height, width, channels).
        window: Side of the square that covers. Default: an eighth of the shorter side.
        stride: By how many pixels it moves. Default: half of it.

    Returns:
        float32 (height, width), −1..1: the mean loss over all squares that covered the pixel;
        below 0 where covering made the model surer.
    """
    height, width = picture.shape[:2]
    side = window or max(1, round(min(height, width) / PARTS_PER_SIDE))
    step = stride or max(1, side // WINDOWS_PER_STEP)
    squares = [
        (slice(top, top + side), slice(left, left + side))
        for top in _starts(height, side, step)
        for left in _starts(width, side, step)
    ]
    color = np.rint(picture.mean(axis=(0, 1))).astype(np.uint8)
    whole = predict_probabilities(model, picture[None])[0, class_index]
    lost, times = np.zeros((height, width)), np.zeros((height, width))
    for start in range(0, len(squares), BATCH):
        part = squares[start : start + BATCH]
        covered = np.repeat(picture[None], len(part), axis=0)
        for one, (rows, columns) in zip(covered, part, strict=True):
            one[rows, columns] = color
        answers = predict_probabilities(model, covered, BATCH)[:, class_index]
        for answer, square in zip(answers, part, strict=True):
            lost[square] += whole - answer
            times[square] += 1
    return (lost / times).astype(np.float32)


def _starts(length: int, side: int, step: int) -> list[int]:
    """Where the squares begin along one side; the last one ends at the edge."""
    last = max(0, length - side)
    return [*range(0, last, step), last]
