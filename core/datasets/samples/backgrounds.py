"""Places where an insect may rest: water, reeds, sand, bark, greenery, a large leaf.

Each returns a `uint8` picture `(height, width, 3)` at final size, out of focus as
the background of a close-up is; the scene enlarges it before it paints on it.
"""

from collections.abc import Callable

import cv2
import numpy as np

from core.datasets.samples.canvas import (
    Array,
    ball,
    curve,
    ellipse,
    mix,
    smooth_noise,
    stroke,
    tube,
)
from core.datasets.samples.palettes import stone, vary

Rng = np.random.Generator
Shape = tuple[int, int]

_WATERS = (
    ((38, 74, 86), (128, 160, 168)),
    ((40, 66, 50), (120, 140, 96)),
    ((52, 76, 112), (160, 190, 214)),
    ((60, 58, 46), (150, 146, 124)),
)
_GREENS = ((62, 104, 44), (94, 136, 58), (44, 84, 52), (128, 152, 76), (110, 120, 60))
_SANDS = ((196, 176, 140), (168, 150, 124), (150, 140, 128), (186, 160, 118))
_BARKS = ((108, 88, 70), (132, 118, 104), (92, 80, 60), (146, 122, 92))


def water(rng: Rng, shape: Shape) -> Array:
    """Ripples, the sky's reflection and the far bank's dark one, floating pads and duckweed."""
    deep, bright = (vary(rng, rgb) for rgb in _WATERS[rng.integers(len(_WATERS))])
    across, down = _grid(rng, shape, rng.uniform(-0.35, 0.35))
    sway = smooth_noise(rng, shape, 4)
    ripple = np.sin(down * rng.uniform(30, 60) + sway * 9 + np.sin(across * 5) * 1.5)
    sky = np.clip(0.25 + 0.5 * (1 - down) + 0.3 * (sway - 0.5), 0, 1)
    picture = mix(deep, bright, np.clip(sky + 0.13 * ripple * (0.3 + sway), 0, 1))
    bank = smooth_noise(rng, shape, (2, 12)) * smooth_noise(rng, shape, 3)
    picture = mix(picture, vary(rng, (36, 58, 34)), np.clip(bank * 1.6 - 0.35, 0, 0.7))
    glints = np.clip(ripple * smooth_noise(rng, shape, 14) - 0.62, 0, 1) * 2
    picture = _finish(mix(picture, (240, 246, 246), np.clip(glints, 0, 0.8)), 0.6)
    for _ in range(rng.integers(0, 4)):
        _lily_pad(picture, rng)
    for x, y in rng.uniform(0, 1, (rng.choice((0, 0, 25, 60)), 2)) ** (1, 1.4):
        place = (x * shape[1], y * shape[0])
        ellipse(picture, place, rng.uniform(0.8, 2.0, 2), 0, vary(rng, (132, 166, 70)))
    return picture


def reeds(rng: Rng, shape: Shape) -> Array:
    """Stems behind stems, the nearer the sharper."""
    picture = greenery(rng, shape)
    tilt = rng.uniform(-0.5, 0.5)
    for layer, blur in enumerate((5.0, 2.4, 1.2)):
        for _ in range(rng.integers(3, 7)):
            _reed(picture, rng, tilt, 0.6 + 0.25 * layer)
        picture = cv2.GaussianBlur(picture, (0, 0), blur * shape[0] / 128)
    return picture


def sand(rng: Rng, shape: Shape) -> Array:
    """A sandy or stony bank with pebbles."""
    base = vary(rng, _SANDS[rng.integers(len(_SANDS))])
    clouds = smooth_noise(rng, shape, 5) * 0.5 + smooth_noise(rng, shape, 40) * 0.5
    grain = rng.normal(0, 12, shape).astype(np.float32)[..., None]
    picture = _finish(mix(base * 0.72, base * 1.12, clouds) + grain, 0.5)
    light = _down_light(rng)
    for _ in range(rng.integers(4, 26)):
        size = rng.gamma(2.0, 0.011) * shape[0] + 1
        centre = rng.uniform(0, 1, 2) * shape[::-1]
        axes = (size * rng.uniform(1, 1.6), size)
        turn = rng.uniform(0, np.pi)
        ellipse(picture, centre + light * size * 0.35, axes, turn, base * 0.5)
        ball(picture, centre, axes, turn, stone(rng, base) * 0.9, light)
    return picture


def bark(rng: Rng, shape: Shape) -> Array:
    """Furrowed bark or a weathered board, with moss."""
    base = vary(rng, _BARKS[rng.integers(len(_BARKS))])
    across, down = _grid(rng, shape, rng.uniform(0, np.pi))
    wobble = smooth_noise(rng, shape, 5)
    furrows = np.sin(across * rng.uniform(34, 60) + wobble * 6 + down * 3)
    rough = smooth_noise(rng, shape, 50) * 0.5 + smooth_noise(rng, shape, 18) * 0.5
    height = np.clip(0.55 + 0.28 * furrows * (0.4 + wobble) + 0.6 * (rough - 0.5), 0, 1)
    picture = mix(base * 0.42, base * 1.2, height)
    moss = np.clip(smooth_noise(rng, shape, 6) * 2.2 - rng.uniform(1.2, 2.2), 0, 0.75)
    return _finish(mix(picture, vary(rng, (104, 128, 56)), moss * (0.5 + 0.5 * rough)), 0.5)


