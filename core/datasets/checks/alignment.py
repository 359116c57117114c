"""Are two photos one photo, cropped, pressed or lit otherwise? Laid over each other to see."""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np

# Side of the small pictures that are looked at first, and of those that decide.
SMALL, LARGE = 16, 64
# How much of the one photo the other may show, along a side; steps that a start within
# half of one is near enough for the finer alignment.
SCALES = (1.0, 0.85, 0.7)
MOST_SQUEEZED = 1.3
# Of the best fit of the small pictures. Planted copies reach 0.72 and more.
WORTH_A_LOOK = 0.68
# Grey levels: parts with less pattern than this fit everywhere.
PLAIN = 1.0
LEAST_SHOWN = 0.35
MOST_TURNED = 0.06
_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4)
_SMOOTHING = 3


class Fit(NamedTuple):
    """How one picture lies in another.

    Attributes:
        score: Normalised correlation, -1..1.
        height, width: How much of the larger picture the other shows, 0..1.
        top, left: Where it begins, in shares of the larger picture.
    """

    score: float
    height: float
    width: float
    top: float
    left: float


def small_picture(tiny: np.ndarray) -> np.ndarray:
    """uint8 (n, n) as float32 (16, 16)."""
    size = (SMALL, SMALL)
    return cv2.resize(tiny, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def templates(small: np.ndarray) -> list[np.ndarray | None]:
    """A small picture as it would lie in another one that shows more, in all `_sizes`.

    None in the place of one that shows nothing.
    """
    if small.std() <= PLAIN:
        return [None] * len(_sizes())
    return [
        cv2.resize(small, (width, height), interpolation=cv2.INTER_AREA)
        for height, width in _sizes()
    ]


@cache
def _sizes() -> tuple[tuple[int, int], ...]:
    sides = [round(SMALL * scale) for scale in SCALES]
    pairs = [(height, width) for height in sides for width in sides]
    return tuple(
        (height, width)
        for height, width in pairs
        if max(height, width) <= MOST_SQUEEZED * min(height, width)
    )


def best_place(small: np.ndarray, of_other: list[np.ndarray | None]) -> Fit:
    """Where the other picture, given as its `templates`, fits best into `small`."""
    best, best_score = None, -1.0
    for size, template in zip(_sizes(), of_other, strict=True):
        if template is None:
            continue
        scores = cv2.matchTemplate(small, template, cv2.TM_CCOEFF_NORMED)
        _, score, _, place = cv2.minMaxLoc(scores)
        if best_score < score <= 1.001:  # OpenCV calls what has no pattern infinitely alike
            best, best_score = (size, place), score
    if best is None:
        return Fit(-1.0, 1.0, 1.0, 0.0, 0.0)
    (height, width), (left, top) = best
    return Fit(best_score, height / SMALL, width / SMALL, top / SMALL, left / SMALL)


def agreement(larger: np.ndarray, other: np.ndarray, start: Fit) -> float:
    """How well `other` agrees with the part of `larger` that it shows best.

    The alignment is refined from `start` by the enhanced correlation coefficient of
    G. D. Evangelidis and E. Z. Psarakis, "Parametric image alignment using enhanced
    correlation coefficient maximization", IEEE PAMI 30 (2008), which brightness and contrast
    do not touch.

    Args:
        larger, other: float32 (64, 64), grey, stretched.
        start: Roughly how `other` lies in `larger`.

    Returns:
        The normalised correlation of what both show, -1..1; -1 where they cannot be aligned
        by moving and scaling alone.
    """
    warp = np.array(
        [[start.width, 0, start.left * LARGE], [0, start.height, start.top * LARGE]], np.float32
    )
    try:
        _, found = cv2.findTransformECC(
            other, larger, warp, cv2.MOTION_AFFINE, _STEPS, _everywhere(), _SMOOTHING
        )
    except cv2.error:  # it does not converge: they show different things
        return -1.0
    warp = np.asarray(found, np.float32)
    if not _is_moved_and_scaled(warp):
        return -1.0
    return _correlation(larger, other, warp)


@cache
def _everywhere() -> np.ndarray:
    return np.full((LARGE, LARGE), 255, np.uint8)


def _is_moved_and_scaled(warp: np.ndarray) -> bool:
    sizes, turns = (warp[0, 0], warp[1, 1]), (warp[0, 1], warp[1, 0])
    near = all(0.4 <= size <= 2.5 for size in sizes)
    return bool(near and all(abs(turn) <= MOST_TURNED for turn in turns))


def _correlation(larger: np.ndarray, other: np.ndarray, warp: np.ndarray) -> float:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = other.shape[::-1]
    part = cv2.warpAffine(larger, warp, size, flags=flags)
    shown = cv2.warpAffine(np.ones_like(larger), warp, size, flags=flags) > 0.999
    if shown.mean() < LEAST_SHOWN:
        return -1.0
    one, two = part[shown], other[shown]
    one, two = one - one.mean(), two - two.mean()
    size_of_both = float(np.sqrt((one @ one) * (two @ two)))
    return float(one @ two) / size_of_both if size_of_both > 1 else -1.0
