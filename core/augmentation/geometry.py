"""Moving and turning, in one warp: where each output pixel is taken from."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from core.augmentation.changes import Change

KERAS_KINDS = frozenset(
    (
        "rotation",
        "width_shift",
        "height_shift",
        "shear",
        "zoom",
        "horizontal_flip",
        "vertical_flip",
    )
)
FLIPS = frozenset(("horizontal_flip", "vertical_flip"))
KINDS = KERAS_KINDS | {"zoom_crop", "perspective", "slope_x", "slope_y"}
# Keras' names are scipy's: its "reflect" repeats the edge pixel, as OpenCV's REFLECT does
# and REFLECT_101 does not. "wrap" is the seamless tiling of Keras' documentation.
BORDERS = {
    "nearest": cv2.BORDER_REPLICATE,
    "reflect": cv2.BORDER_REFLECT,
    "wrap": cv2.BORDER_WRAP,
    "constant": cv2.BORDER_CONSTANT,
}
_OUTSIDE = cv2.BORDER_CONSTANT  # for what is never reached: the fastest to compute
_LARGEST_MARGINS = 8  # times the picture's area
_BOTH_IN_ONE_MAP: Any = None  # remap's second map, where the first has x and y
_COARSEST = 3.0  # pixels that a Gaussian's deviation spans at least, see `_smooth_moves`
_WARP_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

Values = Mapping[str, tuple[float, ...]]


def warp(
    picture: np.ndarray, changes: Sequence[Change], fill_mode: str, fill_value: int
) -> np.ndarray:
    """All of `changes`, each kind at most once, in one warp and in a fixed order.

    The order is Keras' (rotation, shift, shear, zoom, then flips), then slopes, then zoom
    and crop, then perspective. Pixels are interpolated linearly and agree with Keras' legacy
    `apply_affine_transform(order=1)` on square pictures. Others are turned about their true
    centre, where the legacy function swaps height and width.

    Args:
        picture: uint8 (height, width, channels), channels 1 or 3. Not written to.
        fill_mode: nearest, reflect, wrap or constant.
        fill_value: Grey level 0..255, used by constant.

    Returns:
        uint8, shape of `picture`.
    """
    height, width, channels = picture.shape
    values = {change.kind: change.values for change in changes}
    if values.keys() <= FLIPS:
        return cv2.flip(picture, _flip_code(values)).reshape(picture.shape)
    matrix = output_to_input(values, height, width)
    # OpenCV warps four channels faster than three, the conversions included.
    source = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA) if channels == 3 else picture
    border = BORDERS[fill_mode]
    if len(matrix) == 2 and border != cv2.BORDER_CONSTANT:
        source, matrix, border = _with_margins(source, matrix, border)
    warped = (cv2.warpAffine if len(matrix) == 2 else cv2.warpPerspective)(
        source,
        matrix,
        (width, height),
        flags=_WARP_FLAGS,
        borderMode=border,
        borderValue=(fill_value,) * 4,
    )
    return cv2.cvtColor(warped, cv2.COLOR_RGBA2RGB) if channels == 3 else warped[..., None]


def _flip_code(values: Values) -> int:
    """OpenCV's name for one flip, or for both."""
    if len(values) == 2:
        return -1
    return 1 if "horizontal_flip" in values else 0


def output_to_input(values: Values, height: int, width: int) -> np.ndarray:
    """float64 (2, 3), or (3, 3) with perspective: where each output pixel (x, y) is taken from."""
    matrix = _as_keras(values, height, width)
    if values.keys() <= KERAS_KINDS:
        return matrix
    further = [
        made
        for made in (
            _slope(values, height, width),
            _crop(values.get("zoom_crop"), height, width),
            _corners(values.get("perspective"), height, width),
        )
        if made is not None
    ]
    whole = np.vstack((matrix, (0, 0, 1)))
    for one in further:
        whole = whole @ one
    return whole if "perspective" in values else whole[:2]


def _as_keras(values: Values, height: int, width: int) -> np.ndarray:
    """Rotation · shift · shear · zoom about the centre; a flip negates its axis' column."""
    (angle,) = values.get("rotation", (0.0,))
    (shear,) = values.get("shear", (0.0,))
    (shift_y,), (shift_x,) = values.get("height_shift", (0.0,)), values.get("width_shift", (0.0,))
    zoom_x, zoom_y = values.get("zoom", (1.0, 1.0))
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    shear_cos, shear_sin = math.cos(math.radians(shear)), math.sin(math.radians(shear))
    across = -zoom_x if "horizontal_flip" in values else zoom_x
    down = -zoom_y if "vertical_flip" in values else zoom_y
    xx, xy = cos * across, -(cos * shear_sin + sin * shear_cos) * down
    yx, yy = sin * across, (cos * shear_cos - sin * shear_sin) * down
    move_x, move_y = shift_x * width, shift_y * height
    centre_x, centre_y = width / 2 - 0.5, height / 2 - 0.5
    x = cos * move_x - sin * move_y + centre_x - xx * centre_x - xy * centre_y
    y = sin * move_x + cos * move_y + centre_y - yx * centre_x - yy * centre_y
    return np.array(((xx, xy, x), (yx, yy, y)))


