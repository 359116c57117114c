"""Steps that move and turn against libraries that others trust; tolerances: see `references`.

The seven steps of Keras' `ImageDataGenerator` are also compared with its own code, all at once,
in `test_transforms.py`.
"""

import math

import albumentations
import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps
from scipy import ndimage

from core.augmentation import geometry
from core.augmentation.transforms import apply
from tests.core.augmentation.drawn_photos import photo_like, what
from tests.core.augmentation.references import (
    as_array,
    as_pillow,
    by_albumentations,
    largest_difference,
    reference,
)


@reference("albumentations", "rotation", "width_shift", "height_shift", "zoom")
@pytest.mark.parametrize("fill", [cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT, cv2.BORDER_CONSTANT])
def test_moves_are_albumentations_affine(fill: int) -> None:
    # Keras' zoom is the share of the picture that is seen, albumentations' scale its inverse;
    # Keras' shift moves the frame, albumentations' the picture. Both warp with OpenCV's linear
    # interpolation; a rounding of the matrix may tip a pixel to the next level.
    names = {value: name for name, value in geometry.BORDERS.items()}
    picture = photo_like((60, 60), 3)
    for drawn, settings in [
        (what(rotation=20.0), {"rotate": (20, 20)}),
        (what(rotation=-75.0), {"rotate": (-75, -75)}),
        (what(width_shift=-0.1), {"translate_percent": {"x": (0.1, 0.1), "y": 0}}),
        (what(height_shift=0.2), {"translate_percent": {"y": (-0.2, -0.2), "x": 0}}),
        (what(zoom=(0.8, 1.1)), {"scale": {"x": (1.25, 1.25), "y": (1 / 1.1, 1 / 1.1)}}),
    ]:
        step = albumentations.Affine(**settings, border_mode=fill, fill=0, p=1)
        ours = apply(picture, drawn._replace(fill_mode=names[fill]))
        assert largest_difference(ours, by_albumentations(step, picture)) <= 1


@reference("Keras' apply_affine_transform", "shear")
@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
@pytest.mark.parametrize("degrees", [-25.0, 10.0])
def test_shear_is_keras_legacy_shear(degrees: float) -> None:
    # It keeps the slanted edge's length (sine and cosine), where Pillow and albumentations keep
    # the picture's height (tangent): a slope is that, see below. Ours is what the tutorials use.
    # OpenCV interpolates at 1/32 of a pixel, scipy exactly: up to 3 levels at an edge of 100.
    from keras.src.legacy.preprocessing.image import apply_affine_transform

    picture = photo_like((60, 60), 3)
    theirs = apply_affine_transform(
        picture.astype(np.float32), shear=degrees, row_axis=0, col_axis=1, channel_axis=2, order=1
    )
    difference = np.abs(apply(picture, what(shear=degrees)) - theirs)[14:-14, 14:-14]
    assert difference.mean() < 1


@reference("Pillow and albumentations", "horizontal_flip", "vertical_flip")
@pytest.mark.parametrize("channels", [1, 3])
def test_flips_are_pillows_and_albumentations(channels: int) -> None:
    picture = photo_like((21, 34), channels)
    for kind, pillow, step in [
        ("horizontal_flip", ImageOps.mirror, albumentations.HorizontalFlip(p=1)),
        ("vertical_flip", ImageOps.flip, albumentations.VerticalFlip(p=1)),
    ]:
        ours = apply(picture, what(**{kind: ()}))
        np.testing.assert_array_equal(ours, as_array(pillow(as_pillow(picture)), ours.shape))
        np.testing.assert_array_equal(ours, by_albumentations(step, picture))


@reference("Pillow", "zoom_crop")
@pytest.mark.parametrize("mirrored", [False, True])
def test_zoom_and_crop_is_pillows_box_enlarged(mirrored: bool) -> None:
    # Pillow takes boxes between pixels, too. It cuts decimals off, we round.
    picture = photo_like((50, 61), 3)
    for factor, x, y in [(1.37, 0.3, 0.8), (1.05, 0.0, 1.0), (2.6, 0.51, 0.49)]:
        width, height = 61 / factor, 50 / factor
        left, top = x * (61 - width), y * (50 - height)
        box = (left, top, left + width, top + height)
        theirs = as_pillow(picture).transform(
            (61, 50), Image.Transform.EXTENT, box, Image.Resampling.BILINEAR
        )
        theirs = ImageOps.mirror(theirs) if mirrored else theirs
        ours = apply(picture, what(zoom_crop=(factor, x, y, mirrored)))
        inside = np.abs(ours.astype(int) - np.asarray(theirs))[4:-4, 4:-4]
        assert inside.mean() < 1 and inside.max() <= 3


