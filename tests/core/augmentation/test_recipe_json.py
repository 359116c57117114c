import json

import pytest

from core.augmentation.presets import PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.recipe_json import read_recipe, write_recipe
from core.augmentation.steps import STEP_KINDS
from core.errors import LoupeError


@pytest.mark.parametrize("name", PRESETS)
def test_a_recipe_survives_the_way_out_and_in(name: str) -> None:
    assert read_recipe(write_recipe(PRESETS[name])) == PRESETS[name]


def test_a_recipe_of_every_step_survives_and_keeps_its_order() -> None:
    steps = tuple(reversed([step() for step in STEP_KINDS.values()]))
    recipe = AugmentationRecipe(name="everything", steps=steps)
    assert read_recipe(write_recipe(recipe)) == recipe


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON text"),
        ("[" * 5000, "no JSON text"),
        ("[1, 2]", "is a JSON object"),
        (" " * 200_000, "at most 100,000 characters"),
        ('{"version": 7}', "format 7.*newer Loupe"),
        ('{"version": "new"}', "field 'version'"),
        ('{"steps": [{"kind": "melt"}]}', "no step 'melt'.*Known steps: rotation"),
        ('{"steps": [{"degrees": 3}]}', "The recipe|Step 1"),
        ('{"steps": "all"}', "field 'steps'"),
        ('{"steps": [{"kind": "rotation", "degrees": -1}]}', r"Step 1 \(rotation\).*'degrees'.*-1"),
        ('{"steps": [{"kind": "hue"}, {"kind": "zoom", "angle": 3}]}', r"Step 2 \(zoom\).*'angle'"),
        (
            '{"steps": [{"kind": "erasing", "smallest": 0.5, "largest": 0.1}]}',
            "smallest part to erase, 0.5, is above the largest, 0.1",
        ),
        ('{"steps": [{"kind": "grey"}, {"kind": "grey"}]}', "two of"),
        ('{"colour": 1}', "The recipe has no field 'colour'"),
        ('{"fill_mode": "mirror"}', "field 'fill_mode'"),
    ],
)
def test_what_is_no_recipe_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(LoupeError, match=said) as refused:
        read_recipe(text)
    assert "validation error" not in str(refused.value)


def test_a_recipe_without_a_version_is_of_the_first() -> None:
    data = json.loads(write_recipe(PRESETS["butterflies"]))
    del data["version"]
    assert read_recipe(json.dumps(data)) == PRESETS["butterflies"]
