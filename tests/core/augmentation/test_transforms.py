import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from core.augmentation.geometry import output_to_input
from core.augmentation.presets import BUTTERFLIES, GENTLE
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import (
    HeightShift,
    HorizontalFlip,
    Rotation,
    Shear,
    VerticalFlip,
    WidthShift,
    Zoom,
)
from core.augmentation.transforms import Drawn, apply, draw, rescale
from tests.core.augmentation.drawn_photos import photo_like, what

EVERYTHING = AugmentationRecipe(
    name="everything",
    steps=(
        Rotation(degrees=180),
        WidthShift(fraction=0.3),
        HeightShift(fraction=0.3),
        Shear(degrees=30),
        Zoom(fraction=0.4),
        HorizontalFlip(),
        VerticalFlip(),
    ),
)


def value_of(drawn: Drawn, kind: str, otherwise: float = 0.0) -> float:
    values = drawn.values(kind)
    return values[0] if values else otherwise


def inside_frame(drawn: Drawn, height: int, width: int) -> np.ndarray:
    ys, xs = np.mgrid[:height, :width]
    values = {change.kind: change.values for change in drawn.changes}
    source = output_to_input(values, height, width) @ np.stack(
        [xs.ravel(), ys.ravel(), np.ones(xs.size)]
    )
    inside = (source >= 0).all(0) & (source[0] <= width - 1) & (source[1] <= height - 1)
    return inside.reshape(height, width)


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("fill_mode", ["nearest", "reflect", "wrap", "constant"])
def test_agrees_with_keras_legacy_affine(channels: int, fill_mode: str) -> None:
    from keras.src.legacy.preprocessing.image import apply_affine_transform, flip_axis

    recipe = EVERYTHING.model_copy(update={"fill_mode": fill_mode})
    for seed in range(120):
        size = (75, 128, 60, 33)[seed % 4]
        picture = photo_like((size, size), channels, seed)
        drawn = draw(recipe, seed)
        theirs = apply_affine_transform(
            picture.astype(np.float32),
            theta=value_of(drawn, "rotation"),
            tx=value_of(drawn, "width_shift") * size,
            ty=value_of(drawn, "height_shift") * size,
            shear=value_of(drawn, "shear"),
            zx=(drawn.values("zoom") or (1, 1))[0],
            zy=(drawn.values("zoom") or (1, 1))[1],
            row_axis=0,
            col_axis=1,
            channel_axis=2,
            fill_mode=fill_mode,
        )
        if drawn.values("horizontal_flip") is not None:
            theirs = flip_axis(theirs, 1)
        if drawn.values("vertical_flip") is not None:
            theirs = flip_axis(theirs, 0)
        difference = np.abs(apply(picture, drawn) - theirs)[inside_frame(drawn, size, size)]
        assert difference.size > size
        assert difference.mean() < 1, (seed, drawn)


@pytest.mark.parametrize(
    ("fill_mode", "scipy_mode"),
    [
        ("nearest", "nearest"),
        ("reflect", "reflect"),
        ("wrap", "grid-wrap"),
        ("constant", "constant"),
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_edges_are_filled_as_documented_however_far_the_move(
    fill_mode: str, scipy_mode: str, channels: int
) -> None:
    picture = photo_like((24, 30), channels)
    for shift_y, shift_x in [(0.25, -0.5), (1.0, 1.0), (-1.0, 0.3), (-4.3, 6.2)]:
        drawn = what(height_shift=shift_y, width_shift=shift_x)
        drawn = drawn._replace(fill_mode=fill_mode, fill_value=77)
        expected = ndimage.affine_transform(
            picture.astype(float),
            np.eye(3),
            (shift_y * 24, shift_x * 30, 0),
            order=1,
            mode=scipy_mode,
            cval=77,
        )
        np.testing.assert_allclose(apply(picture, drawn), expected, atol=1)


def test_a_picture_that_is_not_square_turns_about_its_true_centre() -> None:
    picture = photo_like((21, 41), 3)
    np.testing.assert_array_equal(apply(picture, what(rotation=180.0)), picture[::-1, ::-1])


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (what(rotation=90.0), lambda p: np.rot90(p)),
        (what(horizontal_flip=()), lambda p: p[:, ::-1]),
        (what(vertical_flip=()), lambda p: p[::-1]),
        (what(width_shift=0.25)._replace(fill_mode="wrap"), lambda p: np.roll(p, -10, axis=1)),
        (what(height_shift=0.25)._replace(fill_mode="wrap"), lambda p: np.roll(p, -10, axis=0)),
    ],
)
def test_each_value_does_what_its_description_says(drawn, expected) -> None:
    picture = photo_like((40, 40), 3)
    np.testing.assert_array_equal(apply(picture, drawn), expected(picture))