@reference("the bears tutorial", "zoom_crop")
def test_zoom_and_crop_is_the_bears_tutorials() -> None:
    # A factor of 1.25 makes whole pixels of its box, so that both cut the same.
    picture = photo_like((100, 120), 3)
    for x, y, mirrored in [(0.0, 0.0, False), (0.5, 0.25, True), (1.0, 1.0, True)]:
        left, top = int(24 * x), int(20 * y)
        box = picture[top : top + 80, left : left + 96]
        box = np.fliplr(box) if mirrored else box
        theirs = cv2.resize(box, (120, 100), interpolation=cv2.INTER_LINEAR)
        ours = apply(picture, what(zoom_crop=(1.25, x, y, mirrored)))
        # Its outermost pixels repeat the box's edge, ours know what lies beyond.
        inside = np.abs(ours.astype(int) - theirs)[2:-2, 2:-2]
        assert inside.mean() < 1 and inside.max() <= 12


@reference("Pillow", "perspective")
def test_perspective_is_pillows_warp_by_the_same_corners() -> None:
    # OpenCV interpolates at 1/32 of a pixel: at an edge of 100 levels up to 3, rarely more.
    picture = photo_like((50, 60), 3)
    moves = (0.1, 0.05, -0.08, 0.1, -0.1, -0.03, 0.06, -0.09)
    corners = np.array(((0, 0), (59, 0), (59, 49), (0, 49)), float)
    goals = corners + np.array(moves).reshape(4, 2) * (60, 50)
    rows, wanted = [], []
    for (x, y), (to_x, to_y) in zip(corners, goals, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -to_x * x, -to_x * y), (0, 0, 0, x, y, 1, -to_y * x, -to_y * y)]
        wanted += [to_x, to_y]
    h = np.append(np.linalg.solve(rows, wanted), 1).reshape(3, 3)
    half = np.array(((1, 0, 0.5), (0, 1, 0.5), (0, 0, 1)))  # Pillow counts from pixels' corners
    h = half @ h @ np.linalg.inv(half)
    theirs = as_pillow(picture).transform(
        (60, 50), Image.Transform.PERSPECTIVE, tuple((h / h[2, 2]).ravel()[:8]),
        Image.Resampling.BILINEAR,
    )  # fmt: skip
    difference = np.abs(apply(picture, what(perspective=moves)) - np.asarray(theirs, float))
    assert difference[8:-8, 8:-8].mean() < 1


def test_slopes_are_pillows_shears() -> None:
    picture = photo_like((40, 51), 3)
    for kind, matrix in [
        ("slope_x", (1, 0.2, -0.2 * 20, 0, 1, 0)),
        ("slope_y", (1, 0, 0, 0.2, 1, -0.2 * 25.5)),
    ]:
        theirs = as_pillow(picture).transform(
            (51, 40), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
        )
        ours = apply(picture, what(**{kind: 0.2}))
        assert np.abs(ours - np.asarray(theirs, float))[6:-6, 6:-6].mean() < 1


@reference("scipy", "elastic")
def test_elastic_takes_each_pixel_where_scipy_does() -> None:
    # OpenCV interpolates at 1/32 of a pixel: 3 levels at an edge of 100, half a level on average.
    picture = photo_like((48, 60), 3)
    largest, smoothness, seed = 0.06, 0.1, 5
    moves = geometry._smooth_moves(48, 60, smoothness * 48, seed)
    moves *= largest * 48 / np.abs(moves).max()
    rows, columns = np.mgrid[:48, :60] + np.stack((moves[..., 1], moves[..., 0]))
    ours = apply(picture, what(elastic=(largest, smoothness, seed)))
    for channel in range(3):
        theirs = ndimage.map_coordinates(
            picture[..., channel].astype(float), (rows, columns), order=1, mode="nearest"
        )
        difference = np.abs(ours[..., channel] - theirs)
        assert difference.mean() < 0.6 and difference.max() <= 8


@reference("scipy", "elastic")
@pytest.mark.parametrize("deviation", [1.5, 6.0, 10.0])
def test_elastic_moves_are_as_smooth_as_a_gaussian_makes_them(deviation: float) -> None:
    # Smoothed white noise is like itself at a distance d by exp(-d² / 4σ²). Sixty fields of
    # 96 × 96 tell that to about 0.03; scipy's own smoothing, of which there are as many, too.
    rng = np.random.default_rng(2)
    ours = [geometry._smooth_moves(96, 96, deviation, seed)[..., 0] for seed in range(60)]
    theirs = [ndimage.gaussian_filter(rng.uniform(-1, 1, (96, 96)), deviation) for _ in range(60)]
    for distance in (round(deviation), round(2 * deviation)):
        expected = math.exp(-(distance**2) / (4 * deviation**2))
        for fields in (ours, theirs):
            alike = np.mean([(one[:, distance:] * one[:, :-distance]).mean() for one in fields])
            assert alike / np.mean(np.square(fields)) == pytest.approx(expected, abs=0.08)
