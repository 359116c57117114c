"""A network whose input size is left open is the same network, and takes other sizes too."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import LoupeError
from core.models import edits
from core.models.architecture import Architecture
from core.models.architecture_json import read_architecture, write_architecture
from core.models.builder import build
from core.models.layers import LAYER_KINDS, Output
from core.models.open_size import forbids_open
from core.models.picture_sizes import nearest_size, smallest_side
from core.models.shapes import survey
from core.training.recipes import apply_overrides, get_recipe, list_recipes

STACKS = [one.architecture for one in list_recipes() if isinstance(one.architecture, Architecture)]
MAPS = [
    kind(**({"filters": 6} if "filters" in kind.model_fields else {}))
    for name, kind in LAYER_KINDS.items()
    if name not in ("dense", "output") and not name.startswith("global")
]
ENDS = [
    [LAYER_KINDS["flatten"]()],
    [LAYER_KINDS["global_average_pooling2d"]()],
    [LAYER_KINDS["global_max_pooling2d"](), LAYER_KINDS["flatten"]()],
    [LAYER_KINDS["global_average_pooling2d"](), LAYER_KINDS["dense"](units=4)],
]


def stack(*layers, **fields):
    return Architecture.model_validate({"name": "n", "layers": [*layers, Output()], **fields})


def opened(architecture):
    return architecture.model_copy(update={"open_size": True})


def pictures(height, width, channels=6):
    generator = np.random.default_rng(height * width)
    return generator.integers(0, 256, (2, height, width, channels)).astype(np.float32)


@settings(max_examples=7, deadline=None)
@given(
    st.lists(st.sampled_from(MAPS), min_size=1, max_size=4),
    st.sampled_from(ENDS),
    st.tuples(st.integers(9, 20), st.integers(9, 20)),
    st.integers(2, 4),
)
def test_where_the_layers_allow_it_the_open_network_answers_as_the_fixed_one(
    layers, end, size, num_classes
):
    architecture = stack(*layers, *end)
    assume(survey(architecture, (*size, 6), num_classes).problem is None)
    found = survey(opened(architecture), (*size, 6), num_classes)
    if forbids_open(architecture):
        assert forbids_open(architecture) in str(found.problem)
        assert architecture.names()[found.problem.place] in str(found.problem) or (
            architecture.names()[found.problem.place[:1]] in str(found.problem)
        )
        repaired = edits.replace(opened(architecture), found.problem.place, found.problem.instead)
        assert repaired.open_size and repaired != opened(architecture)
        return
    assert found.problem is None
    fixed = build(architecture, (*size, 6), num_classes)
    free = build(opened(architecture), (*size, 6), num_classes)
    assert free.input_shape == (None, None, None, 6) and fixed.input_shape == (None, *size, 6)
    free.set_weights(fixed.get_weights())
    seen = pictures(*size)
    np.testing.assert_allclose(free(seen), fixed(seen), rtol=1e-5, atol=1e-6)
    side = smallest_side(architecture, 6, num_classes)
    for height, width in ((side, 2 * side + 1),):
        assert free(pictures(height, width)).shape == fixed(seen).shape


def test_every_layer_that_forbids_it_is_repaired_one_after_the_other():
    block = {"kind": "residual_block", "layers": [{"kind": "max_pooling2d"}]}
    architecture = opened(get_recipe("butterflies").architecture)
    architecture = edits.insert(architecture, (0,), stack(block).layers[0])
    # Within a block of its own size the shortcut cannot follow at any size: refused before that.
    for _ in range(2):
        problem = survey(architecture, (32, 32, 3), 2).problem
        architecture = edits.replace(architecture, problem.place, problem.instead)
    assert survey(architecture, (32, 32, 3), 2).problem is None
    assert build(architecture, (32, 32, 3), 2).input_shape == (None, None, None, 3)


def test_files_from_before_are_read_and_written_as_they_were():
    architecture = get_recipe("small-cnn").architecture
    assert "open_size" not in write_architecture(architecture)
    assert not read_architecture(write_architecture(architecture)).open_size
    assert read_architecture(write_architecture(opened(architecture))) == opened(architecture)
    with pytest.raises(LoupeError, match="open_size"):
        read_architecture('{"name": "n", "layers": [{"kind": "output"}], "open_size": "perhaps"}')


def test_a_recipe_takes_it_as_one_of_its_fields():
    recipe = apply_overrides(get_recipe("small-cnn"), {"open_size": "yes"})
    assert recipe.architecture.open_size
    assert type(recipe).model_validate_json(recipe.model_dump_json()) == recipe
    with pytest.raises(LoupeError, match="open_size"):
        apply_overrides(get_recipe("small-cnn"), {"open_size": "perhaps"})
    with pytest.raises(LoupeError, match="no field 'open_size'"):
        apply_overrides(get_recipe("mobilenet-v2"), {"open_size": "yes"})


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STACKS), st.integers(4, 64), st.integers(4, 64), st.integers(2, 1000))
def test_the_nearest_size_works_and_a_size_that_works_stays(architecture, height, width, classes):
    def works(size):
        return survey(architecture, (*size, 3), classes).problem is None

    nearest = nearest_size(architecture, (height, width), 3, classes)
    if works((height, width)):
        assert nearest == (height, width)
        return
    assert works(nearest)
    assert nearest[0] >= height and nearest[1] >= width
    assert abs(nearest[0] / nearest[1] - height / width) <= 0.5 * max(height / width, 1)


def test_too_many_weights_make_the_nearest_size_a_smaller_one():
    heavy = stack({"kind": "conv2d", "filters": 64}, {"kind": "flatten"},
                  {"kind": "dense", "units": 512})  # fmt: skip
    size = nearest_size(heavy, (400, 300), 3, 2)
    assert survey(heavy, (*size, 3), 2).problem is None
    assert survey(heavy, (size[0] + 4, size[1] + 3, 3), 2).problem is not None


def test_a_backbone_has_its_own_smallest_size_and_some_networks_none():
    assert nearest_size(get_recipe("mobilenet-v2").architecture, (20, 40), 3, 2) == (32, 40)
    assert nearest_size(stack({"kind": "conv2d"}), (20, 40), 3, 2) is None
