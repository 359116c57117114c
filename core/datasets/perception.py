"""What a picture looks like, in numbers: light, sharpness, a perceptual hash, a descriptor."""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

# Part of what is kept: raise it when a number below would come out differently.
FORMAT_VERSION = 1
# Longest side that everything is measured at: models look at 64 to 224 pixels, and
# sharpness beyond that is lost on them.
SIDE = 160
TINY = 32
HASH_SIZE = 8
COLUMNS = ("brightness", "contrast", "sharpness", "colourfulness", "red", "green", "blue")

_HOG_SIDE = 64
_CELL = 16
_ORIENTATIONS = 8
_GREY_SIDE = 8
_COLOR_SIDE = 4
DESCRIPTOR_SIZE = (_HOG_SIDE // _CELL) ** 2 * _ORIENTATIONS + _GREY_SIDE**2 + 2 * _COLOR_SIDE**2 + 2
# Shapes count most, light and colour help to tell alike shapes apart.
_SHAPE, _LIGHT, _COLOR, _LEVEL = 1.0, 0.8, 1 / 60, 0.1
# Grey levels below which a picture shows next to nothing: its noise is no pattern.
_NOISE_FLOOR = 2.0
_REBLUR = 11


class Perception(NamedTuple):
    """What is measured of one picture.

    Attributes:
        numbers: float32 (7,), in the order of `COLUMNS`: brightness and contrast are mean and
            standard deviation of luma (0..255), sharpness is 0..1, colourfulness is 0 for
            grey and about 100 for garish, the rest are the means of the channels (0..255).
        hash: The 64 bits of `imagehash.phash`, first bit highest.
        descriptor: float32 (DESCRIPTOR_SIZE,), unit length.
        tiny: uint8 (32, 32), the whole picture in grey, stretched.
    """

    numbers: np.ndarray
    hash: int
    descriptor: np.ndarray
    tiny: np.ndarray


def perceive(picture: np.ndarray) -> Perception:
    """Measures uint8 (height, width, 3), RGB, of about `SIDE` pixels."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    numbers = measured(picture, grey)
    tiny = cv2.resize(grey, (TINY, TINY), interpolation=cv2.INTER_AREA)
    return Perception(numbers, perceptual_hash(picture), descriptor(picture, grey), tiny)


def measured(picture: np.ndarray, grey: np.ndarray) -> np.ndarray:
    """float32 (7,), in the order of `COLUMNS`: see `Perception.numbers`.

    Args:
        picture: uint8 (height, width, 3), RGB.
        grey: uint8 (height, width), its luma.
    """
    mean, deviation = cv2.meanStdDev(grey)
    red, green, blue = cv2.mean(picture)[:3]
    light = mean[0, 0], deviation[0, 0], sharpness(grey)
    return np.array([*light, colourfulness(picture), red, green, blue], np.float32)


def sharpness(grey: np.ndarray) -> float:
    """How much of the finest detail of uint8 (height, width) blurring would take: 0..1.

    One minus the blur of F. Crete, T. Dolmiere, P. Ladret and M. Nicolas, "The blur effect:
    perception and estimation with a new no-reference perceptual blur metric", SPIE 6492
    (2007): a sharp picture changes much when blurred again, a blurred one hardly. It depends
    little on what the picture shows, and not on its contrast.
    """
    values = grey.astype(np.float32)
    return min(_sharpness_along(values), _sharpness_along(values.T))


def _sharpness_along(values: np.ndarray) -> float:
    values = np.ascontiguousarray(values)
    if values.shape[1] < 2:
        return 0.0
    blurred = cv2.blur(values, (_REBLUR, 1), borderType=cv2.BORDER_REPLICATE)
    steps = cv2.absdiff(values[:, 1:], values[:, :-1])
    lost = np.maximum(0, steps - cv2.absdiff(blurred[:, 1:], blurred[:, :-1]))
    total = float(steps.sum())
    return float(lost.sum()) / total if total else 0.0


def colourfulness(picture: np.ndarray) -> float:
    """Of uint8 (height, width, 3): 0 for grey, about 100 for garish.

    D. Hasler and S. Süsstrunk, "Measuring colourfulness in natural images", SPIE 5007 (2003).
    """
    red, green, blue = (picture[..., channel].astype(np.float32) for channel in range(3))
    mean_rg, deviation_rg = cv2.meanStdDev(red - green)
    mean_yb, deviation_yb = cv2.meanStdDev((red + green) / 2 - blue)
    spread = np.hypot(deviation_rg[0, 0], deviation_yb[0, 0])
    return float(spread + 0.3 * np.hypot(mean_rg[0, 0], mean_yb[0, 0]))


def perceptual_hash(picture: np.ndarray) -> int:
    """The 64 bits of `imagehash.phash` of uint8 (height, width, 3), first bit highest.

    imagehash transforms one picture at a time with SciPy, all 32 × 32 frequencies of which it
    keeps 8 × 8; computing only those takes a sixth of its time. A test holds them equal.
    """
    side = HASH_SIZE * 4
    grey = Image.fromarray(picture).convert("L").resize((side, side), Image.Resampling.LANCZOS)
    cosines = _cosines(side)
    frequencies = cosines @ np.asarray(grey, np.float64) @ cosines.T
    bits = frequencies > np.median(frequencies)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


@cache
def _cosines(side: int) -> np.ndarray:
    """The `HASH_SIZE` lowest rows of the cosine transform (DCT-II): float64 (8, side)."""
    rows, columns = np.arange(HASH_SIZE)[:, None], np.arange(side)[None]
    return 2 * np.cos(np.pi * rows * (2 * columns + 1) / (2 * side))


def descriptor(picture: np.ndarray, grey: np.ndarray) -> np.ndarray:
    """float32 (DESCRIPTOR_SIZE,), unit length: alike for pictures that look alike.

    Directions of edges in 4 × 4 cells (N. Dalal and B. Triggs, "Histograms of oriented
    gradients for human detection", CVPR 2005), an 8 × 8 picture in grey, and 4 × 4 mean
    colours.
    """
    square = cv2.resize(picture, (_HOG_SIDE, _HOG_SIDE), interpolation=cv2.INTER_AREA)
    shapes = _edges(cv2.cvtColor(square, cv2.COLOR_RGB2GRAY))
    light = cv2.resize(grey, (_GREY_SIDE, _GREY_SIDE), interpolation=cv2.INTER_AREA)
    light = light.astype(np.float32).ravel()
    level = float(light.mean())
    light -= level
    small = cv2.resize(square, (_COLOR_SIDE, _COLOR_SIDE), interpolation=cv2.INTER_AREA)
    colors = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1:]
    spread = float(np.linalg.norm(light)) / _GREY_SIDE
    shown = spread / (spread + _NOISE_FLOOR)
    whole = np.concatenate(
        [
            _SHAPE * shown * shapes,
            _LIGHT * shown * light / max(1e-6, float(np.linalg.norm(light))),
            _COLOR / _COLOR_SIDE * colors.ravel(),
            [_LEVEL * level / 255, _LEVEL * (1 - level / 255)],
        ]
    ).astype(np.float32)
    return whole / np.linalg.norm(whole)


def _edges(grey: np.ndarray) -> np.ndarray:
    """float32 (128,), unit length or zero: how strong edges of each direction are in each cell."""
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
    # Each edge counts for its two nearest directions, so that a small turn changes little.
    place = (angle % 180) * (_ORIENTATIONS / 180)
    first = place.astype(np.int32)
    share = place - first
    layers = np.zeros((_ORIENTATIONS, *grey.shape), np.float32)
    rows, columns = _grid(grey.shape[0])
    layers[first % _ORIENTATIONS, rows, columns] = strength * (1 - share)
    layers[(first + 1) % _ORIENTATIONS, rows, columns] = strength * share
    cells = grey.shape[0] // _CELL
    histograms = layers.reshape(_ORIENTATIONS, cells, _CELL, cells, _CELL).mean(axis=(2, 4))
    roots = np.sqrt(histograms).ravel()
    return roots / max(1e-6, float(np.linalg.norm(roots)))


@cache
def _grid(side: int) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.mgrid[:side, :side]
    return rows, columns


@cache
def _mirrored_places() -> np.ndarray:
    """From which place of a descriptor each value of its mirror image comes: int64 (D,)."""
    cells = _HOG_SIDE // _CELL
    order = np.arange(_ORIENTATIONS * cells**2).reshape(_ORIENTATIONS, cells, cells)
    turned = order[(-np.arange(_ORIENTATIONS)) % _ORIENTATIONS, :, ::-1].ravel()
    places = [turned]
    start = len(turned)
    light = start + np.arange(_GREY_SIDE**2).reshape(_GREY_SIDE, _GREY_SIDE)
    places.append(light[:, ::-1].ravel())
    start += _GREY_SIDE**2
    colors = start + np.arange(2 * _COLOR_SIDE**2).reshape(_COLOR_SIDE, _COLOR_SIDE, 2)
    places.append(colors[:, ::-1].ravel())
    places.append(np.arange(start + 2 * _COLOR_SIDE**2, DESCRIPTOR_SIZE))
    return np.concatenate(places)


def mirrored(descriptors: np.ndarray) -> np.ndarray:
    """The descriptors, float32 (N, DESCRIPTOR_SIZE), that the mirrored pictures would have."""
    return descriptors[:, _mirrored_places()]
