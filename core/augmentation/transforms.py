"""Draw, then apply: chance decides in `draw`, pixels change in `apply`.

`draw` returns plain values, so a preview can say what was drawn and a training
can be repeated; `apply` is a pure function of the picture and those values.
Both the preview and the training call these two.
"""

import math
from typing import NamedTuple

import cv2
import numpy as np

from core.augmentation.recipe import AugmentationRecipe

Seed = int | tuple[int, ...]

# Row of the table of random numbers that belongs to each kind of step. A new kind takes
# the next row, so that what the others draw for a seed never changes.
_ROWS = {
    "rotation": 0,
    "width_shift": 1,
    "height_shift": 2,
    "shear": 3,
    "zoom": 4,
    "horizontal_flip": 5,
    "vertical_flip": 6,
}
_NUMBERS_PER_ROW = 3  # one decides whether the step happens, two are for its values

# Keras' names are scipy's: its "reflect" repeats the edge pixel, as OpenCV's REFLECT does
# and REFLECT_101 does not. "wrap" is the seamless tiling of Keras' documentation.
_BORDERS = {
    "nearest": cv2.BORDER_REPLICATE,
    "reflect": cv2.BORDER_REFLECT,
    "wrap": cv2.BORDER_WRAP,
    "constant": cv2.BORDER_CONSTANT,
}
_OUTSIDE = cv2.BORDER_CONSTANT  # for what is never reached: the fastest to compute
_LARGEST_MARGINS = 8  # times the picture's area
_WARP_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Drawn(NamedTuple):
    """The values drawn for one picture, with the signs of Keras' legacy generator.

    Attributes:
        angle: Degrees; positive turns the picture anticlockwise.
        shift_y: Share of the height; positive moves the picture up.
        shift_x: Share of the width; positive moves the picture to the left.
        shear: Degrees.
        zoom_y: Share of the height that is seen; below 1 is nearer.
        zoom_x: Share of the width that is seen.
        flip_horizontal: Left for right, after all of the above.
        flip_vertical: Top for bottom, after all of the above.
        fill_mode: nearest, reflect, wrap or constant.
        fill_value: Grey level 0..255, used by constant.
    """

    angle: float = 0.0
    shift_y: float = 0.0
    shift_x: float = 0.0
    shear: float = 0.0
    zoom_y: float = 1.0
    zoom_x: float = 1.0
    flip_horizontal: bool = False
    flip_vertical: bool = False
    fill_mode: str = "nearest"
    fill_value: int = 0

    @property
    def changes_nothing(self) -> bool:
        return self[:8] == _UNCHANGED

    def describe(self) -> list[tuple[str, str]]:
        """What happened, in words, as `(step, text)` pairs; empty when nothing did."""
        notes = [
            ("Rotation", self.angle, f"turned {_turn(self.angle)}"),
            ("Height shift", self.shift_y, f"moved {_move(self.shift_y, 'up', 'down')}"),
            ("Width shift", self.shift_x, f"moved {_move(self.shift_x, 'left', 'right')}"),
            ("Shear", self.shear, f"slanted {self.shear:.1f}°"),
            (
                "Zoom",
                self.zoom_y != 1 or self.zoom_x != 1,
                f"height × {1 / self.zoom_y:.2f}, width × {1 / self.zoom_x:.2f}",
            ),
            ("Horizontal flip", self.flip_horizontal, "mirrored left for right"),
            ("Vertical flip", self.flip_vertical, "mirrored top for bottom"),
        ]
        return [(step, text) for step, happened, text in notes if happened]


_UNCHANGED = Drawn()[:8]


def draw(recipe: AugmentationRecipe, seed: Seed) -> Drawn:
    """Draws the values of every step that is on.

    Each kind of step has its own random numbers: switching one off, or changing
    its range, leaves what the others draw as it was.

    Args:
        recipe: What may happen, and how strongly.
        seed: A number, or several, of 0 or more. The same seed draws the same values.
    """
    if not recipe.steps:
        return Drawn(fill_mode=recipe.fill_mode, fill_value=recipe.fill_value)
    numbers = np.random.default_rng(seed).random(len(_ROWS) * _NUMBERS_PER_ROW).tolist()
    drawn: dict[str, float | bool] = {}
    for step in recipe.steps:
        start = _ROWS[step.kind] * _NUMBERS_PER_ROW
        chance, first, second = numbers[start : start + _NUMBERS_PER_ROW]
        if step.enabled and chance < step.probability:
            drawn.update(_values(step, first, second))
    return Drawn(**drawn, fill_mode=recipe.fill_mode, fill_value=recipe.fill_value)  # type: ignore[arg-type]


