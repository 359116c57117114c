"""Transform by transform against a library that others trust.

Tolerances are in grey levels. Pillow cuts off decimals where we round, and rounds greys
before it blends: 1, and 1 more for each step in between that it rounds.
"""

import colorsys
import math

import cv2
import keras
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from core.augmentation.transforms import apply
from tests.core.augmentation.drawn_photos import photo_like, what

FACTORS = (0.0, 0.4, 0.9, 1.3, 2.0)
SEEDS = range(4)


def as_pillow(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(picture if picture.shape[2] == 3 else picture[..., 0])


def as_array(image: Image.Image, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(image).reshape(shape)


def largest_difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one.astype(int) - other.astype(int)).max())


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize(
    ("kind", "enhance", "tolerance"),
    [
        ("brightness", ImageEnhance.Brightness, 1),
        # Its mean grey is that of rounded greys, ours that of the channels: 1 more.
        ("contrast", ImageEnhance.Contrast, 2),
        ("saturation", ImageEnhance.Color, 2),
    ],
)
def test_factors_agree_with_pillow(kind, enhance, tolerance, factor, channels) -> None:
    for seed in SEEDS:
        picture = photo_like((32, 41), channels, seed)
        theirs = as_array(enhance(as_pillow(picture)).enhance(factor), picture.shape)
        assert largest_difference(apply(picture, what(**{kind: factor})), theirs) <= tolerance


@pytest.mark.parametrize("factor", FACTORS)
def test_sharpness_agrees_with_pillow_but_for_the_outermost_pixels(factor: float) -> None:
    # Pillow rounds the smooth picture first: up to half a level times |1 - factor|, and 1.
    picture = photo_like((32, 41), 3)
    theirs = as_array(ImageEnhance.Sharpness(as_pillow(picture)).enhance(factor), picture.shape)
    ours = apply(picture, what(sharpness=factor))
    assert largest_difference(ours[1:-1, 1:-1], theirs[1:-1, 1:-1]) <= 2


@pytest.mark.parametrize("channels", [1, 3])
def test_posterise_solarise_autocontrast_and_equalise_are_pillows(channels: int) -> None:
    for seed in SEEDS:
        picture = photo_like((32, 41), channels, seed) // 2 + 40
        image = as_pillow(picture)
        pairs = [
            *((what(posterise=bits), ImageOps.posterize(image, bits)) for bits in range(1, 9)),
            *((what(solarise=at), ImageOps.solarize(image, at)) for at in (0, 77, 128, 256)),
            (what(autocontrast=()), ImageOps.autocontrast(image)),
            (what(equalise=()), ImageOps.equalize(image)),
        ]
        for drawn, theirs in pairs:
            np.testing.assert_array_equal(apply(picture, drawn), as_array(theirs, picture.shape))


def test_grey_is_pillows_and_opencvs() -> None:
    picture = photo_like((32, 41), 3)
    ours = apply(picture, what(grey=()))
    assert (ours == ours[..., :1]).all()
    np.testing.assert_array_equal(ours[..., 0], cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    assert largest_difference(ours[..., 0], np.asarray(as_pillow(picture).convert("L"))) <= 1


@pytest.mark.parametrize("degrees", [-180, -30, 10, 120])
def test_hue_turns_the_wheel_of_hsv(degrees: int) -> None:
    # On 8 bits a step of the wheel is 1.4°, of saturation 1/255: a level or two on average,
    # up to 12 where one step of hue is amplified by a strong, saturated colour.
    picture = photo_like((20, 21), 3)
    wheel = [colorsys.rgb_to_hsv(*pixel) for pixel in picture.reshape(-1, 3) / 255]
    turned = [colorsys.hsv_to_rgb((h + degrees / 360) % 1, s, v) for h, s, v in wheel]
    difference = np.abs(apply(picture, what(hue=degrees)).reshape(-1, 3) - np.array(turned) * 255)
    assert difference.mean() < 1.5 and difference.max() <= 12


@pytest.mark.parametrize("power", [0.4, 1.0, 2.2])
def test_gamma_is_a_power_of_the_share(power: float) -> None:
    picture = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    np.testing.assert_array_equal(
        apply(picture, what(gamma=power)), np.rint(255 * (picture / 255.0) ** power)
    )


def test_channel_shift_adds_to_each_channel_and_stops_at_the_ends() -> None:
    picture = photo_like((20, 21), 3)
    ours = apply(picture, what(channel_shift=(90, -5, 0)))
    np.testing.assert_array_equal(ours, np.clip(picture.astype(int) + (90, -5, 0), 0, 255))


@pytest.mark.parametrize("pixels", [0.5, 1.4, 5.0])
def test_blur_is_a_gaussian(pixels: float) -> None:
    # OpenCV cuts its kernel off at three standard deviations on 8 bits, scipy here at four.
    from scipy import ndimage

    picture = photo_like((40, 41), 3)
    theirs = ndimage.gaussian_filter(picture.astype(float), (pixels, pixels, 0), mode="mirror")
    assert np.abs(apply(picture, what(blur=pixels)) - theirs).max() < 2


def test_noise_has_the_deviation_that_was_drawn() -> None:
    picture = np.full((200, 200, 3), 128, np.uint8)
    grain = apply(picture, what(noise=(12.0, 7))).astype(float) - 128
    assert abs(grain.mean()) < 0.2
    assert grain.std() == pytest.approx(math.sqrt(12**2 + 1 / 12), rel=0.02)
    assert abs(np.corrcoef(grain[..., 0].ravel(), grain[..., 1].ravel())[0, 1]) < 0.02


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_is_what_pillow_reads_from_the_same_quality(channels: int, tmp_path) -> None:
    # Two builds of libjpeg, which may round apart in transform and colour conversion.
    picture = photo_like((48, 64), channels)
    as_pillow(picture).save(tmp_path / "photo.jpg", quality=40)
    theirs = as_array(Image.open(tmp_path / "photo.jpg"), picture.shape)
    difference = np.abs(apply(picture, what(jpeg=40)).astype(int) - theirs)
    assert difference.mean() < 0.5
    assert largest_difference(picture, theirs) > 20


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


def test_grey_is_keras_layers_grey() -> None:
    # Its weights have four decimals (0.2989, 0.5870, 0.1140), and it does not round.
    picture = photo_like((24, 24), 3)
    layer = keras.layers.RandomGrayscale(factor=1.0)
    theirs = np.asarray(layer(picture[None].astype(np.float32), training=True))[0]
    assert np.abs(apply(picture, what(grey=())) - theirs).max() <= 0.6
