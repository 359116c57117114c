"""Steps of light, colour and sharpness against libraries that others trust; see `references`."""

import colorsys
import importlib
import math

import albumentations
import cv2
import keras
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps
from scipy import ndimage

from core.augmentation.steps import STEP_KINDS
from core.augmentation.transforms import apply
from tests.core.augmentation.drawn_photos import photo_like, what
from tests.core.augmentation.references import (
    REFERENCES,
    as_array,
    as_pillow,
    by_albumentations,
    largest_difference,
    reference,
)

FACTORS = (0.0, 0.4, 0.9, 1.3, 2.0)
SEEDS = range(4)


def test_every_step_has_a_reference() -> None:
    for name in ("test_moving_references", "test_mixing_references"):
        importlib.import_module(f"tests.core.augmentation.{name}")
    assert set(REFERENCES) == set(STEP_KINDS)


def jitter(**fixed: tuple[float, float]) -> albumentations.ColorJitter:
    """albumentations' colour step with one factor, and three that change nothing."""
    nothing = {"brightness": (1, 1), "contrast": (1, 1), "saturation": (1, 1), "hue": (0, 0)}
    return albumentations.ColorJitter(**(nothing | fixed), p=1)


@reference("albumentations", "brightness", "contrast", "saturation", "gamma")
@pytest.mark.parametrize("value", [0.4, 1.3, 1.9])
def test_light_is_albumentations_too(value: float) -> None:
    for seed in SEEDS:
        picture = photo_like((32, 41), 3, seed)
        for kind, step in [
            ("brightness", jitter(brightness=(value, value))),
            ("contrast", jitter(contrast=(value, value))),
            ("saturation", jitter(saturation=(value, value))),
            ("gamma", albumentations.RandomGamma((round(100 * value),) * 2, p=1)),
        ]:
            theirs = by_albumentations(step, picture)
            assert largest_difference(apply(picture, what(**{kind: value})), theirs) <= 1, kind


@reference("albumentations", "grey", "channel_shift", "posterise", "solarise")
def test_what_has_no_decimals_is_albumentations_to_the_bit() -> None:
    picture = photo_like((32, 41), 3)
    made = albumentations
    for drawn, step in [
        (what(grey=()), made.ToGray(p=1)),
        (what(channel_shift=(90, -5, 0)), made.RGBShift((90, 90), (-5, -5), (0, 0), p=1)),
        *((what(posterise=bits), made.Posterize((bits, bits), p=1)) for bits in range(1, 8)),
        *((what(solarise=at), made.Solarize((at / 255,) * 2, p=1)) for at in (0, 77, 200, 255)),
    ]:
        np.testing.assert_array_equal(apply(picture, drawn), by_albumentations(step, picture))


@reference("Keras layers", "posterise", "solarise")
def test_posterise_and_solarise_are_keras_layers_but_for_what_these_may_draw() -> None:
    # With the same bits and the same threshold all four agree: ours, Pillow, albumentations and
    # Keras. Their chances differ. Keras' RandomPosterization leaves out the upper end of its
    # range, so that (4, 8) never keeps all 8 bits; its Solarization's threshold ends at 255,
    # so that white always turns black. AutoAugment, where both come from, runs to 256 and to 8
    # bits, which change nothing; ours does as well, so that its range can begin at nothing.
    picture = photo_like((32, 41), 3)
    batch = picture[None].astype(np.float32)
    for bits in range(1, 8):
        layer = keras.layers.RandomPosterization(factor=(bits, bits))
        theirs = np.asarray(layer(batch, training=True))[0]
        np.testing.assert_array_equal(apply(picture, what(posterise=bits)), theirs)
    layer = keras.layers.Solarization(threshold_factor=1.0)
    for threshold in (0, 77, 200, 255):
        chosen = {
            "thresholds": np.full((1, 1, 1, 1), threshold),
            "additions": np.zeros((1, 1, 1, 1)),
        }
        theirs = np.asarray(layer.transform_images(batch, chosen))[0]
        np.testing.assert_array_equal(apply(picture, what(solarise=threshold)), theirs)


@reference("albumentations", "hue")
@pytest.mark.parametrize("degrees", [-90, 10, 40])
def test_hue_is_albumentations(degrees: int) -> None:
    # Its wheel has 180 steps of 2°, ours 256 of 1.4°: see below.
    picture = photo_like((32, 41), 3)
    theirs = by_albumentations(jitter(hue=(degrees / 360, degrees / 360)), picture)
    difference = np.abs(apply(picture, what(hue=degrees)).astype(int) - theirs)
    assert difference.mean() < 1.5 and difference.max() <= 12


@reference("albumentations", "blur")
@pytest.mark.parametrize("pixels", [0.5, 1.4, 4.0])
def test_blur_is_albumentations(pixels: float) -> None:
    picture = photo_like((40, 41), 3)
    step = albumentations.GaussianBlur(blur_limit=0, sigma_limit=(pixels, pixels), p=1)
    assert (
        largest_difference(apply(picture, what(blur=pixels)), by_albumentations(step, picture)) <= 1
    )