def _values(step, first: float, second: float) -> dict[str, float | bool]:
    match step.kind:
        case "rotation":
            return {"angle": _either_side(step.degrees, first)}
        case "width_shift":
            return {"shift_x": _either_side(step.fraction, first)}
        case "height_shift":
            return {"shift_y": _either_side(step.fraction, first)}
        case "shear":
            return {"shear": _either_side(step.degrees, first)}
        case "zoom":
            return {
                "zoom_x": 1 + _either_side(step.fraction, first),
                "zoom_y": 1 + _either_side(step.fraction, second),
            }
        case "horizontal_flip":
            return {"flip_horizontal": True}
        case _:
            return {"flip_vertical": True}


def apply(picture: np.ndarray, drawn: Drawn) -> np.ndarray:
    """The picture after the drawn values: a new array, in one warp.

    Pixels are interpolated linearly and agree with Keras' legacy
    `apply_affine_transform(order=1)` on square pictures. Others are turned about
    their true centre, where the legacy function swaps height and width.

    Args:
        picture: uint8 (height, width, channels), channels 1 or 3. Not written to.

    Returns:
        uint8, shape of `picture`.
    """
    if drawn.changes_nothing:
        return picture.copy()
    height, width, channels = picture.shape
    matrix = output_to_input(drawn, height, width)
    # OpenCV warps four channels faster than three, the conversions included.
    source = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA) if channels == 3 else picture
    border = _BORDERS[drawn.fill_mode]
    if border != cv2.BORDER_CONSTANT:
        source, matrix, border = _with_margins(source, matrix, border)
    warped = cv2.warpAffine(
        source,
        matrix,
        (width, height),
        flags=_WARP_FLAGS,
        borderMode=border,
        borderValue=(drawn.fill_value,) * 4,
    )
    return cv2.cvtColor(warped, cv2.COLOR_RGBA2RGB) if channels == 3 else warped[..., None]


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


def output_to_input(drawn: Drawn, height: int, width: int) -> np.ndarray:
    """float64 (2, 3): where in the input, as (x, y), each output pixel is taken from.

    Rotation · shift · shear · zoom about the centre, as in Keras; a flip negates
    the column of its axis.
    """
    cos, sin = math.cos(math.radians(drawn.angle)), math.sin(math.radians(drawn.angle))
    shear_cos = math.cos(math.radians(drawn.shear))
    shear_sin = math.sin(math.radians(drawn.shear))
    across = -drawn.zoom_x if drawn.flip_horizontal else drawn.zoom_x
    down = -drawn.zoom_y if drawn.flip_vertical else drawn.zoom_y
    xx, xy = cos * across, -(cos * shear_sin + sin * shear_cos) * down
    yx, yy = sin * across, (cos * shear_cos - sin * shear_sin) * down
    move_x, move_y = drawn.shift_x * width, drawn.shift_y * height
    centre_x, centre_y = width / 2 - 0.5, height / 2 - 0.5
    x = cos * move_x - sin * move_y + centre_x - xx * centre_x - xy * centre_y
    y = sin * move_x + cos * move_y + centre_y - yx * centre_x - yy * centre_y
    return np.array(((xx, xy, x), (yx, yy, y)))


def rescale(picture: np.ndarray, recipe: AugmentationRecipe) -> np.ndarray:
    """float32, shape of `picture`: the numbers that the model's first layer makes of it."""
    return picture.astype(np.float32) * np.float32(recipe.rescale)


def picture_seed(seed: int, epoch: int, index: int, copy: int = 0) -> tuple[int, ...]:
    """The seed with which training draws for one picture.

    Args:
        seed: The training's seed.
        epoch: Counted from 0.
        index: The picture's row in the prepared array.
        copy: 0 for the first time the picture is shown in that epoch, then 1, 2, …
    """
    return (seed, epoch, index, copy)


def _either_side(largest: float, number: float) -> float:
    return largest * (2 * number - 1)


def _turn(angle: float) -> str:
    return f"{abs(angle):.0f}° {'anticlockwise' if angle > 0 else 'clockwise'}"


def _move(share: float, positive: str, negative: str) -> str:
    return f"{abs(share):.0%} {positive if share > 0 else negative}".replace("%", " %")
