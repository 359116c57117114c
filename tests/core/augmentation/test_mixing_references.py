"""Steps that hide, mix and choose against libraries that others trust; see `references`.

How often and how strongly they do it is in `test_papers.py`.
"""

import math

import albumentations
import keras
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps
from scipy import ndimage

from core.augmentation import geometry, mixing
from core.augmentation.drawing import draw
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import CutMix, Erasing, MixUp, RandAugment
from core.augmentation.transforms import apply
from tests.core.augmentation.drawn_photos import photo_like, what
from tests.core.augmentation.references import (
    as_pillow,
    by_albumentations,
    reference,
)


@reference("the authors' own code", "cutout")
@pytest.mark.parametrize("length", [8, 16, 30])
def test_cutout_hides_what_its_authors_code_hides(length: int) -> None:
    # From https://github.com/uoguelph-mlrg/Cutout (util/cutout.py): a centre anywhere, half a
    # length to either side, cut off at the edges. With an odd length theirs hides one pixel less.
    picture = np.full((30, 40, 1), 200, np.uint8)
    for y, x in [(0, 0), (29, 39), (15, 20), (3, 38), (28, 1)]:
        mask = np.ones((30, 40), bool)
        y1, y2 = np.clip((y - length // 2, y + length // 2), 0, 30)
        x1, x2 = np.clip((x - length // 2, x + length // 2), 0, 40)
        mask[y1:y2, x1:x2] = False
        drawn = what(cutout=(length / 30, (x + 0.5) / 40, (y + 0.5) / 30, 1, 0))
        np.testing.assert_array_equal(apply(picture, drawn)[..., 0] != 0, mask)


@reference("albumentations", "erasing")
def test_erasing_hides_as_much_and_in_such_shapes_as_albumentations() -> None:
    # It draws a rectangle anew that has no room, we cut it to the picture: rare up to a third.
    picture = np.full((60, 60, 1), 200, np.uint8)
    step = albumentations.Erasing(scale=(0.05, 0.3), ratio=(0.3, 1 / 0.3), fill=0, p=1)
    step.set_random_seed(4)
    recipe = AugmentationRecipe(
        steps=(Erasing(smallest=0.05, largest=0.3, probability=1, filling="black"),)
    )
    ours = [apply(picture, draw(recipe, seed)) == 0 for seed in range(600)]
    theirs = [by_albumentations(step, picture) == 0 for _ in range(600)]
    for measure in (_share, _shape):
        one, other = (
            np.quantile([measure(hidden) for hidden in every], (0.2, 0.5, 0.8))
            for every in (ours, theirs)
        )
        np.testing.assert_allclose(one, other, rtol=0.15, atol=0.06)


def _share(hidden: np.ndarray) -> float:
    return float(hidden.mean())


def _shape(hidden: np.ndarray) -> float:
    """How far from a square, whichever way: 0 is one."""
    down, across = hidden.any(axis=1).sum(), hidden.any(axis=0).sum()
    return abs(math.log(down / across))


@reference("Keras layers", "mixup")
def test_mixup_is_keras_mixup_with_the_same_partners_and_shares() -> None:
    pictures, drawn, one_hot = _batch(MixUp(alpha=1))
    mixed, shares = mixing.mix(pictures, drawn)
    chosen = {
        "mix_weight": np.float32([one.values("mixup")[0] for one in drawn]),
        "permutation_order": [
            mixing.partner(place, one.values("mixup")[1], len(drawn))
            for place, one in enumerate(drawn)
        ],
    }
    layer = keras.layers.MixUp()
    theirs = np.asarray(layer.transform_images(pictures.astype(np.float32), chosen))
    assert np.abs(mixed - theirs).max() <= 0.51  # it does not round
    labels = np.asarray(layer.transform_labels(one_hot, chosen))
    np.testing.assert_allclose(shares @ one_hot, labels, atol=1e-6)


@reference("Keras layers", "cutmix")
def test_cutmix_is_keras_cutmix_with_the_same_boxes() -> None:
    # Keras keeps its boxes inside the picture; the paper, and ours, place the centre anywhere
    # and cut the box off at the edge (test_papers.py). What follows from a box is the same.
    pictures, drawn, one_hot = _batch(CutMix(probability=1))
    mixed, shares = mixing.mix(pictures, drawn)
    masks = np.zeros(pictures.shape, bool)
    weights, partners = [], []
    for place, one in enumerate(drawn):
        share, number, x, y = one.values("cutmix")
        rows, columns, left_over = mixing.box(share, x, y, *pictures.shape[1:3])
        masks[place, rows, columns] = True
        weights.append(left_over)
        partners.append(mixing.partner(place, number, len(drawn)))
    chosen = {
        "batch_masks": masks, "mix_weight": np.float32(weights), "permutation_order": partners,
    }  # fmt: skip
    layer = keras.layers.CutMix()
    theirs = np.asarray(layer.transform_images(pictures.astype(np.float32), chosen))
    np.testing.assert_array_equal(mixed, theirs)
    np.testing.assert_allclose(
        shares @ one_hot, np.asarray(layer.transform_labels(one_hot, chosen)), atol=1e-6
    )


def _batch(step) -> tuple[np.ndarray, list, np.ndarray]:
    pictures = np.stack([photo_like((24, 32), 3, seed) for seed in range(8)])
    recipe = AugmentationRecipe(steps=(step,))
    drawn = [draw(recipe, seed) for seed in range(8)]
    return pictures, drawn, np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 0, 1]]


@reference("Pillow", "randaugment")
@pytest.mark.parametrize("magnitude", [3.0, 10.0])
def test_randaugments_operations_are_pillows_at_the_drawn_values(magnitude: float) -> None:
    # AutoAugment's code does these with Pillow. It fills with grey 128 and slants and turns
    # about a corner or the middle; ours fills as the recipe says, and all about the middle:
    # hence compared about the middle, and where both still show the picture.
    picture = photo_like((41, 41), 3)
    image, white = as_pillow(picture), Image.new("L", (41, 41), 255)
    recipe = AugmentationRecipe(steps=(RandAugment(operations=1, magnitude=magnitude),))
    seen = set()
    for drawn in (draw(recipe, seed) for seed in range(120)):
        for change in drawn.changes:
            theirs = np.asarray(_by_pillow(image, change.kind, *change.values), int)
            difference = np.abs(apply(picture, drawn) - theirs)[1:-1, 1:-1]
            if change.kind in geometry.KINDS:
                whole = np.asarray(_by_pillow(white, change.kind, *change.values)) == 255
                inside = ndimage.binary_erosion(whole, iterations=3)[1:-1, 1:-1]
                assert inside.sum() > 300 and difference[inside].mean() < 1, change
            else:
                assert difference.max() <= 2, change
            seen.add(change.kind)
    assert len(seen) == 13


def _by_pillow(image: Image.Image, kind: str, value: float = 0) -> Image.Image:
    middle = (image.width - 1) / 2 + 0.5
    moves = {
        "slope_x": (1, value, -value * middle, 0, 1, 0),
        "slope_y": (1, 0, 0, value, 1, -value * middle),
        "width_shift": (1, 0, value * image.width, 0, 1, 0),
        "height_shift": (1, 0, 0, 0, 1, value * image.height),
    }
    enhance = {
        "saturation": ImageEnhance.Color,
        "contrast": ImageEnhance.Contrast,
        "brightness": ImageEnhance.Brightness,
        "sharpness": ImageEnhance.Sharpness,
    }
    if kind in moves:
        return image.transform(
            image.size, Image.Transform.AFFINE, moves[kind], Image.Resampling.BILINEAR
        )
    if kind in enhance:
        return enhance[kind](image).enhance(value)
    if kind == "rotation":
        return image.rotate(value, Image.Resampling.BILINEAR)
    if kind == "posterise":
        return ImageOps.posterize(image, int(value))
    if kind == "solarise":
        return ImageOps.solarize(image, int(value))
    return (ImageOps.autocontrast if kind == "autocontrast" else ImageOps.equalize)(image)
