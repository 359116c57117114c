import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from core.augmentation.recipe import (
    BUTTERFLIES,
    GENTLE,
    NO_AUGMENTATION,
    AugmentationRecipe,
    HeightShift,
    HorizontalFlip,
    Rotation,
    Shear,
    VerticalFlip,
    WidthShift,
    Zoom,
)
from core.augmentation.transforms import Drawn, apply, draw, output_to_input, rescale

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


def photo_like(size: tuple[int, int], channels: int, seed: int = 0) -> np.ndarray:
    """Smooth shapes, hard edges and a little noise, as in a photo."""
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.normal(size=(*size, channels)), (2, 2, 0))
    field = field / field.std() * 45 + 128
    field[size[0] // 4 : size[0] // 2, size[1] // 3 :] += 70
    return np.clip(field + rng.normal(scale=4, size=field.shape), 0, 255).astype(np.uint8)


def inside_frame(drawn: Drawn, height: int, width: int) -> np.ndarray:
    ys, xs = np.mgrid[:height, :width]
    source = output_to_input(drawn, height, width) @ np.stack(
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
    for seed in range(200):
        size = (75, 128, 60, 33)[seed % 4]
        picture = photo_like((size, size), channels, seed)
        drawn = draw(recipe, seed)
        theirs = apply_affine_transform(
            picture.astype(np.float32),
            theta=drawn.angle,
            tx=drawn.shift_x * size,
            ty=drawn.shift_y * size,
            shear=drawn.shear,
            zx=drawn.zoom_x,
            zy=drawn.zoom_y,
            row_axis=0,
            col_axis=1,
            channel_axis=2,
            fill_mode=fill_mode,
        )
        if drawn.flip_horizontal:
            theirs = flip_axis(theirs, 1)
        if drawn.flip_vertical:
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
        drawn = Drawn(shift_y=shift_y, shift_x=shift_x, fill_mode=fill_mode, fill_value=77)
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
    np.testing.assert_array_equal(apply(picture, Drawn(angle=180)), picture[::-1, ::-1])


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (Drawn(angle=90), lambda p: np.rot90(p)),
        (Drawn(flip_horizontal=True), lambda p: p[:, ::-1]),
        (Drawn(flip_vertical=True), lambda p: p[::-1]),
        (Drawn(shift_x=0.25, fill_mode="wrap"), lambda p: np.roll(p, -10, axis=1)),
        (Drawn(shift_y=0.25, fill_mode="wrap"), lambda p: np.roll(p, -10, axis=0)),
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
    drawn = Drawn(flip_horizontal=horizontal, flip_vertical=vertical)
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
    angles = np.array([drawn.angle for drawn in draws])
    zooms = np.array([(drawn.zoom_x, drawn.zoom_y) for drawn in draws])
    assert -180 <= angles.min() < -170 and 170 < angles.max() <= 180
    assert 0.6 <= zooms.min() < 0.62 and 1.38 < zooms.max() <= 1.4
    assert abs(np.corrcoef(zooms.T)[0, 1]) < 0.15
    assert 0.4 < np.mean([drawn.flip_horizontal for drawn in draws]) < 0.6


@pytest.mark.parametrize("kind", [step.kind for step in EVERYTHING.steps])
def test_switching_a_step_off_changes_no_other_draw(kind: str) -> None:
    off = tuple(step.model_copy(update={"enabled": step.kind != kind}) for step in EVERYTHING.steps)
    quieter = EVERYTHING.model_copy(update={"steps": off})
    removed = EVERYTHING.model_copy(
        update={"steps": tuple(step for step in EVERYTHING.steps if step.kind != kind)}
    )
    differing = set()
    for seed in range(20):
        with_it, without = draw(EVERYTHING, seed)._asdict(), draw(quieter, seed)._asdict()
        assert draw(removed, seed)._asdict() == without
        differing |= {name for name in with_it if with_it[name] != without[name]}
    fields = {
        "rotation": {"angle"},
        "width_shift": {"shift_x"},
        "height_shift": {"shift_y"},
        "shear": {"shear"},
        "zoom": {"zoom_x", "zoom_y"},
    }
    assert differing == fields.get(kind, {f"flip_{kind.split('_')[0]}"})


def test_probability_is_the_share_of_pictures_changed() -> None:
    recipe = AugmentationRecipe(steps=(Rotation(degrees=30, probability=0.25),))
    changed = [draw(recipe, seed).angle != 0 for seed in range(800)]
    assert 0.2 < np.mean(changed) < 0.3


def test_description_names_what_was_drawn() -> None:
    drawn = Drawn(angle=12.3, shift_x=-0.1, zoom_y=0.8, flip_horizontal=True)
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
