"""What must hold for every step, whatever the picture and its range."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.augmentation.changes import Change
from core.augmentation.drawing import Drawn, draw
from core.augmentation.preview import batch
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import GROUPS, MIXING_KINDS, STEP_KINDS
from core.augmentation.transforms import apply
from core.augmentation.words import in_signs
from core.errors import LoupeError
from tests.core.augmentation.drawn_photos import photo_like

KINDS = list(STEP_KINDS)
WITH_STRENGTH = [kind for kind, step in STEP_KINDS.items() if step.strength]
FILLS = ("nearest", "reflect", "wrap", "constant")
pictures = st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3])).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.integers(0, 255), fill=st.integers(0, 255))
)


def strongest(kind: str, share: float = 1.0) -> dict:
    """A step whose range reaches `share` of the way to the end of what is allowed."""
    step = STEP_KINDS[kind]
    values = {"kind": kind, "probability": 1.0}
    if not step.strength:
        return values
    strength = step.weakest + (step.strongest - step.weakest) * share
    if step.model_fields[step.strength].annotation is int:
        strength = round(strength)
    return values | {step.strength: strength} | ({"smallest": 0} if kind == "erasing" else {})


def recipe_of(*kinds: str, share: float = 1.0, **more) -> AugmentationRecipe:
    steps = [strongest(kind, share) for kind in kinds]
    return AugmentationRecipe.model_validate({"steps": steps, **more})


@settings(max_examples=100, deadline=None)
@given(
    pictures,
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=6, unique=True),
    st.floats(0, 1),
    st.integers(0, 2**32),
    st.sampled_from(FILLS),
)
def test_shape_type_and_input_are_kept_and_a_seed_repeats(
    picture: np.ndarray, kinds: list[str], share: float, seed: int, fill_mode: str
) -> None:
    recipe = recipe_of(*kinds, share=share, fill_mode=fill_mode)
    picture.setflags(write=False)
    before, drawn = picture.copy(), draw(recipe, seed)
    (changed, other), _, shares = batch([picture, picture], [drawn, drawn])
    assert changed.shape == picture.shape and changed.dtype == np.uint8
    assert changed.flags.c_contiguous and not np.shares_memory(changed, picture)
    np.testing.assert_array_equal(picture, before)
    np.testing.assert_array_equal(changed, batch([picture] * 2, [draw(recipe, seed)] * 2)[0][0])
    assert np.stack(shares).sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert all(isinstance(text, str) and text for _, text in drawn.describe())


LAYOUTS = {
    "as it is": lambda picture, file: picture,
    "read-only": lambda picture, file: _read_only(picture),
    "columns first": lambda picture, file: np.asfortranarray(picture),
    "every second": lambda picture, file: picture.repeat(2, 0).repeat(2, 1)[::2, ::2],
    "from the end": lambda picture, file: picture[::-1, ::-1].copy()[::-1, ::-1],
    "on its side": lambda picture, file: picture.transpose(1, 0, 2).copy().transpose(1, 0, 2),
    "a file": lambda picture, file: _mapped(picture, file),
}


def _read_only(picture: np.ndarray) -> np.ndarray:
    picture = picture.copy()
    picture.setflags(write=False)
    return picture


def _mapped(picture: np.ndarray, file: Path) -> np.ndarray:
    np.save(file, picture)
    return np.load(file, mmap_mode="r")


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    picture=pictures, kind=st.sampled_from(KINDS), share=st.floats(0, 1), seed=st.integers(0, 99)
)
def test_how_a_picture_lies_in_memory_makes_no_difference(
    layout: str, picture: np.ndarray, kind: str, share: float, seed: int, tmp_path: Path
) -> None:
    drawn = draw(recipe_of(kind, share=share), seed)
    given_as, before = LAYOUTS[layout](picture, tmp_path / "one.npy"), picture.copy()
    changed = apply(given_as, drawn)
    np.testing.assert_array_equal(changed, apply(picture, drawn))
    np.testing.assert_array_equal(given_as, before)
    assert changed.flags.c_contiguous and changed.flags.writeable
    assert type(changed) is np.ndarray and not np.shares_memory(changed, given_as)


UNFIT = (np.float32, np.float64, np.uint16, np.int8, np.int64, np.bool_)


@pytest.mark.parametrize("kinds", [(), ("rotation",), ("brightness",), ("noise",), ("cutout",)])
def test_what_is_no_picture_of_bytes_is_refused_in_a_sentence(kinds: tuple[str, ...]) -> None:
    drawn = draw(recipe_of(*kinds), 3)
    for dtype in UNFIT:
        with pytest.raises(LoupeError, match=f"this one is {np.dtype(dtype)} of 8 × 9 × 3") as said:
            apply(np.ones((8, 9, 3), dtype), drawn)
        assert "uint8" in str(said.value) and "astype" in said.value.next_step
    for shape in [(8, 9), (8, 9, 2), (8, 9, 4), (2, 8, 9, 3), (0, 9, 3), (9, 0, 1), ()]:
        with pytest.raises(LoupeError, match="height × width × channels"):
            apply(np.ones(shape, np.uint8), drawn)


@pytest.mark.parametrize("kind", KINDS)
def test_each_step_has_a_form_words_and_something_to_see(kind: str) -> None:
    step = STEP_KINDS[kind]
    assert step.label and step.group in GROUPS and step.__doc__
    for name, field in step.model_fields.items():
        assert name == "kind" or (field.description and field.json_schema_extra["label"])
    photos = [photo_like((32, 32), 3, seed) for seed in (0, 1)]
    drawn = [draw(recipe_of(kind, share=0.9), seed) for seed in range(8)]
    assert any((batch(photos, [one, one])[0][0] != photos[0]).any() for one in drawn)
    assert any(in_signs(change) for one in drawn for change in one.changes)


# Two of RandAugment's operations have no strength.
@pytest.mark.parametrize("kind", [kind for kind in WITH_STRENGTH if kind != "randaugment"])
@settings(max_examples=10, deadline=None)
@given(picture=pictures, seed=st.integers(0, 2**32))
def test_no_strength_is_no_change(kind: str, picture: np.ndarray, seed: int) -> None:
    recipe = recipe_of(kind, share=0.0)
    steps = [step.model_copy(update={"mirror": False}) for step in recipe.steps]
    recipe = recipe.model_copy(update={"steps": tuple(steps)}) if kind == "zoom_crop" else recipe
    np.testing.assert_array_equal(apply(picture, draw(recipe, seed)), picture)


@pytest.mark.parametrize("kind", MIXING_KINDS)
@settings(max_examples=10, deadline=None)
@given(picture=pictures, seed=st.integers(0, 2**32))
def test_mixed_with_itself_a_picture_stays_what_it_is(
    kind: str, picture: np.ndarray, seed: int
) -> None:
    drawn = draw(recipe_of(kind), seed)
    mixed, _, _ = batch([picture, picture], [drawn, drawn])
    np.testing.assert_array_equal(mixed[0], picture)


@pytest.mark.parametrize("kind", WITH_STRENGTH)
@pytest.mark.parametrize("channels", [1, 3])
def test_more_strength_changes_more(kind: str, channels: int) -> None:
    if channels == 1 and kind in ("saturation", "hue"):
        return
    photo, step = photo_like((48, 48), channels), STEP_KINDS[kind]
    differences = []
    for share in (0.0, 0.15, 0.5):
        (made,) = recipe_of(kind, share=share).steps
        changed = apply(photo, Drawn(made.changes(step.extreme))).astype(int)
        differences.append(np.abs(changed - photo).mean())
    assert differences[1] > 0 and differences[2] > differences[0]


@settings(max_examples=40, deadline=None)
@given(pictures, st.sampled_from(["saturation", "hue", "grey"]), st.floats(0.1, 1.9))
def test_grey_pictures_have_no_colour_to_change(picture, kind: str, value: float) -> None:
    picture = picture[..., :1]
    drawn = Drawn((Change(kind, () if kind == "grey" else (value,)),))
    np.testing.assert_array_equal(apply(picture, drawn), picture)


@pytest.mark.parametrize("kind", KINDS)
def test_switching_a_step_off_or_moving_it_changes_no_other_draw(kind: str) -> None:
    every = recipe_of(*KINDS)
    without = recipe_of(*(one for one in KINDS if one != kind))
    moved = recipe_of(kind, *(one for one in KINDS if one != kind))
    for seed in range(5):
        drawn = draw(every, seed).changes
        assert draw(without, seed).changes == tuple(one for one in drawn if one.step != kind)
        assert sorted(draw(moved, seed).changes) == sorted(drawn)


def test_the_order_of_the_list_is_the_order_of_the_changes() -> None:
    photo = photo_like((30, 30), 3)
    noise_first, blur_first = (
        apply(photo, draw(recipe_of(*kinds, share=0.3), 3))
        for kinds in (("noise", "blur"), ("blur", "noise"))
    )
    assert (
        noise_first.astype(float).std(axis=(0, 1)).mean()
        < blur_first.astype(float).std(axis=(0, 1)).mean()
    )


TABLES = ["brightness", "gamma", "channel_shift", "posterise", "solarise", "contrast"]


@settings(max_examples=60, deadline=None)
@given(pictures, st.permutations(TABLES), st.integers(0, 1000))
def test_one_table_is_exactly_its_tables_one_after_another(picture, kinds, seed) -> None:
    changes = draw(recipe_of(*kinds, share=0.6), seed).changes
    one_by_one = picture
    for change in changes:
        one_by_one = apply(one_by_one, Drawn((change,)))
    np.testing.assert_array_equal(apply(picture, Drawn(changes)), one_by_one)


def test_one_warp_is_about_its_warps_one_after_another() -> None:
    # Two interpolations blur: fused it is sharper, so that edges differ.
    from scipy import ndimage

    photo = ndimage.gaussian_filter(photo_like((64, 64), 3), (2, 2, 0))
    changes = tuple(
        Change(kind, values)
        for kind, values in [
            ("rotation", (12.0,)),
            ("zoom", (0.8, 0.85)),
            ("zoom_crop", (1.2, 0.4, 0.5, True)),
            ("perspective", (0.02, 0.03, -0.02, 0.02, -0.03, -0.02, 0.02, -0.02)),
        ]
    )
    step_by_step = photo
    for change in changes:
        step_by_step = apply(step_by_step, Drawn((change,)))
    fused = apply(photo, Drawn(changes))
    assert np.abs(fused.astype(int) - step_by_step)[8:-8, 8:-8].mean() < 1.5


@pytest.mark.parametrize("kind", ["horizontal_flip", "vertical_flip"])
def test_a_flip_among_others_is_undone_by_another(kind: str) -> None:
    photo, drawn = photo_like((21, 34), 3), Drawn((Change(kind), Change(kind)))
    np.testing.assert_array_equal(apply(photo, drawn), photo)


def test_mixing_waits_for_the_batch() -> None:
    photo = photo_like((20, 20), 3)
    for kind in MIXING_KINDS:
        drawn = draw(recipe_of(kind), 1)
        assert drawn.mixes
        np.testing.assert_array_equal(apply(photo, drawn), photo)
        np.testing.assert_array_equal(batch([photo], [drawn])[0][0], photo)
