"""Shapes painted on a picture with room to spare: positions are real numbers, edges are soft.

A canvas is a `uint8` array of shape `(height, width, 3)` in RGB. Points are
`(n, 2)` float arrays of `(x, y)` in pixels. Everything paints in place.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray
_SHIFT = 4  # OpenCV's fixed-point bits: sixteenths of a pixel
LANES = 5  # strips across a tube, so that it looks round


def colour(rgb) -> tuple[int, int, int]:
    """`rgb` (any three numbers) as the 0..255 integers that OpenCV wants."""
    # Plain numbers: NumPy takes ten times as long for three of them.
    red, green, blue = (min(255, max(0, round(float(value)))) for value in rgb)
    return red, green, blue


def fill(canvas: Array, points: Array, rgb) -> None:
    """A filled polygon."""
    cv2.fillPoly(canvas, [_fixed(points)], colour(rgb), cv2.LINE_AA, _SHIFT)


def stroke(canvas: Array, points: Array, rgb, thickness: float) -> None:
    """An open line through `points`."""
    width = max(1, round(thickness))
    cv2.polylines(canvas, [_fixed(points)], False, colour(rgb), width, cv2.LINE_AA, _SHIFT)


def ellipse(canvas: Array, centre, axes, angle: float, rgb) -> None:
    """A filled ellipse; `axes` are half lengths in pixels, `angle` is in radians."""
    fill(canvas, ellipse_points(centre, axes, angle), rgb)


def ellipse_points(centre, axes, angle: float, count: int = 20) -> Array:
    """`count` points around an ellipse."""
    across, down = _circle(count)
    x, y = axes[0] * across, axes[1] * down
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos], axis=1)


@lru_cache(maxsize=16)
def _circle(count: int) -> tuple[Array, Array]:
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.cos(turn), np.sin(turn)


def ball(canvas: Array, centre, axes, angle: float, rgb, light: Array) -> None:
    """An ellipse shaded like a ball that `light`, a unit vector, falls on from its end."""
    rgb = np.asarray(rgb, float)
    toward = -np.asarray(light) * min(axes)
    for size, shift, gain in (
        (1, 0, 0.62),
        (0.86, 0.08, 0.85),
        (0.66, 0.18, 1.05),
        (0.4, 0.3, 1.3),
    ):
        place = np.asarray(centre) + toward * shift
        ellipse(canvas, place, np.asarray(axes) * size, angle, rgb * gain + (gain > 1.2) * 18)


def tube(canvas: Array, spine: Array, radii: Array, colours: Array, light: Array) -> None:
    """A round stem, leg or abdomen along `spine`.

    Args:
        spine: `(n, 2)` centre line.
        radii: `(n,)` half widths in pixels.
        colours: `(n - 1, LANES, 3)`, or anything that broadcasts to it.
        light: Unit vector in which the light travels.
    """
    across = normals(spine)
    edges = np.linspace(-1, 1, LANES + 1)
    rims = _fixed(spine[:, None] + across[:, None] * (radii[:, None] * edges)[..., None])
    middle = (edges[1:] + edges[:-1]) / 2
    facing = -(across[:-1] @ light)[:, None] * middle
    shade = 0.62 + 0.4 * np.sqrt(1 - middle**2) + 0.28 * facing
    painted = np.broadcast_to(colours, (len(spine) - 1, LANES, 3)) * shade[..., None]
    # All at once: an abdomen is 150 patches, and NumPy takes long for each single one.
    patches = np.stack([rims[:-1, :-1], rims[:-1, 1:], rims[1:, 1:], rims[1:, :-1]], axis=2)
    shades = np.clip(np.rint(painted), 0, 255).astype(int).reshape(-1, 3).tolist()
    for patch, rgb in zip(patches.reshape(-1, 4, 2), shades, strict=True):
        cv2.fillPoly(canvas, [patch], rgb, cv2.LINE_AA, _SHIFT)


def normals(spine: Array) -> Array:
    """Unit vectors across `spine`, one per point."""
    along = np.gradient(spine, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    return np.stack([-along[:, 1], along[:, 0]], axis=1)


def curve(start, end, bend: float, count: int = 12) -> Array:
    """Points from `start` to `end`, bowed sideways by `bend` times their distance."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    share = np.linspace(0, 1, count)[:, None]
    across = np.array([start[1] - end[1], end[0] - start[0]])
    return start + (end - start) * share + across * bend * 4 * share * (1 - share)


def smooth_noise(
    rng: np.random.Generator, shape: tuple[int, int], cells: float | tuple[int, int]
) -> Array:
    """Clouds between 0 and 1, `float32` of `shape`; `cells` is `(down, across)` or one number."""
    down, across = cells if isinstance(cells, tuple) else (cells, cells)
    grid = rng.random((max(2, int(down)) + 1, max(2, int(across)) + 1), dtype=np.float32)
    return cv2.resize(grid, shape[::-1], interpolation=cv2.INTER_CUBIC).clip(0, 1)


def mix(first: ArrayLike, second: ArrayLike, share: Array) -> Array:
    """`first` where `share` is 0, `second` where it is 1; `share` is `(height, width)`."""
    start, end = np.asarray(first, np.float32), np.asarray(second, np.float32)
    return start + (end - start) * share[..., None]


def darken(canvas: Array, mask: Array, strength: float) -> None:
    """Casts a shadow: `mask` is `uint8`, of any size, stretched over the canvas."""
    mask = cv2.resize(mask, canvas.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    keep = cv2.LUT(mask, np.round(255 - np.arange(256) * strength).astype(np.uint8))
    cv2.multiply(canvas, cv2.merge([keep] * 3), canvas, 1 / 255)


def _fixed(points: Array) -> Array:
    return np.rint(np.asarray(points) * 2**_SHIFT).astype(np.int32)