def _slope(values: Values, height: int, width: int) -> np.ndarray | None:
    """Rows moved in proportion to their height above the centre, or columns to their place."""
    if "slope_x" not in values and "slope_y" not in values:
        return None
    (along_x,), (along_y,) = values.get("slope_x", (0.0,)), values.get("slope_y", (0.0,))
    centre_x, centre_y = width / 2 - 0.5, height / 2 - 0.5
    return np.array(
        ((1, along_x, -along_x * centre_y), (along_y, 1, -along_y * centre_x), (0, 0, 1))
    )


def _crop(values: tuple[float, ...] | None, height: int, width: int) -> np.ndarray | None:
    """The box of `1/factor` of both sides at its place, enlarged pixel centre on pixel centre."""
    if values is None:
        return None
    factor, place_x, place_y, mirrored = values
    size = 1 / factor
    left, top = place_x * width * (1 - size), place_y * height * (1 - size)
    across, x = size, left + size / 2 - 0.5
    if mirrored:
        across, x = -size, x + size * (width - 1)
    return np.array(((across, 0, x), (0, size, top + size / 2 - 0.5), (0, 0, 1)))


def _corners(moves: tuple[float, ...] | None, height: int, width: int) -> np.ndarray | None:
    if moves is None:
        return None
    right, bottom = max(width - 1, 1), max(height - 1, 1)
    corners = np.array(((0, 0), (right, 0), (right, bottom), (0, bottom)), np.float32)
    moved = corners + np.array(moves, np.float32).reshape(4, 2) * (width, height)
    return cv2.getPerspectiveTransform(corners, moved.astype(np.float32))


def _with_margins(
    source: np.ndarray, matrix: np.ndarray, border: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """`source` with as much border around it as `matrix` reaches for.

    The warp then never leaves the picture, and takes about half as long: OpenCV
    looks border pixels up one by one. Where the margins would be far larger than
    the picture, everything is left as it is.
    """
    height, width = source.shape[:2]
    left, right = _reach(matrix[0].tolist(), width, height, width)
    top, bottom = _reach(matrix[1].tolist(), width, height, height)
    if (top + height + bottom) * (left + width + right) > _LARGEST_MARGINS * height * width:
        return source, matrix, border
    matrix[:, 2] += (left, top)
    return cv2.copyMakeBorder(source, top, bottom, left, right, border), matrix, _OUTSIDE


def _reach(row: list[float], width: int, height: int, size: int) -> tuple[int, int]:
    """How many pixels a row of the matrix reaches for before 0 and after `size`."""
    by_x, by_y, offset = row[0] * (width - 1), row[1] * (height - 1), row[2]
    lowest = offset + min(by_x, 0) + min(by_y, 0)
    highest = offset + max(by_x, 0) + max(by_y, 0)
    return max(0, 1 - math.floor(lowest)), max(0, math.ceil(highest) - size + 2)


def bend(
    picture: np.ndarray,
    largest: float,
    smoothness: float,
    seed: float,
    fill_mode: str = "nearest",
    fill_value: int = 0,
) -> np.ndarray:
    """Every pixel taken from a place nearby, by random moves that a Gaussian has smoothed.

    Args:
        picture: uint8 (height, width, channels). Not written to.
        largest: The largest move, as a share of the shorter side.
        smoothness: Standard deviation of the Gaussian, as a share of the shorter side.
        seed: Decides the moves.

    Returns:
        uint8, shape of `picture`.
    """
    height, width = picture.shape[:2]
    side = min(height, width)
    moves = _smooth_moves(height, width, max(smoothness * side, 0.3), int(seed))
    moves *= largest * side / max(float(np.abs(moves).max()), 1e-6)
    return cv2.remap(
        picture,
        _places(height, width) + moves,
        _BOTH_IN_ONE_MAP,
        cv2.INTER_LINEAR,
        borderMode=BORDERS[fill_mode],
        borderValue=(fill_value,) * 4,
    ).reshape(picture.shape)


def _smooth_moves(height: int, width: int, deviation: float, seed: int) -> np.ndarray:
    """float32 (height, width, 2): even random numbers -1..1, smoothed by a Gaussian.

    A field that smooth has no detail finer than its Gaussian: it is made on a coarser grid, on
    which the Gaussian still spans `_COARSEST` pixels, and enlarged. That takes a tenth of the time.
    """
    coarser = max(1, int(deviation / _COARSEST))
    size = (-(-height // coarser), -(-width // coarser), 2)
    any_way = np.random.default_rng(seed).random(size, np.float32) * 2 - 1
    smooth = cv2.GaussianBlur(any_way, (0, 0), deviation / coarser)
    if coarser > 1:
        smooth = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth)


@lru_cache(maxsize=4)
def _places(height: int, width: int) -> np.ndarray:
    """float32 (height, width, 2): each pixel's own x and y. Only to be read."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return np.stack((columns, rows), axis=-1)