def greenery(rng: Rng, shape: Shape) -> Array:
    """A meadow far out of focus: soft blots and discs of light."""
    first, second, third = (vary(rng, _GREENS[i], 20) for i in rng.choice(len(_GREENS), 3, False))
    picture = mix(first * 0.6, second, smooth_noise(rng, shape, 3))
    picture = _finish(mix(picture, third * 1.2, smooth_noise(rng, shape, 5) ** 2), 0)
    for _ in range(rng.integers(0, 16)):
        disc = picture.copy()
        radius = rng.uniform(0.03, 0.1) * shape[0]
        tint = vary(
            rng,
            ((206, 214, 150), (226, 222, 204), (212, 150, 150))[rng.choice(3, p=(0.6, 0.3, 0.1))],
        )
        ellipse(disc, rng.uniform(0, 1, 2) * shape[::-1], (radius, radius), 0, tint)
        picture = cv2.addWeighted(picture, 0.74, disc, 0.26, 0)
    return cv2.GaussianBlur(picture, (0, 0), 1.6 * shape[0] / 128)


def leaf(rng: Rng, shape: Shape) -> Array:
    """One large leaf that fills the picture, with its ribs."""
    base = vary(rng, _GREENS[rng.integers(len(_GREENS))], 18)
    across, down = _grid(rng, shape, rng.uniform(0, 2 * np.pi))
    offset = across - rng.uniform(0.3, 0.7)
    ribs = np.sin((down + abs(offset) * rng.uniform(0.5, 1.0)) * rng.uniform(34, 60))
    clouds = smooth_noise(rng, shape, 4) * 0.6 + smooth_noise(rng, shape, 24) * 0.4
    picture = mix(base * 0.7, base * 1.25, clouds)
    picture = mix(picture, base * 1.5 + 16, np.clip(ribs - 0.86, 0, 1) * 3.4)
    picture = mix(picture, base * 1.7 + 20, np.exp(-((offset / 0.014) ** 2)) * 0.8)
    return _finish(picture, 0.6)


Background = Callable[[Rng, Shape], Array]
BACKGROUNDS: tuple[Background, ...] = (water, water, reeds, sand, bark, greenery, leaf)
FAR = frozenset((reeds, greenery))  # what lies about in these is out of focus too


def _lily_pad(picture: Array, rng: Rng) -> None:
    height, width = picture.shape[:2]
    radius = rng.uniform(0.10, 0.24) * height
    centre = rng.uniform(-0.05, 1.05, 2) * (width, height)
    squash, notch = rng.uniform(0.65, 0.95), rng.uniform(0, 2 * np.pi)
    turn = notch + np.linspace(0.2, 2 * np.pi - 0.2, 30)
    rim = np.stack([np.cos(turn), np.sin(turn) * squash], axis=1)
    green = vary(rng, (88, 132, 66), 18)
    shape = np.concatenate([[[0, 0]], rim])
    for grown, shift, rgb in ((1.03, 0.06, green * 0.3), (1, 0, green * 0.85), (0.93, 0, green)):
        points = centre + shape * radius * grown + radius * shift
        cv2.fillPoly(
            picture,
            [np.round(points * 16).astype(np.int32)],
            [int(c) for c in np.clip(rgb, 0, 255)],
            cv2.LINE_AA,
            4,
        )
    for point in rim[2::4]:
        stroke(picture, np.stack([centre, centre + point * radius * 0.9]), green * 1.22, 1)


def _reed(picture: Array, rng: Rng, tilt: float, brightness: float) -> None:
    height, width = picture.shape[:2]
    foot = rng.uniform(-0.2, 1.2) * width
    top = foot + (tilt + rng.uniform(-0.25, 0.25)) * height
    spine = curve((foot, height * 1.1), (top, -0.1 * height), rng.uniform(-0.08, 0.08))
    green = vary(rng, ((104, 138, 62), (150, 146, 84), (84, 120, 70))[rng.integers(3)], 18)
    radius = rng.uniform(0.008, 0.028) * height
    tube(picture, spine, np.full(len(spine), radius), green * brightness, _down_light(rng))


def _grid(rng: Rng, shape: Shape, angle: float) -> tuple[Array, Array]:
    """Coordinates 0..1 across and down, turned by `angle` about the middle."""
    down, across = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / shape[0] - 0.5
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return across * cos - down * sin + 0.5, across * sin + down * cos + 0.5


def _down_light(rng: Rng) -> Array:
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])


def _finish(picture: Array, blur: float) -> Array:
    soft = cv2.GaussianBlur(picture, (0, 0), blur * picture.shape[0] / 128) if blur else picture
    return np.clip(soft, 0, 255).astype(np.uint8)
