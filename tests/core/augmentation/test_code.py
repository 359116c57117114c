"""The code is run, as whoever copies it would."""

import numpy as np
import pytest

from core.augmentation.code import as_albumentations, as_generator_arguments, as_keras
from core.augmentation.presets import BUTTERFLIES, PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS
from tests.core.augmentation.drawn_photos import photo_like
from tests.core.augmentation.test_every_step import recipe_of

EVERYTHING = AugmentationRecipe(steps=tuple(step() for step in STEP_KINDS.values()))
RECIPES = [*PRESETS.values(), EVERYTHING]


@pytest.mark.parametrize("recipe", [BUTTERFLIES, EVERYTHING])
def test_the_keras_layers_run_and_change_pictures(recipe: AugmentationRecipe) -> None:
    scope: dict = {}
    exec(as_keras(recipe), scope)
    pictures = np.stack([photo_like((32, 32), 3, seed) for seed in range(4)]).astype(np.float32)
    changed = np.asarray(scope["augment"](pictures, training=True))
    assert changed.shape == pictures.shape
    assert np.abs(changed - pictures).mean() > 5
    assert (np.asarray(scope["augment"](pictures, training=False)) == pictures).all()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_the_albumentations_pipeline_runs_and_gives_pictures(recipe: AugmentationRecipe) -> None:
    scope: dict = {}
    exec(as_albumentations(recipe), scope)
    picture = photo_like((32, 32), 3)
    changed = scope["augment"](image=picture)["image"]
    assert changed.shape == picture.shape and changed.dtype == np.uint8


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_code_runs_wherever_a_range_ends(share: float) -> None:
    picture = photo_like((32, 32), 3)
    for kind in STEP_KINDS:
        recipe = recipe_of(kind, share=share)
        scope: dict = {}
        exec(as_albumentations(recipe), scope)
        assert scope["augment"](image=picture)["image"].shape == picture.shape, kind
        if "keras.layers." in (code := as_keras(recipe)):
            exec(code, scope)
            changed = scope["augment"](picture[None].astype(np.float32), training=True)
            assert changed.shape == (1, 32, 32, 3), kind


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
def test_the_generator_gets_the_tutorials_arguments() -> None:
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    generator = eval(
        as_generator_arguments(BUTTERFLIES), {"ImageDataGenerator": ImageDataGenerator}
    )
    assert (generator.rotation_range, generator.shear_range) == (40, 0.2)
    assert (generator.width_shift_range, generator.height_shift_range) == (0.2, 0.2)
    assert list(generator.zoom_range) == [0.8, 1.2]
    assert generator.horizontal_flip and not generator.vertical_flip
    assert generator.fill_mode == "nearest" and generator.rescale == pytest.approx(1 / 255)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_step_is_said_or_said_to_be_missing(recipe: AugmentationRecipe) -> None:
    for text in (as_keras(recipe), as_albumentations(recipe), as_generator_arguments(recipe)):
        compile(text, "recipe", "exec")
        body = [line.strip() for line in text.splitlines() if line.startswith("    ")]
        lines = [line for line in body if line not in ("[", "]")]
        assert len(lines) >= len(recipe.steps)