pictures = st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3])).flatmap(
    lambda shape: arrays(np.uint8, shape)
)


@settings(max_examples=60, deadline=None)
@given(pictures, st.integers(0, 2**32), st.sampled_from(["nearest", "reflect", "wrap", "constant"]))
def test_shape_type_and_input_are_kept(picture: np.ndarray, seed: int, fill_mode: str) -> None:
    recipe = EVERYTHING.model_copy(update={"fill_mode": fill_mode})
    before, drawn = picture.copy(), draw(recipe, seed)
    changed = apply(picture, drawn)
    assert changed.shape == picture.shape and changed.dtype == np.uint8
    np.testing.assert_array_equal(picture, before)
    np.testing.assert_array_equal(changed, apply(picture, draw(recipe, seed)))


@settings(max_examples=40, deadline=None)
@given(pictures, st.booleans(), st.booleans())
def test_flipping_twice_gives_the_picture_back(picture, horizontal: bool, vertical: bool) -> None:
    flips = {"horizontal_flip": horizontal, "vertical_flip": vertical}
    drawn = what(**{kind: () for kind, on in flips.items() if on})
    np.testing.assert_array_equal(apply(apply(picture, drawn), drawn), picture)


def test_nothing_drawn_gives_an_equal_picture_that_is_not_the_input() -> None:
    picture = photo_like((20, 20), 3)
    drawn = draw(NO_AUGMENTATION, 3)
    result = apply(picture, drawn)
    assert drawn.changes_nothing and drawn.describe() == []
    np.testing.assert_array_equal(result, picture)
    assert not np.shares_memory(result, picture)


def test_values_are_spread_over_their_ranges() -> None:
    draws = [draw(EVERYTHING, (7, 0, index)) for index in range(600)]
    angles = np.array([value_of(drawn, "rotation") for drawn in draws])
    zooms = np.array([drawn.values("zoom") for drawn in draws])
    assert -180 <= angles.min() < -170 and 170 < angles.max() <= 180
    assert 0.6 <= zooms.min() < 0.62 and 1.38 < zooms.max() <= 1.4
    assert abs(np.corrcoef(zooms.T)[0, 1]) < 0.15
    assert 0.4 < np.mean([drawn.values("horizontal_flip") is not None for drawn in draws]) < 0.6


@pytest.mark.parametrize("kind", [step.kind for step in EVERYTHING.steps])
def test_switching_a_step_off_changes_no_other_draw(kind: str) -> None:
    off = tuple(step.model_copy(update={"enabled": step.kind != kind}) for step in EVERYTHING.steps)
    quieter = EVERYTHING.model_copy(update={"steps": off})
    removed = EVERYTHING.model_copy(
        update={"steps": tuple(step for step in EVERYTHING.steps if step.kind != kind)}
    )
    for seed in range(20):
        with_it, without = draw(EVERYTHING, seed), draw(quieter, seed)
        assert draw(removed, seed) == without
        assert without.changes == tuple(one for one in with_it.changes if one.kind != kind)


def test_probability_is_the_share_of_pictures_changed() -> None:
    recipe = AugmentationRecipe(steps=(Rotation(degrees=30, probability=0.25),))
    changed = [not draw(recipe, seed).changes_nothing for seed in range(800)]
    assert 0.2 < np.mean(changed) < 0.3


def test_description_names_what_was_drawn() -> None:
    drawn = what(rotation=12.3, width_shift=-0.1, zoom=(1.0, 0.8), horizontal_flip=())
    assert drawn.describe() == [
        ("Rotation", "turned 12° anticlockwise"),
        ("Width shift", "moved 10 % right"),
        ("Zoom", "height × 1.25, width × 1.00"),
        ("Horizontal flip", "mirrored left for right"),
    ]


def test_rescale_gives_the_numbers_the_network_sees() -> None:
    numbers = rescale(np.array([[[0], [255]]], np.uint8), BUTTERFLIES)
    assert numbers.dtype == np.float32
    np.testing.assert_allclose(numbers.ravel(), [0, 1])


def test_presets_survive_a_round_through_json() -> None:
    for recipe in (NO_AUGMENTATION, BUTTERFLIES, GENTLE):
        assert AugmentationRecipe.model_validate_json(recipe.model_dump_json()) == recipe
