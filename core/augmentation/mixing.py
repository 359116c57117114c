"""MixUp and CutMix: pictures of one batch mixed with each other, and their labels alike.

The pictures that are mixed in are those of the batch before any mixing, with all other
steps applied. A batch of one picture stays as it is.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from core.augmentation.changes import Change
from core.augmentation.drawing import Drawn
from core.augmentation.steps import MIXING_KINDS


def mix(pictures: np.ndarray, drawn: Sequence[Drawn]) -> tuple[np.ndarray, np.ndarray]:
    """What MixUp and CutMix make of a batch, in the order in which they were drawn.

    Args:
        pictures: uint8 (N, height, width, channels), after all other steps. Not written to.
        drawn: What was drawn for each.

    Returns:
        The pictures, and float32 (N, N): in row `i` the share of each picture's label in
        picture `i`; rows sum to 1.
    """
    count = len(pictures)
    shares = np.eye(count, dtype=np.float32)
    mixed = pictures
    for place, values in enumerate(drawn):
        for change in values.changes:
            if change.kind not in MIXING_KINDS or count < 2:
                continue
            mixed = pictures.copy() if mixed is pictures else mixed
            other = partner(place, change.values[1], count)
            kept = _mix_one(mixed[place], pictures[other], change)
            shares[place] *= kept
            shares[place, other] += 1 - kept
    return mixed, shares


def partner(place: int, number: float, count: int) -> int:
    """The place of the picture that is mixed in: any but `place`, chosen by `number` 0..1."""
    return (place + 1 + min(count - 2, int(number * (count - 1)))) % count


def box(share: float, x: float, y: float, height: int, width: int) -> tuple[slice, slice, float]:
    """CutMix's box: rows, columns, and the share of the picture that is left.

    Both sides are those of the picture times √(1 - share), about the centre (x, y), cut off
    at the edges: Yun et al., 2019, section 3.1.
    """
    side = math.sqrt(1 - share)
    across, down = int(width * side), int(height * side)
    centre_x, centre_y = int(x * width), int(y * height)
    left, right = np.clip((centre_x - across // 2, centre_x + across // 2), 0, width).tolist()
    top, bottom = np.clip((centre_y - down // 2, centre_y + down // 2), 0, height).tolist()
    left_over = 1 - (right - left) * (bottom - top) / (width * height)
    return slice(top, bottom), slice(left, right), left_over


def _mix_one(picture: np.ndarray, other: np.ndarray, change: Change) -> float:
    """Mixes `other` into `picture`, which is written to; returns the picture's own share."""
    if change.kind == "mixup":
        share = change.values[0]
        blended = cv2.addWeighted(picture, share, other, 1 - share, 0)
        picture[...] = blended.reshape(picture.shape)
        return share
    share, _, x, y = change.values
    rows, columns, left_over = box(share, x, y, *picture.shape[:2])
    picture[rows, columns] = other[rows, columns]
    return left_over