@reference("Keras layers", "sharpen")
def test_sharpness_is_keras_layers() -> None:
    # Its factor is half of Pillow's, and it does not round; at the edge it knows only zeros.
    picture = photo_like((32, 41), 3)
    layer = keras.layers.RandomSharpness(factor=(0.75, 0.75))
    theirs = np.asarray(layer(picture[None].astype(np.float32), training=True))[0]
    difference = np.abs(apply(picture, what(sharpness=1.5)) - theirs)[1:-1, 1:-1]
    assert difference.max() <= 0.51


@reference("scipy and albumentations", "noise")
def test_noise_has_the_quantiles_of_the_normal_distribution() -> None:
    # albumentations cuts decimals off after adding: its grain is narrower by 1/3 of a level
    # (the mean of what is lost on either side), ours is rounded.
    from scipy import stats

    grey = np.full((300, 300, 3), 128, np.uint8)
    shares = (0.001, 0.02, 0.2, 0.5, 0.7, 0.95, 0.999)
    ours = apply(grey, what(noise=(12.0, 3))).astype(float) - 128
    expected = 12 * stats.norm.ppf(shares)
    assert np.abs(np.quantile(ours, shares) - expected).max() <= 1
    step = albumentations.GaussNoise(std_range=(12 / 255, 12 / 255), p=1)
    theirs = by_albumentations(step, grey).astype(float) - 128
    assert np.abs(np.quantile(theirs, shares) - np.quantile(ours, shares)).max() <= 2


@reference("albumentations", "jpeg")
@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_is_albumentations_with_red_and_blue_where_they_belong(channels: int) -> None:
    # It gives red as blue to the encoder, which keeps more of what it takes for red: with the
    # channels turned round before and after, both are the same to the bit.
    picture = photo_like((48, 64), channels)
    step = albumentations.ImageCompression(quality_range=(40, 40), p=1)
    theirs = by_albumentations(step, np.ascontiguousarray(picture[..., ::-1]))[..., ::-1]
    np.testing.assert_array_equal(apply(picture, what(jpeg=40)), theirs)


@reference("Pillow", "brightness", "contrast", "saturation")
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


@reference("Pillow", "sharpen")
@pytest.mark.parametrize("factor", FACTORS)
def test_sharpness_agrees_with_pillow_but_for_the_outermost_pixels(factor: float) -> None:
    # Pillow rounds the smooth picture first: up to half a level times |1 - factor|, and 1.
    picture = photo_like((32, 41), 3)
    theirs = as_array(ImageEnhance.Sharpness(as_pillow(picture)).enhance(factor), picture.shape)
    ours = apply(picture, what(sharpness=factor))
    assert largest_difference(ours[1:-1, 1:-1], theirs[1:-1, 1:-1]) <= 2


@reference("Pillow", "posterise", "solarise")
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


@reference("Pillow and OpenCV", "grey")
def test_grey_is_pillows_and_opencvs() -> None:
    picture = photo_like((32, 41), 3)
    ours = apply(picture, what(grey=()))
    assert (ours == ours[..., :1]).all()
    np.testing.assert_array_equal(ours[..., 0], cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    assert largest_difference(ours[..., 0], np.asarray(as_pillow(picture).convert("L"))) <= 1


@reference("Python's colorsys", "hue")
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


@reference("scipy", "blur")
@pytest.mark.parametrize("pixels", [0.5, 1.4, 5.0])
def test_blur_is_a_gaussian(pixels: float) -> None:
    # OpenCV cuts its kernel off at three standard deviations on 8 bits, scipy here at four.
    picture = photo_like((40, 41), 3)
    theirs = ndimage.gaussian_filter(picture.astype(float), (pixels, pixels, 0), mode="mirror")
    assert np.abs(apply(picture, what(blur=pixels)) - theirs).max() < 2


def test_noise_has_the_deviation_that_was_drawn() -> None:
    picture = np.full((200, 200, 3), 128, np.uint8)
    grain = apply(picture, what(noise=(12.0, 7))).astype(float) - 128
    assert abs(grain.mean()) < 0.2
    assert grain.std() == pytest.approx(math.sqrt(12**2 + 1 / 12), rel=0.02)
    assert abs(np.corrcoef(grain[..., 0].ravel(), grain[..., 1].ravel())[0, 1]) < 0.02


@reference("Pillow", "jpeg")
@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_is_what_pillow_reads_from_the_same_quality(channels: int, tmp_path) -> None:
    # Two builds of libjpeg, which may round apart in transform and colour conversion.
    picture = photo_like((48, 64), channels)
    as_pillow(picture).save(tmp_path / "photo.jpg", quality=40)
    theirs = as_array(Image.open(tmp_path / "photo.jpg"), picture.shape)
    difference = np.abs(apply(picture, what(jpeg=40)).astype(int) - theirs)
    assert difference.mean() < 0.5
    assert largest_difference(picture, theirs) > 20


@reference("Keras layers", "grey")
def test_grey_is_keras_layers_grey() -> None:
    # Its weights have four decimals (0.2989, 0.5870, 0.1140), and it does not round.
    picture = photo_like((24, 24), 3)
    layer = keras.layers.RandomGrayscale(factor=1.0)
    theirs = np.asarray(layer(picture[None].astype(np.float32), training=True))[0]
    assert np.abs(apply(picture, what(grey=())) - theirs).max() <= 0.6
