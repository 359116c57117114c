import pytest
from pydantic import ValidationError

from core.augmentation.presets import BUTTERFLIES, DESCRIBED, PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, STEP_LABELS, Rotation
from core.augmentation.transforms import draw


@pytest.mark.parametrize(
    "data",
    [
        {"steps": [{"kind": "melt"}]},
        {"steps": [{"kind": "rotation", "degrees": 181}]},
        {"steps": [{"kind": "rotation", "degrees": -1}]},
        {"steps": [{"kind": "zoom", "fraction": 1.5}]},
        {"steps": [{"kind": "rotation", "angle": 3}]},
        {"steps": [{"kind": "rotation"}, {"kind": "rotation"}]},
        {"steps": [{"kind": "erasing", "smallest": 0.4, "largest": 0.1}]},
        {"version": 2},
        {"fill_mode": "mirror"},
        {"fill_value": 256},
        {"rescale": 0},
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(data: dict) -> None:
    with pytest.raises(ValidationError):
        AugmentationRecipe.model_validate(data)


def test_butterflies_has_the_tutorials_ranges() -> None:
    ranges = {
        step.kind: getattr(step, "degrees", getattr(step, "fraction", step.probability))
        for step in BUTTERFLIES.steps
    }
    assert ranges == {
        "rotation": 40,
        "width_shift": 0.2,
        "height_shift": 0.2,
        "shear": 0.2,
        "zoom": 0.2,
        "horizontal_flip": 0.5,
    }
    assert (BUTTERFLIES.fill_mode, BUTTERFLIES.rescale) == ("nearest", 1 / 255)


@pytest.mark.parametrize("kind", STEP_KINDS)
def test_every_step_can_be_drawn_and_has_words_for_its_form(kind: str) -> None:
    step = STEP_KINDS[kind]()
    recipe = AugmentationRecipe.model_validate({"steps": [step.model_dump()]})
    assert any(not draw(recipe, seed).changes_nothing for seed in range(10))
    assert STEP_LABELS[kind] and STEP_KINDS[kind].__doc__
    for name, field in STEP_KINDS[kind].model_fields.items():
        assert name == "kind" or (field.description and field.json_schema_extra["label"])


def test_only_keeps_one_step_and_the_rest_of_the_recipe() -> None:
    alone = BUTTERFLIES.only("rotation")
    assert alone.steps == (Rotation(degrees=40),)
    assert alone.fill_mode == BUTTERFLIES.fill_mode


def test_presets_are_found_by_their_names_and_give_a_reason() -> None:
    tutorials = {"butterflies", "bears", "dragonflies", "none"}
    assert set(PRESETS) >= tutorials | {"gentle", "strong", "documents", "microscopy", "satellite"}
    for name, preset in DESCRIBED.items():
        assert preset.recipe.name == name and len(preset.reason) > 40


def test_bears_has_the_tutorials_zoom_and_crop() -> None:
    (step,) = PRESETS["bears"].steps
    assert step.model_dump() == {
        "kind": "zoom_crop", "enabled": True, "probability": 1.0, "most": 0.2, "mirror": True,
    }  # fmt: skip
