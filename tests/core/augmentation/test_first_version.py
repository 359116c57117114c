"""Recipes of the first version draw the same values and give the same pictures, to the bit."""

import math

import cv2
import numpy as np
import pytest

from core.augmentation.presets import BUTTERFLIES, GENTLE
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.transforms import apply, draw

OLD_JSON = """{"name": "own", "steps": [
 {"enabled": true, "probability": 0.9, "kind": "zoom", "fraction": 0.4},
 {"enabled": true, "probability": 1.0, "kind": "rotation", "degrees": 180.0},
 {"enabled": true, "probability": 0.8, "kind": "shear", "degrees": 30.0},
 {"enabled": true, "probability": 1.0, "kind": "width_shift", "fraction": 0.3},
 {"enabled": false, "probability": 1.0, "kind": "height_shift", "fraction": 0.3},
 {"enabled": true, "probability": 0.5, "kind": "vertical_flip"},
 {"enabled": true, "probability": 0.5, "kind": "horizontal_flip"}],
 "fill_mode": "constant", "fill_value": 90, "rescale": 0.00392156862745098}"""
KINDS = ("rotation", "width_shift", "height_shift", "shear", "zoom")
KINDS += ("horizontal_flip", "vertical_flip")
BORDERS = {
    "nearest": cv2.BORDER_REPLICATE,
    "reflect": cv2.BORDER_REFLECT,
    "constant": cv2.BORDER_CONSTANT,
}


def first_draw(recipe: AugmentationRecipe, seed: int) -> dict[str, tuple[float, ...]]:
    """As the first version drew: a row of three numbers for each of its seven kinds."""
    numbers = np.random.default_rng(seed).random(21).reshape(7, 3)
    drawn: dict[str, tuple[float, ...]] = {}
    for step in recipe.steps:
        chance, first, second = numbers[KINDS.index(step.kind)]
        if step.enabled and chance < step.probability:
            largest = getattr(step, "degrees", getattr(step, "fraction", None))
            one, other = ((largest or 0) * (2 * number - 1) for number in (first, second))
            pair = (1 + one, 1 + other) if step.kind == "zoom" else (one,)
            drawn[step.kind] = () if largest is None else pair
    return drawn


def reach(row: np.ndarray, width: int, height: int, size: int) -> tuple[int, int]:
    corners = [row @ (x, y, 1) for x in (0, width - 1) for y in (0, height - 1)]
    return max(0, 1 - math.floor(min(corners))), max(0, math.ceil(max(corners)) - size + 2)


def first_apply(picture: np.ndarray, drawn: dict, recipe: AugmentationRecipe) -> np.ndarray:
    """As the first version warped, where its margins were not too large."""
    height, width, channels = picture.shape
    turn = math.radians(drawn.get("rotation", (0,))[0])
    slant = math.radians(drawn.get("shear", (0,))[0])
    zoom_x, zoom_y = drawn.get("zoom", (1, 1))
    across = -zoom_x if "horizontal_flip" in drawn else zoom_x
    down = -zoom_y if "vertical_flip" in drawn else zoom_y
    cos, sin = math.cos(turn), math.sin(turn)
    xx, xy = cos * across, -(cos * math.sin(slant) + sin * math.cos(slant)) * down
    yx, yy = sin * across, (cos * math.cos(slant) - sin * math.sin(slant)) * down
    move_x = drawn.get("width_shift", (0,))[0] * width
    move_y = drawn.get("height_shift", (0,))[0] * height
    centre_x, centre_y = width / 2 - 0.5, height / 2 - 0.5
    x = cos * move_x - sin * move_y + centre_x - xx * centre_x - xy * centre_y
    y = sin * move_x + cos * move_y + centre_y - yx * centre_x - yy * centre_y
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    matrix, size = np.array(((xx, xy, x), (yx, yy, y))), (width, height)
    edges = {"borderMode": BORDERS[recipe.fill_mode], "borderValue": (recipe.fill_value,) * 4}
    source = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA) if channels == 3 else picture
    if recipe.fill_mode != "constant":
        left, right = reach(matrix[0], width, height, width)
        top, bottom = reach(matrix[1], width, height, height)
        source = cv2.copyMakeBorder(source, top, bottom, left, right, edges["borderMode"])
        matrix[:, 2] += (left, top)
    warped = cv2.warpAffine(source, matrix, size, flags=flags, **edges)
    return cv2.cvtColor(warped, cv2.COLOR_RGBA2RGB) if channels == 3 else warped[..., None]


@pytest.mark.parametrize(
    "recipe", [BUTTERFLIES, GENTLE, AugmentationRecipe.model_validate_json(OLD_JSON)]
)
def test_it_is_the_same_picture(recipe: AugmentationRecipe) -> None:
    rng = np.random.default_rng(0)
    for seed in range(60):
        drawn = draw(recipe, seed)
        expected = first_draw(recipe, seed)
        assert {change.kind: change.values for change in drawn.changes} == expected
        picture = rng.integers(0, 256, (40, 31 + seed % 20, 1 + 2 * (seed % 2)), np.uint8)
        np.testing.assert_array_equal(apply(picture, drawn), first_apply(picture, expected, recipe))
