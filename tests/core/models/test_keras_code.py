"""The code that Loupe shows is run, and what it builds is compared with our own model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.builder import build
from core.models.keras_code import keras_code
from core.models.layers import LAYER_KINDS, Output
from core.training.recipes import get_recipe

MAPS = [
    kind()
    for name, kind in LAYER_KINDS.items()
    if name not in ("flatten", "dense", "output") and not name.startswith("global")
]


def opened(architecture):
    return architecture.model_copy(update={"open_size": True})


def run(code):
    names = {}
    exec(code, names)
    return names["model"]


def assert_same(architecture, shape, num_classes=3):
    code = keras_code(architecture, shape, num_classes)
    theirs = run(code)
    ours = build(architecture, shape, num_classes)
    assert theirs.name == ours.name
    assert [(x.name, type(x), x.output.shape, x.count_params()) for x in theirs.layers] == [
        (x.name, type(x), x.output.shape, x.count_params()) for x in ours.layers
    ]
    assert [x.get_config() for x in theirs.layers] == [x.get_config() for x in ours.layers]
    generator = np.random.default_rng(0)
    weights = [generator.uniform(0.1, 0.5, w.shape) for w in ours.get_weights()]
    ours.set_weights(weights)
    theirs.set_weights(weights)
    pictures = generator.integers(0, 256, (2, *shape)).astype(np.float32)
    np.testing.assert_allclose(theirs(pictures), ours(pictures), rtol=1e-5)
    return code


@pytest.mark.parametrize(("name", "size"), [("butterflies", 12), ("resnet", 32), ("small-cnn", 32)])
def test_the_code_of_a_recipe_builds_the_same_model(name, size):
    code = assert_same(get_recipe(name).architecture, (size, size, 3))
    assert max(map(len, code.splitlines())) <= 100


def test_every_kind_of_layer_is_in_the_code():
    ends = [LAYER_KINDS[name]() for name in ("global_max_pooling2d", "dense")]
    architecture = Architecture(name='a "name" / \n1', layers=(*MAPS, *ends, Output()))
    assert_same(architecture, (16, 16, 8))


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(MAPS), min_size=1, max_size=4), st.sampled_from(["flatten"]))
def test_any_stack_is_the_same_in_code(layers, bridge):
    layers = (*layers, LAYER_KINDS[bridge](), Output())
    assert_same(Architecture(name="n", layers=layers), (24, 20, 8), num_classes=2)


def test_an_open_size_is_in_the_code_where_the_layers_allow_it():
    code = assert_same(opened(get_recipe("resnet").architecture), (32, 32, 3))
    assert "keras.Input((None, None, 3)" in code
    with pytest.raises(LoupeError, match="'flatten' lays all maps out"):
        keras_code(opened(get_recipe("butterflies").architecture), (32, 32, 3), 2)
