"""What the lab shows, without its page: strips, eyes, comparisons, sheets, saved recipes."""

import io

import numpy as np
import pytest
from PIL import Image

from core.augmentation import saved, strength
from core.augmentation.comparing import differences
from core.augmentation.drawing import draw
from core.augmentation.eye import as_visible, look
from core.augmentation.presets import BUTTERFLIES, GENTLE, PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.sheets import contact_sheet, moving_picture
from core.augmentation.steps import STEP_KINDS, Blur, Brightness, Erasing, HorizontalFlip, Rotation
from core.augmentation.transforms import apply
from core.errors import LoupeError
from core.workspace import restore
from tests.core.augmentation.drawn_photos import photo_like

PHOTO = photo_like((32, 32), 3)
SHOWN = [kind for kind in STEP_KINDS if strength.can_be_shown(kind)]


@pytest.mark.parametrize("kind", SHOWN)
def test_a_strip_goes_from_the_photo_itself_to_the_strongest(kind: str) -> None:
    step = STEP_KINDS[kind].model_validate({"kind": kind})
    levels = strength.strip(PHOTO, step, BUTTERFLIES)
    assert len(levels) == 7
    if kind not in ("zoom_crop", "randaugment"):
        np.testing.assert_array_equal(levels[0].picture, PHOTO)
    values = [level.value for level in levels]
    assert values in (sorted(values), sorted(values, reverse=True))
    assert values[0] == step.weakest and values[-1] == pytest.approx(step.strongest)
    assert all(getattr(level.step, step.strength) == level.value for level in levels)
    assert (levels[-1].picture != PHOTO).mean() > 0.2


def test_the_step_taken_from_a_strip_is_on_and_keeps_its_other_fields() -> None:
    step = Erasing(enabled=False, smallest=0.2, largest=0.3, filling="black")
    taken = strength.at_strength(step, 0.1)
    assert taken == Erasing(enabled=True, smallest=0.1, largest=0.1, filling="black")
    assert strength.nearest(Rotation(degrees=strength.strengths("rotation")[3] + 1)) == 3


def test_the_eye_sees_what_training_sees() -> None:
    drawn = draw(BUTTERFLIES, 4)
    eye = look(PHOTO, PHOTO, BUTTERFLIES, drawn)
    np.testing.assert_array_equal(eye.augmented, apply(PHOTO, drawn))
    np.testing.assert_allclose(eye.numbers * 255, eye.augmented, atol=1e-3)
    expected = np.abs(eye.augmented.astype(int) - PHOTO)
    np.testing.assert_array_equal(eye.difference, expected)


def test_numbers_become_visible_from_black_to_white() -> None:
    shown = as_visible(np.float32([[-1.0, 0.0, 1.0]]))
    assert shown.tolist() == [[0, 128, 255]] and shown.dtype == np.uint8
    assert as_visible(np.full((2, 2), 0.3)).max() == 0


def test_differences_name_what_differs_and_nothing_else() -> None:
    found = differences(BUTTERFLIES, GENTLE)
    said = {one.what: (one.first, one.second) for one in found}
    assert said["Rotation"] == ("on", "off")
    assert said["Width shift: largest move"] == ("0.2", "0.125")
    assert said["Fill mode"] == ("nearest", "reflect")
    assert "Horizontal flip" not in said
    renamed = BUTTERFLIES.model_copy(update={"name": "mine", "fill_value": 9})
    assert differences(BUTTERFLIES, renamed) == []
    off = BUTTERFLIES.model_copy(update={"steps": (*BUTTERFLIES.steps, Blur(enabled=False))})
    assert differences(BUTTERFLIES, off) == []


def test_order_is_a_difference() -> None:
    one, other = (
        AugmentationRecipe(steps=steps)
        for steps in ((Blur(), Brightness()), (Brightness(), Blur()))
    )
    (found,) = differences(one, other)
    assert found == ("Order", "Blur, Brightness", "Brightness, Blur")


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sheet_holds_every_picture_on_white(channels: int) -> None:
    pictures = [photo_like((10, 12), channels, seed) for seed in range(5)]
    sheet = contact_sheet([pictures[:3], pictures[3:]], gap=4)
    assert sheet.shape == (2 * 14 + 4, 3 * 16 + 4, 3)
    np.testing.assert_array_equal(sheet[18:28, 20:32], np.broadcast_to(pictures[4], (10, 12, 3)))
    assert (sheet[18:28, 36:48] == 255).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_a_gif_moves(channels: int) -> None:
    pictures = [photo_like((20, 24), channels, seed) for seed in range(4)]
    with Image.open(io.BytesIO(moving_picture(pictures))) as moving:
        assert (moving.format, moving.n_frames, moving.size) == ("GIF", 4, (24, 20))


def test_recipes_are_saved_copied_deleted_and_brought_back(workspace) -> None:
    assert saved.list_saved(workspace) == {}
    key = saved.save_recipe(workspace, BUTTERFLIES, " Garden photos ")
    found = saved.list_saved(workspace)
    assert found[key] == BUTTERFLIES.model_copy(update={"name": "Garden photos"})
    copy = saved.duplicate_saved(workspace, key)
    again = saved.duplicate_saved(workspace, key)
    assert len({key, copy, again}) == 3
    token = saved.delete_saved(workspace, key)
    assert key not in saved.list_saved(workspace)
    restore(workspace, token)
    assert saved.list_saved(workspace)[key].steps == BUTTERFLIES.steps


def test_saving_again_under_a_name_loses_nothing(workspace) -> None:
    key = saved.save_recipe(workspace, BUTTERFLIES, "mine")
    assert saved.save_recipe(workspace, GENTLE, "mine") == key
    assert saved.list_saved(workspace)[key].steps == GENTLE.steps
    assert len(list(workspace.bin.rglob("recipe.json"))) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "!!!"])
def test_a_recipe_needs_a_name(workspace, name: str) -> None:
    with pytest.raises(LoupeError):
        saved.save_recipe(workspace, GENTLE, name)


def test_a_damaged_file_hides_no_other_recipe(workspace) -> None:
    saved.save_recipe(workspace, GENTLE, "good")
    bad = workspace.root / "augmentations" / "bad"
    bad.mkdir()
    (bad / "recipe.json").write_text('{"version": 99}')
    assert [one.name for one in saved.list_saved(workspace).values()] == ["good"]
    assert (bad / "recipe.json").read_text() == '{"version": 99}'


def test_presets_differ_from_each_other() -> None:
    recipes = list(PRESETS.values())
    for place, recipe in enumerate(recipes):
        assert all(differences(recipe, other) for other in recipes[:place])
    assert PRESETS["documents"].only("horizontal_flip").steps == ()
    assert HorizontalFlip() in PRESETS["satellite"].steps
