"""Pond insects: dragonfly against damselfly, drawn, photographed and written as JPEG."""

from pathlib import Path

import cv2
import numpy as np

from core.datasets.samples.backgrounds import BACKGROUNDS, FAR
from core.datasets.samples.canvas import Array, darken
from core.datasets.samples.clutter import paint_foreground, paint_perch, scatter
from core.datasets.samples.insects import BUILDS, compose_insect, insect_shadow, paint_insect
from core.datasets.samples.light import light_direction, photograph
from core.errors import LoupeError
from core.progress import Progress, silent

LABELS = tuple(sorted(BUILDS))
PER_CLASS = 400
_ROOM = 3  # painted this much larger, then shrunk: soft edges
_SIZES = ((128, 128), (128, 128), (144, 144), (120, 160), (128, 160), (160, 128))
# Body length as a share of the picture's shorter side. A damselfly is drawn longer, because
# it is slender: so that both cover about as much of the picture.
_LENGTHS = {"damselfly": (0.78, 1.02), "dragonfly": (0.66, 0.90)}


def draw_insect(label: str, seed: int, size: int = 128) -> Array:
    """One picture of an insect at rest.

    Args:
        label: `damselfly` or `dragonfly`.
        seed: The same seed draws the same picture.
        size: Height and width in pixels.

    Returns:
        `uint8` array of shape `(size, size, 3)`, RGB.

    Raises:
        LoupeError: If the label is neither.
    """
    return draw_scene(label, seed, (size, size))


def draw_scene(label: str, seed: int, image_size: tuple[int, int]) -> Array:
    """`draw_insect` for any `image_size=(height, width)`."""
    if label not in LABELS:
        raise LoupeError(f"There is no pond insect called {label!r}: choose {' or '.join(LABELS)}.")
    rng = np.random.default_rng([seed, LABELS.index(label)])
    light = light_direction(rng)
    canvas = _paint_surroundings(rng, image_size, light)
    _paint_subject(canvas, label, rng, light)
    paint_foreground(canvas, rng, light)
    small = cv2.resize(canvas, image_size[::-1], interpolation=cv2.INTER_AREA)
    return photograph(small, rng)


def write_pond_insects(folder: Path, progress: Progress = silent) -> None:
    """Writes `PER_CLASS` JPEG files into `folder/damselfly` and `folder/dragonfly`."""
    total = PER_CLASS * len(LABELS)
    for number in range(total):
        seed, label = number // len(LABELS), LABELS[number % len(LABELS)]
        image_size = _SIZES[(seed * 7 + number) % len(_SIZES)]
        picture = draw_scene(label, seed, image_size)
        target = folder / label / f"{label}-{seed + 1:03d}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(target), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        progress(number + 1, total, f"Drawing {label} {seed + 1}")


def _paint_surroundings(
    rng: np.random.Generator, image_size: tuple[int, int], light: Array
) -> Array:
    """Background and what lies on it, `_ROOM` times as large as the picture will be."""
    large = (image_size[1] * _ROOM, image_size[0] * _ROOM)
    place = BACKGROUNDS[rng.integers(len(BACKGROUNDS))]
    background = place(rng, image_size)
    if place in FAR:
        scatter(background, rng, light)
        background = cv2.GaussianBlur(background, (0, 0), rng.uniform(0.8, 2) * image_size[0] / 128)
        return cv2.resize(background, large, interpolation=cv2.INTER_CUBIC)
    canvas = cv2.resize(background, large, interpolation=cv2.INTER_CUBIC)
    scatter(canvas, rng, light)
    return canvas


def _paint_subject(canvas: Array, label: str, rng: np.random.Generator, light: Array) -> None:
    height, width = canvas.shape[:2]
    scale = rng.uniform(*_LENGTHS[label]) * min(height, width)
    heading = _heading(rng)
    at = np.array([width, height]) * (0.5 + rng.uniform(-0.09, 0.09, 2))
    view = _view(rng, at, heading, scale)
    insect = compose_insect(label, rng, view, scale)
    paint_perch(canvas, rng, insect.place([(-0.05, 0)])[0], heading, light)
    _cast_shadow(canvas, insect, rng, light)
    paint_insect(canvas, insect, light)


def _heading(rng: np.random.Generator) -> float:
    """Any direction; head up more often than not, as people turn the camera."""
    return float(
        rng.vonmises(-np.pi / 2, 1.2) if rng.random() < 0.65 else rng.uniform(0, 2 * np.pi)
    )


def _view(rng: np.random.Generator, at: Array, heading: float, scale: float) -> Array:
    """Body coordinates to pixels, `(3, 3)`: the body's middle comes to lie at `at`."""
    centred = np.array([[1, 0, 0.28], [0, 1, 0], [0, 0, 1.0]])
    tilt = np.diag([rng.uniform(0.86, 1), rng.uniform(0.84, 1), 1])
    lean = np.eye(3)
    lean[2, :2] = rng.uniform(-0.18, 0.18, 2)
    cos, sin = np.cos(heading) * scale, np.sin(heading) * scale
    turn = np.array([[cos, -sin, at[0]], [sin, cos, at[1]], [0, 0, 1]])
    return turn @ lean @ tilt @ centred


def _cast_shadow(canvas: Array, insect, rng: np.random.Generator, light: Array) -> None:
    shrink = 1 / _ROOM
    shape = canvas.shape[0] // _ROOM, canvas.shape[1] // _ROOM
    mask = insect_shadow(insect, shape, shrink)
    height = rng.uniform(0.015, 0.06) * shape[0]
    shift = np.array([[1, 0, light[0] * height], [0, 1, light[1] * height]], np.float32)
    mask = cv2.warpAffine(mask, shift, shape[::-1])
    darken(canvas, cv2.GaussianBlur(mask, (0, 0), 0.6 + height * 0.35), rng.uniform(0.3, 0.6))
