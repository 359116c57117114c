import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
        ('{"steps": [{"kind": "grey"}, {"degrees": 3}]}', "Step 2 does not say its kind"),
        ('{"steps": [7]}', "Step 1 is 7, and not an object"),
        ('{"steps": [{"kind": ["grey"]}]}', "There is no step"),
        ('{"version": 0}', "field 'version'.*at least 1"),
        ('{"version": 1e400}', "field 'version'"),
        ('{"steps": [{"kind": "rotation", "degrees": NaN}]}', r"Step 1 \(rotation\).*'degrees'"),
        ('{"steps": [{"kind": "jpeg", "lowest": 1.5}]}', r"Step 1 \(jpeg\).*'lowest'.*1.5"),
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


FIELDS = sorted({field for step in STEP_KINDS.values() for field in step.model_fields})
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 400),
    st.just(10**30),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([*STEP_KINDS, "nearest", "noise"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)
STEPS = st.builds(
    lambda kind, fields: fields | {"kind": kind},
    st.sampled_from(list(STEP_KINDS)),
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=2),
)
RECIPES = st.fixed_dictionaries(
    {"steps": st.lists(STEPS | VALUES, max_size=3) | VALUES},
    optional={field: VALUES for field in AugmentationRecipe.model_fields if field != "steps"},
)


@settings(max_examples=200, deadline=None)
@given(RECIPES | VALUES)
def test_anything_is_a_recipe_or_is_refused_in_a_sentence(data: object) -> None:
    try:
        read = read_recipe(json.dumps(data))
    except LoupeError as refused:
        assert str(refused).strip() and refused.next_step
        assert not any(
            jargon in str(refused) for jargon in ("validation", "discriminator", "type=")
        )
    else:
        assert read_recipe(write_recipe(read)) == read


@pytest.mark.parametrize("kind", STEP_KINDS)
def test_every_range_ends_where_its_form_ends(kind: str) -> None:
    model = STEP_KINDS[kind]
    for name, field in model.model_fields.items():
        for bound in field.metadata:
            for limit, beyond in (("ge", -1), ("le", 1)):
                if (end := getattr(bound, limit, None)) is None:
                    continue
                step = {"kind": kind, name: end + beyond}
                with pytest.raises(LoupeError, match=rf"Step 1 \({kind}\), field '{name}'"):
                    read_recipe(json.dumps({"steps": [step]}))


def test_a_recipe_without_a_version_is_of_the_first() -> None:
    data = json.loads(write_recipe(PRESETS["butterflies"]))
    del data["version"]
    assert read_recipe(json.dumps(data)) == PRESETS["butterflies"]
