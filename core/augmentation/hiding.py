"""Cutout and random erasing: a part of the picture filled with something else.

Each takes uint8 (height, width, channels) and returns a new array of the same shape.
"""

import math

import cv2
import numpy as np

MEAN, BLACK, NOISE = range(3)


def cutout(
    picture: np.ndarray, side: float, x: float, y: float, filling: float, seed: float
) -> np.ndarray:
    """Fills a square about (x, y) that may hang over the edge.

    Args:
        side: Share of the shorter side, rounded to whole pixels.
        x, y: The centre, as shares of width and height.
        filling: MEAN, BLACK or NOISE.
        seed: Decides the noise.
    """
    height, width = picture.shape[:2]
    pixels = round(side * min(height, width))
    left, top = int(x * width) - pixels // 2, int(y * height) - pixels // 2
    return _filled(picture, left, top, left + pixels, top + pixels, filling, seed)


def erasing(
    picture: np.ndarray,
    area: float,
    ratio: float,
    x: float,
    y: float,
    filling: float,
    seed: float,
) -> np.ndarray:
    """Fills a rectangle inside the picture.

    Args:
        area: Share of the picture's area, if a rectangle of `ratio` has room for it.
        ratio: Its height by its width.
        x, y: Its place, as shares of the room that is left.
    """
    height, width = picture.shape[:2]
    wanted = area * height * width
    down = min(height, round(math.sqrt(wanted * ratio)))
    across = min(width, round(math.sqrt(wanted / ratio)))
    left, top = int(x * (width - across + 1)), int(y * (height - down + 1))
    return _filled(picture, left, top, left + across, top + down, filling, seed)


def _filled(
    picture: np.ndarray, left: int, top: int, right: int, bottom: int, filling: float, seed: float
) -> np.ndarray:
    result = np.array(picture, order="C")
    hidden = result[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if filling == NOISE:
        grain = np.random.default_rng(int(seed)).bytes(hidden.size)
        hidden[...] = np.frombuffer(grain, np.uint8).reshape(hidden.shape)
    else:
        mean = np.rint(cv2.mean(picture)[: picture.shape[2]]).astype(np.uint8)
        hidden[...] = mean if filling == MEAN else 0
    return result
