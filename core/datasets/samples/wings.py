"""Wings: an outline, a net of veins, the spot near the tip, painted as glass."""

from functools import lru_cache

import cv2
import numpy as np

from core.datasets.samples.canvas import Array
from core.datasets.samples.palettes import WingColours

_LENGTH, _HEIGHT = 768, 288  # the size at which a wing is designed, leading edge on top
_LEVELS = (96, 192, 384, 768)
VARIANTS = 4

# Width along the wing, from base to tip, as a share of the wing's length.
_PROFILES = {
    "dragonfly-fore": ((0, 0.10), (0.12, 0.17), (0.35, 0.215), (0.7, 0.22), (1, 0.20)),
    "dragonfly-hind": ((0, 0.20), (0.06, 0.31), (0.25, 0.33), (0.6, 0.26), (1, 0.19)),
    "damselfly": ((0, 0.025), (0.14, 0.05), (0.35, 0.14), (0.65, 0.21), (1, 0.20)),
}
_VEINS = (0.12, 0.3, 0.52, 0.76)  # long veins, as shares of the width below the leading edge


def paint_wing(
    canvas: Array, shape: str, variant: int, placed: Array, colours: WingColours
) -> None:
    """One translucent wing.

    Args:
        canvas: Painted in place.
        shape: `dragonfly-fore`, `dragonfly-hind` or `damselfly`.
        variant: Which of the `VARIANTS` nets of veins.
        placed: `(3, 3)` homography from wing coordinates (x: base 0 to tip 1, y: from the
            leading edge backwards, same unit) to pixels.
        colours: What the wing is made of.
    """
    corners = np.array([[[0, -0.02], [1, -0.02], [1, 0.36], [0, 0.36]]], np.float32)
    outline = cv2.perspectiveTransform(corners, placed)[0]
    left, top = np.maximum(np.floor(outline.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(outline.max(axis=0)).astype(int) + 1
    area = canvas[top:bottom, left:right]
    if right <= left or bottom <= top or area.size == 0:
        return
    reach = float(np.linalg.norm(outline[1] - outline[0]))
    length = next((level for level in _LEVELS if level >= 0.8 * reach), _LEVELS[-1])
    scale = np.diag([1 / length, 1 / length, 1])
    to_area = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ placed @ scale
    glass = cv2.warpPerspective(
        _coloured(shape, variant, length, colours), to_area, area.shape[1::-1]
    )
    through = area * (1 - glass[..., 3:] / 255)
    through += glass[..., :3]
    area[:] = cv2.convertScaleAbs(through)


def wing_outline(shape: str) -> Array:
    """The wing's edge in wing coordinates, `(n, 2)`."""
    along = np.linspace(0, 1, 24)
    lead, trail = _edges(shape, along)
    return np.concatenate([np.stack([along, lead], 1), np.stack([along, trail], 1)[::-1]])


def _edges(shape: str, along: Array) -> tuple[Array, Array]:
    places, widths = np.array(_PROFILES[shape]).T
    width = np.interp(along, places, widths)
    tip = np.sqrt(np.clip(1 - (np.clip(along - 0.84, 0, None) / 0.16) ** 2, 0, 1))
    lead = 0.012 + 0.02 * (1 - np.sin(np.pi * np.clip(along, 0, 1)))
    middle = lead + 0.35 * width * (1 - tip)
    return middle, middle + width * tip * (0.65 + 0.35 * tip)


@lru_cache(maxsize=8)  # the wings of one insect share it
def _coloured(shape: str, variant: int, length: int, colours: WingColours) -> Array:
    """Colour already multiplied by opacity, and the opacity: float32 `(h, length, 4)`, 0..255."""
    membrane, veins, stigma, sheen = np.moveaxis(_texture(shape, variant, length), -1, 0)
    alpha = membrane * colours.opacity
    rgb = alpha[..., None] * (np.array(colours.membrane, np.float32) + sheen[..., None] * 70)
    for cover, paint in (
        (veins * (0.9 if shape == "damselfly" else 0.5), colours.veins),
        (stigma * 0.92, colours.stigma),
    ):
        rgb = rgb * (1 - cover[..., None]) + cover[..., None] * np.array(paint, np.float32)
        alpha = alpha * (1 - cover) + cover
    return np.dstack([rgb, alpha * 255]).astype(np.float32)


@lru_cache(maxsize=48)
def _texture(shape: str, variant: int, length: int) -> Array:
    if length < _LENGTH:
        height = _HEIGHT * length // _LENGTH
        full = _texture(shape, variant, _LENGTH)
        return cv2.resize(full, (length, height), interpolation=cv2.INTER_AREA)
    rng = np.random.default_rng([variant, len(shape)])
    across, down = np.meshgrid(np.arange(_LENGTH) / _LENGTH, np.arange(_HEIGHT) / _LENGTH)
    lead, trail = _edges(shape, across)
    inside = ((down >= lead) & (down <= trail)).astype(np.float32)
    depth = (down - lead) / np.maximum(trail - lead, 1e-3)
    veins = np.maximum(_net(rng, inside), _long_veins(across, depth)) * inside
    edge = inside - cv2.erode(inside, np.ones((5, 5)))
    veins = np.maximum(veins, edge * 0.9)
    spot = 0.022 if shape == "damselfly" else 0.04
    stigma = inside * (abs(across - 0.86) < spot) * (depth < 0.24)
    sheen = inside * np.clip(np.sin(across * 7 + depth * 3 + variant) ** 3, 0, 1)
    layers = np.dstack([inside, veins, stigma, sheen]).astype(np.float32)
    return cv2.GaussianBlur(layers, (0, 0), 1.0)


def _net(rng: np.random.Generator, inside: Array) -> Array:
    """The small cells between the long veins: borders of the nearest-seed regions."""
    free = np.full(inside.shape, 255, np.uint8)
    columns, rows = 46, 12
    x = (np.arange(columns)[None] + rng.uniform(0.2, 0.8, (rows, columns))) * _LENGTH / columns
    y = (np.arange(rows)[:, None] + rng.uniform(0.2, 0.8, (rows, columns))) * _HEIGHT / rows
    free[y.astype(int), x.astype(int)] = 0
    _, cells = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    border = (cells != np.roll(cells, 1, 0)) | (cells != np.roll(cells, 1, 1))
    return cv2.dilate(border.astype(np.float32), np.ones((2, 2))) * 0.6


def _long_veins(across: Array, depth: Array) -> Array:
    veins = np.zeros_like(across)
    for share in _VEINS:
        course = share * (0.55 + 0.45 * np.sin(np.clip(across * 1.3, 0, 1) * np.pi / 2))
        veins = np.maximum(veins, np.clip(1.4 - abs(depth - course) / 0.022, 0, 1))
    return veins
