"""Transform by transform against a library that others trust.

Tolerances are in grey levels. Pillow and albumentations cut off decimals where we round, and
Pillow rounds greys before it blends: 1, and 1 more for each step in between that it rounds.
The seven steps of Keras' `ImageDataGenerator` are also compared with its own code, all at once,
in `test_transforms.py`; the chances of mixing, hiding and RandAugment in `test_papers.py`.
"""

import colorsys
import math
from collections import defaultdict
from collections.abc import Callable

import albumentations
import cv2
import keras
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps
from scipy import ndimage

from core.augmentation import geometry, mixing
from core.augmentation.drawing import draw
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, CutMix, Erasing, MixUp, RandAugment
from core.augmentation.transforms import apply
from tests.core.augmentation.drawn_photos import photo_like, what

FACTORS = (0.0, 0.4, 0.9, 1.3, 2.0)
SEEDS = range(4)
REFERENCES: dict[str, set[str]] = defaultdict(set)


def reference(library: str, *kinds: str) -> Callable:
    """Marks a test that compares the steps `kinds` with `library`."""
    for kind in kinds:
        REFERENCES[kind].add(library)
    return lambda test: test


def test_every_step_has_a_reference() -> None:
    assert set(REFERENCES) == set(STEP_KINDS)


def by_albumentations(step: albumentations.BasicTransform, picture: np.ndarray) -> np.ndarray:
    return step(image=picture)["image"]


def jitter(**fixed: tuple[float, float]) -> albumentations.ColorJitter:
    """albumentations' colour step with one factor, and three that change nothing."""
    nothing = {"brightness": (1, 1), "contrast": (1, 1), "saturation": (1, 1), "hue": (0, 0)}
    return albumentations.ColorJitter(**(nothing | fixed), p=1)


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


def as_pillow(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(picture if picture.shape[2] == 3 else picture[..., 0])


def as_array(image: Image.Image, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(image).reshape(shape)


def largest_difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one.astype(int) - other.astype(int)).max())


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


@reference("Keras layers", "grey")
def test_grey_is_keras_layers_grey() -> None:
    # Its weights have four decimals (0.2989, 0.5870, 0.1140), and it does not round.
    picture = photo_like((24, 24), 3)
    layer = keras.layers.RandomGrayscale(factor=1.0)
    theirs = np.asarray(layer(picture[None].astype(np.float32), training=True))[0]
    assert np.abs(apply(picture, what(grey=())) - theirs).max() <= 0.6
