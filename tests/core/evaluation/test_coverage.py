"""Does a recipe cover how photos look: on constructed pictures whose look is known."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augmentation.preview import wall
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import Brightness, Contrast, Noise, Rotation, Solarise
from core.datasets.perception import COLUMNS, perceive
from core.errors import LoupeError, Stopped
from core.evaluation.coverage import cover, inside
from core.evaluation.coverage_advice import Trials, closers, too_wide
from core.evaluation.look import (
    LOOKS,
    affordable,
    evenly,
    load_all,
    looks_of,
    measure_copies,
    measure_look,
    measure_looks,
    pictures_in,
)
from core.images import PictureSpec, encode_png

SPEC = PictureSpec(image_size=(24, 24))
TURNED = AugmentationRecipe(steps=(Rotation(degrees=10),))


def pictures(count, seed=0, channels=3):
    """uint8 (count, 24, 24, channels): blobs in mild colours, with light of 100 to 150."""
    random = np.random.default_rng(seed)
    small = random.normal(0, 25, (count, 6, 6, channels))
    small += random.uniform(100, 150, (count, 1, 1, 1))
    large = [cv2.resize(one, (24, 24), interpolation=cv2.INTER_CUBIC) for one in small]
    return np.clip(large, 0, 255).astype(np.uint8).reshape(count, 24, 24, channels)


TRAINING = pictures(90)
RAW = measure_looks(TRAINING)
ROWS = list(range(90))


def covered(recipe, seen):
    copies = measure_copies(TRAINING, ROWS, recipe, 2)
    return cover(looks_of(SPEC), RAW, copies, measure_looks(seen))


def test_the_look_of_a_picture_is_that_of_the_measures():
    picture = pictures(1, 5)[0]
    known = dict(zip(COLUMNS, perceive(picture).numbers, strict=True))
    found = dict(zip([look.name for look in LOOKS], measure_look(picture), strict=True))
    for name in ("brightness", "contrast", "sharpness", "colourfulness"):
        assert found[name] == known[name]
    assert found["warmth"] == known["red"] - known["blue"]
    grey = measure_look(picture[..., :1])
    assert grey[3:].tolist() == [0, 0, 0]
    assert [
        look.name for look in looks_of(SPEC.model_copy(update={"color_mode": "grayscale"}))
    ] == [
        "brightness",
        "contrast",
        "sharpness",
    ]


def test_copies_are_those_of_the_preview_and_the_training():
    recipe = AugmentationRecipe(steps=(Rotation(degrees=30), Noise(levels=20)))
    made = wall(list(TRAINING[:20]), recipe, 7, 2, ROWS[:20])
    shown = [made.pictures[row][column] for column in range(2) for row in range(20)]
    found = measure_copies(TRAINING[:20], ROWS[:20], recipe, 2, seed=7)
    np.testing.assert_array_equal(found, measure_looks(shown))


def test_without_steps_nothing_is_different_after_augmentation():
    for spread in covered(NO_AUGMENTATION, pictures(40, 1)).spreads:
        assert spread.before == spread.after


def test_photos_of_the_same_kind_are_covered_and_nothing_is_proposed():
    coverage = covered(TURNED, pictures(60, 1))
    trials = Trials(TRAINING, ROWS, TURNED)
    assert coverage.gaps == [] and closers(coverage, trials) == []
    assert too_wide(coverage, trials) == []
    assert not coverage.is_unusual and 0.7 < coverage.usual.share < 1
    near = coverage.nearness
    assert near.near(near.after).interval[1] > 0.9
    assert (near.after <= near.before).all()


def test_darker_photos_are_found_and_brightness_would_cover_them():
    dark = (pictures(60, 1) * 0.55).astype(np.uint8)
    coverage = covered(TURNED, dark)
    worst = coverage.gaps[0]
    assert "brightness" in [spread.look.name for spread in coverage.gaps]
    assert worst.after.below > 40 and worst.after.above == 0
    (first, *_) = closers(coverage, Trials(TRAINING, ROWS, TURNED))
    assert first.step.kind == "brightness" and 0.3 < first.step.fraction < 0.9
    covers, outside = first.covers["brightness"]
    assert outside == next(s for s in coverage.gaps if s.look.name == "brightness").after.outside
    assert covers >= 0.9 * outside and coverage.is_unusual
    improved = AugmentationRecipe(steps=(*TURNED.steps, first.step))
    after = covered(improved, dark)
    assert "brightness" not in [spread.look.name for spread in after.gaps]
    places = [place for place, words in coverage.uncovered() if "darker" in words]
    assert len(places) == outside and len(after.uncovered()) < len(coverage.uncovered())


@pytest.mark.parametrize(
    ("change", "look", "kind"),
    [
        (lambda one: cv2.GaussianBlur(one, (0, 0), 4), "sharpness", "blur"),
        (lambda one: cv2.add(one, (60, 0, 0, 0)), "warmth", "channel_shift"),
    ],
)
def test_each_kind_of_gap_has_its_step(change, look, kind):
    coverage = covered(NO_AUGMENTATION, np.stack([change(one) for one in pictures(50, 1)]))
    assert look in [spread.look.name for spread in coverage.gaps]
    proposed = closers(coverage, Trials(TRAINING[:40], ROWS[:40], NO_AUGMENTATION))
    assert any(one.step.kind == kind for one in proposed if look in one.covers)


def test_a_step_that_goes_far_beyond_all_photos_is_narrowed_without_uncovering_any():
    recipe = AugmentationRecipe(steps=(*TURNED.steps, Brightness(fraction=1.0)))
    seen = pictures(60, 1)
    coverage = covered(recipe, seen)
    found = {
        one.spread.look.name: one for one in too_wide(coverage, Trials(TRAINING, ROWS, recipe))
    }
    wide = found["brightness"]
    assert wide.share > 0.4 and wide.before < 0.1 and wide.left < wide.share / 2
    assert wide.step.kind == "brightness" and wide.step.fraction < 0.6
    narrower = AugmentationRecipe(steps=(*TURNED.steps, wide.step))
    light = covered(narrower, seen).spreads[0].after
    assert light.share >= coverage.spreads[0].after.share - 0.05


def test_a_step_that_no_photo_asks_for_may_be_switched_off():
    recipe = AugmentationRecipe(steps=(Solarise(threshold=0),))
    found = too_wide(covered(recipe, pictures(40, 1)), Trials(TRAINING, ROWS, recipe))
    assert found and {one.step.kind for one in found} == {"solarise"}


def test_few_photos_do_not_tell_how_far_is_too_far():
    recipe = AugmentationRecipe(steps=(Brightness(fraction=1.0),))
    assert too_wide(covered(recipe, pictures(10, 1)), Trials(TRAINING, ROWS, recipe)) == []


def test_a_step_that_is_on_is_only_widened():
    recipe = AugmentationRecipe(steps=(Contrast(fraction=0.1), Brightness(fraction=0.3)))
    coverage = covered(recipe, (pictures(60, 1) * 0.4).astype(np.uint8))
    for one in closers(coverage, Trials(TRAINING, ROWS, recipe)):
        own = next((step for step in recipe.steps if step.kind == one.step.kind), None)
        assert own is None or one.step.fraction > own.fraction


def test_the_range_leaves_out_the_outermost_of_both_ends():
    found = inside(np.arange(1, 101), np.array([0, 1, 50, 99, 100]))
    assert (found.low, found.high, found.below, found.above) == (1, 99, 1, 1)
    assert found.share == 0.6 and not found.is_gap  # two odd ones are no gap
    assert inside(np.arange(100), np.full(20, 500)).is_gap
    nobody = inside(np.arange(100), np.array([]))
    assert nobody.share == 1 and not nobody.is_gap


@given(st.integers(0, 5000), st.integers(1, 300))
@settings(max_examples=50, deadline=None)
def test_photos_are_chosen_evenly(count, most):
    places = evenly(count, most)
    assert len(places) == min(count, most) and len(set(places)) == len(places)
    assert all(0 <= place < count for place in places) and places == sorted(places)
    if len(places) > 1:
        steps = np.diff(places)
        assert steps.max() - steps.min() <= 1 and places[0] == 0 and places[-1] == count - 1


def test_large_pictures_are_kept_in_smaller_numbers():
    assert affordable(SPEC, 240) == 240
    huge = PictureSpec(image_size=(2048, 2048))
    assert affordable(huge, 240) == 5


def test_what_cannot_be_read_is_left_out_and_nothing_at_all_is_told(tmp_path):
    good = encode_png(pictures(1)[0])
    (tmp_path / "letter.png").write_text("Dear photographer")
    loaded = load_all([good, str(tmp_path / "letter.png"), good], SPEC)
    assert loaded.places == [0, 2] and list(loaded.unreadable) == [1]
    assert loaded.pictures.shape == (2, 24, 24, 3)
    with pytest.raises(LoupeError, match="None of these photos"):
        load_all([b"", b"words"], SPEC)
    assert load_all([], SPEC).pictures.shape == (0, 24, 24, 3)


def test_photos_of_a_folder(tmp_path):
    for name in ("b/2.png", "a.JPG", ".hidden.png", ".trash/x.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names = [name.removeprefix(f"{tmp_path}/") for name in pictures_in(tmp_path)]
    assert names == ["a.JPG", "b/2.png"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(LoupeError, match="no photos"):
        pictures_in(tmp_path / "empty")
    with pytest.raises(LoupeError, match="no folder"):
        pictures_in(tmp_path / "nowhere")


def test_measuring_can_be_stopped():
    def stop(done, total, message):
        raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        measure_copies(TRAINING, ROWS, TURNED, 2, progress=stop)
