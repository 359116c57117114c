import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.builder import build
from core.models.shapes import trace
from core.training.recipes import list_recipes


def stack(*layers):
    return Architecture.model_validate(
        {"name": "stack", "layers": [*layers, {"kind": "output", "activation": "softmax"}]}
    )


# Those of backbones are compared in test_backbones.
STACKS = [each for each in list_recipes() if isinstance(each.architecture, Architecture)]


def assert_agrees_with_keras(architecture, input_shape, num_classes):
    rows = trace(architecture, input_shape, num_classes)
    model = build(architecture, input_shape, num_classes)
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    # Keras lists a shortcut among the layers that it goes around.
    assert {(row.name, row.output_shape, row.parameters) for row in rows} == {
        (layer.name, layer.output.shape[1:], layer.count_params()) for layer in layers
    }
    assert len(rows) == len(layers)


@pytest.mark.parametrize("recipe", STACKS, ids=lambda recipe: recipe.name)
@pytest.mark.parametrize("num_classes", [2, 3])
def test_the_arithmetic_of_the_recipes_is_keras_own(recipe, num_classes):
    assert_agrees_with_keras(recipe.architecture, recipe.picture.shape, num_classes)


WINDOWED = st.one_of(
    st.builds(
        dict,
        kind=st.just("conv2d"),
        filters=st.integers(1, 5),
        kernel_size=st.integers(1, 4),
        strides=st.integers(1, 3),
        padding=st.sampled_from(["valid", "same"]),
    ),
    st.builds(
        dict,
        kind=st.just("max_pooling2d"),
        pool_size=st.integers(1, 3),
        strides=st.integers(1, 3),
        padding=st.sampled_from(["valid", "same"]),
    ),
    st.sampled_from([{"kind": "batch_normalization"}, {"kind": "dropout"}, {"kind": "activation"}]),
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(WINDOWED, max_size=4),
    st.sampled_from(["flatten", "global_average_pooling2d"]),
    st.tuples(st.integers(4, 23), st.integers(4, 23), st.sampled_from([1, 3])),
)
def test_any_stack_agrees_with_keras_or_is_refused_by_both(layers, bridge, input_shape):
    architecture = stack(*layers, {"kind": bridge}, {"kind": "dense", "units": 3})
    try:
        trace(architecture, input_shape, 4)
    except LoupeError:
        with pytest.raises(LoupeError):
            build(architecture, input_shape, 4)
        return
    assert_agrees_with_keras(architecture, input_shape, 4)


def test_the_butterfly_network_is_the_tutorials():
    recipe = next(recipe for recipe in list_recipes() if recipe.name == "butterflies")
    rows = {row.name: row for row in trace(recipe.architecture, (75, 75, 3), 2)}
    assert rows["conv2d_1"].arithmetic == "1 + (37 + 2·0 − 2)/1 = 36"
    assert rows["max_pooling2d"].arithmetic == "1 + (75 + 2·0 − 2)/2 = 37, rounded down"
    assert rows["flatten"].output_shape == (18 * 18 * 64,)
    assert rows["dense"].parameters == (18 * 18 * 64 + 1) * 64
    assert rows["output"].output_shape == (1,)
    assert rows["conv2d"].multiply_adds == 75 * 75 * 2 * 2 * 3 * 32


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        (
            [{"kind": "conv2d", "kernel_size": 9, "padding": "valid"}],
            "Layer 'conv2d' cannot work: its kernel of 9 × 9 is larger than the 8 × 8 maps that "
            "reach it. Use a kernel of at most 8",
        ),
        (
            [{"kind": "max_pooling2d"}] * 4,
            "Layer 'max_pooling2d_3' cannot work: its window of 2 × 2 is larger than the 1 × 1",
        ),
        ([{"kind": "dense"}], "Put a 'flatten' or a 'global_average_pooling2d' layer before it."),
        ([{"kind": "flatten"}, {"kind": "conv2d"}], "Layer 'conv2d' needs maps"),
        (
            [{"kind": "flatten"}, {"kind": "dense", "units": 8192}]
            + [{"kind": "dense", "units": 8192}] * 7,
            "weights",
        ),
    ],
)
def test_an_impossible_layer_is_named_with_what_would_work(layers, sentence):
    with pytest.raises(LoupeError) as refusal:
        trace(stack(*layers), (8, 8, 3), 4)
    assert sentence in str(refusal.value)


def test_an_architecture_without_an_answer_is_refused():
    architecture = Architecture.model_validate({"name": "open", "layers": [{"kind": "flatten"}]})
    with pytest.raises(LoupeError, match="must end with its one output layer"):
        trace(architecture, (8, 8, 3), 2)
