"""Every kind of layer against Keras: shapes, weights, receptive fields, open sizes."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.builder import build
from core.models.impossible import ImpossibleLayer
from core.models.layers import BRANCH_KINDS, FAMILIES, LAYER_KINDS, TITLES
from core.models.open_size import forbids_open
from core.models.picture_sizes import smallest_side
from core.models.shapes import survey, trace

PADDINGS = st.sampled_from(["valid", "same"])
BENDS = st.sampled_from(["linear", "relu", "gelu", "silu", "leaky_relu", "mish"])
CONVOLUTIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["conv2d", "separable_conv2d"]),
            "filters": st.sampled_from([2, 3, 4, 6]),
            "kernel_size": st.integers(1, 4),
            "strides": st.integers(1, 3),
            "padding": PADDINGS,
            "activation": BENDS,
            "use_bias": st.booleans(),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("depthwise_conv2d"),
            "kernel_size": st.integers(1, 3),
            "strides": st.integers(1, 2),
            "padding": PADDINGS,
            "depth_multiplier": st.integers(1, 2),
        }
    ),
)
POOLINGS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["max_pooling2d", "average_pooling2d"]),
        "pool_size": st.integers(1, 3),
        "strides": st.integers(1, 3),
        "padding": PADDINGS,
    }
)
OTHERS = st.sampled_from(
    [
        {"kind": "batch_normalization"},
        {"kind": "layer_normalization"},
        {"kind": "group_normalization", "groups": 2},
        {"kind": "activation", "activation": "hard_silu"},
        {"kind": "dropout"},
    ]
)
SIMPLE = st.one_of(CONVOLUTIONS, POOLINGS, OTHERS)
BLOCKS = st.fixed_dictionaries(
    {
        "kind": st.just("residual_block"),
        "layers": st.lists(SIMPLE, min_size=1, max_size=3),
        "normalize_shortcut": st.booleans(),
        "activation": BENDS,
    }
)
BRIDGES = ["flatten", "global_average_pooling2d", "global_max_pooling2d"]


def stack(*layers):
    layers = [{"kind": layer} if isinstance(layer, str) else layer for layer in layers]
    return Architecture.model_validate({"name": "stack", "layers": [*layers, {"kind": "output"}]})


def assert_agrees_with_keras(architecture, input_shape, num_classes):
    rows = trace(architecture, input_shape, num_classes)
    model = build(architecture, input_shape, num_classes)
    built = {layer.name: layer for layer in model.layers if layer.name != "picture"}
    assert {row.name for row in rows} == set(built)
    for row in rows:
        layer = built[row.name]
        assert row.output_shape == layer.output.shape[1:], row
        assert row.parameters == layer.count_params(), row
        fed = layer.input if isinstance(layer.input, list) else [layer.input]
        names = [tensor._keras_history.operation.name for tensor in fed]
        assert row.name == "rescaling" or list(row.inputs) == names


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(SIMPLE, SIMPLE, BLOCKS), min_size=1, max_size=5),
    st.sampled_from(BRIDGES),
    st.tuples(st.integers(4, 21), st.integers(4, 21), st.sampled_from([1, 2, 3])),
)
def test_any_stack_agrees_with_keras_or_is_refused_by_both(layers, bridge, input_shape):
    architecture = stack(*layers, bridge, {"kind": "dense", "units": 3})
    found = survey(architecture, input_shape, 4)
    if found.problem is None:
        return assert_agrees_with_keras(architecture, input_shape, 4)
    with pytest.raises(LoupeError):
        build(architecture, input_shape, 4)
    return assert_what_is_proposed_works(architecture, input_shape, found.problem)


def assert_what_is_proposed_works(architecture, input_shape, problem):
    """The nearest value that works does work: the next problem lies further on, if any."""
    assert isinstance(problem, ImpossibleLayer) and problem.place
    if problem.instead is None:
        return
    layers = list(architecture.layers)
    place = problem.place
    if len(place) == 2:
        inner = list(layers[place[0]].layers)
        inner[place[1]] = problem.instead
        layers[place[0]] = layers[place[0]].model_copy(update={"layers": tuple(inner)})
    else:
        layers[place[0]] = problem.instead
    better = architecture.model_copy(update={"layers": tuple(layers)})
    after = survey(better, input_shape, 4)
    assert after.problem is None or after.problem.place > place or len(place) == 2


VISIBLE = st.lists(
    st.one_of(
        CONVOLUTIONS.map(lambda layer: layer | {"activation": "linear"}),
        POOLINGS,
        st.just({"kind": "batch_normalization"}),
        st.fixed_dictionaries(
            {
                "kind": st.just("residual_block"),
                "layers": st.lists(
                    CONVOLUTIONS.map(lambda x: x | {"activation": "linear", "padding": "same"}),
                    min_size=1,
                    max_size=2,
                ),
            }
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=20, deadline=None)
@given(VISIBLE)
def test_the_receptive_field_is_what_a_changed_pixel_reaches(layers):
    """Rows of the picture are changed one by one: those that reach a middle value are counted."""
    side = 72
    architecture = stack(*layers, "global_average_pooling2d")
    found = survey(architecture, (side, side, 1), 3)
    last = next(row for row in reversed(found.rows) if len(row.output_shape) == 3)
    size = last.receptive_field.size
    if found.problem or size > side // 3:
        return
    model = build(architecture, (side, side, 1), 3)
    generator = np.random.default_rng(0)
    for layer in model.layers:
        if "batch_normalization" not in layer.name and "norm" not in layer.name:
            # Positive weights: nothing cancels out, and no window hides another's strongest.
            layer.set_weights([generator.uniform(0.5, 1, w.shape) for w in layer.get_weights()])
    output = keras.Model(model.input, model.get_layer(last.name).output)
    pictures = np.full((side + 1, side, side, 1), 1000, np.float32)
    pictures[np.arange(side) + 1, np.arange(side)] += 100_000
    values = np.asarray(output(pictures))
    values = values[:, values.shape[1] // 2, values.shape[2] // 2]
    reached = [row for row in range(side) if not np.allclose(values[row + 1], values[0], 1e-5)]
    assert reached[-1] - reached[0] + 1 == size


@pytest.mark.parametrize(
    ("layers", "size", "jump"),
    [
        ([{"kind": "conv2d", "kernel_size": 3}], 3, 1),
        ([{"kind": "conv2d", "kernel_size": 3}] * 3, 7, 1),
        ([{"kind": "conv2d", "kernel_size": 7, "strides": 2}, "max_pooling2d"], 9, 4),
        # The block sees 5, its shortcut 1; stacked, four more pixels each time.
        ([{"kind": "residual_block"}], 5, 1),
        ([{"kind": "residual_block"}] * 2, 9, 1),
        # The shortcut with its stride of 2 sees 1, the branch 3: the larger one counts.
        (
            [
                {"kind": "residual_block", "layers": [{"kind": "conv2d", "strides": 2}]},
                {"kind": "conv2d"},
            ],
            7,
            2,
        ),
        (["group_normalization", "max_pooling2d"], None, 2),
        (["flatten"], None, None),
    ],
)
def test_receptive_fields_by_hand(layers, size, jump):
    rows = trace(stack(*layers, *_bridge(layers)), (64, 64, 8), 2)
    ends = [row for row in rows if row.kind not in ("output", "global_average_pooling2d")]
    assert ends[-1].receptive_field == (size, jump)


def _bridge(layers):
    return [] if "flatten" in layers else ["global_average_pooling2d"]


def test_every_kind_is_in_one_family_and_has_a_title():
    kinds = [kind for family in FAMILIES.values() for kind in family]
    assert len(kinds) == len(set(kinds)) == len(LAYER_KINDS)
    assert set(TITLES) == set(LAYER_KINDS)
    assert all(kind.__doc__ for kind in kinds)
    assert set(LAYER_KINDS) >= BRANCH_KINDS and "flatten" not in BRANCH_KINDS


@pytest.mark.parametrize(
    ("layers", "sentence", "instead"),
    [
        (
            [{"kind": "group_normalization", "groups": 5}],
            "cannot divide 6 maps into 5 equal groups. Use 6 groups",
            {"groups": 6},
        ),
        (
            [{"kind": "residual_block", "layers": [{"kind": "conv2d", "padding": "valid"}]}],
            "changes the size within 'residual_block' to 6 × 6, which its shortcut cannot follow",
            {"padding": "same"},
        ),
        ([{"kind": "depthwise_conv2d", "kernel_size": 9, "padding": "valid"}], "at most 8", {}),
        (["flatten", "residual_block"], "Layer 'residual_block' needs maps", {}),
    ],
)
def test_what_cannot_work_is_named_with_the_nearest_value(layers, sentence, instead):
    found = survey(stack(*layers, "global_average_pooling2d"), (8, 8, 6), 2)
    assert sentence in str(found.problem)
    for field, value in instead.items():
        assert getattr(found.problem.instead, field) == value


def test_layers_before_an_impossible_one_keep_their_figures():
    found = survey(stack("conv2d", "max_pooling2d", "dense"), (8, 8, 3), 2)
    assert [row.name for row in found.rows] == ["rescaling", "conv2d", "max_pooling2d"]
    assert found.problem.place == (2,)
    assert found.problem.before.kind == "global_average_pooling2d"


def test_an_open_size_is_built_where_the_layers_allow_it():
    architecture = stack("residual_block", "max_pooling2d", "global_max_pooling2d")
    assert forbids_open(architecture) is None
    assert smallest_side(architecture, 3, 2) == 2
    model = build(architecture, (None, None, 3), 2)
    for side in (2, 9, 16):
        assert model(np.zeros((1, side, side + 3, 3), np.float32)).shape == (1, 1)
    with pytest.raises(LoupeError):
        trace(architecture, (1, 1, 3), 2)


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        (["conv2d", "flatten"], "Layer 'flatten' lays all maps out"),
        (
            [
                {"kind": "residual_block", "layers": [{"kind": "max_pooling2d"}]},
                "global_average_pooling2d",
            ],
            "Block 'residual_block' has a layer without a rim",
        ),
        (["conv2d"], "needs a plain list of numbers"),
    ],
)
def test_an_open_size_is_refused_with_the_layer_that_forbids_it(layers, sentence):
    with pytest.raises(LoupeError) as refusal:
        build(stack(*layers), (None, None, 3), 2)
    assert sentence in str(refusal.value)


def test_memory_counts_what_comes_out_of_every_layer():
    rows = trace(stack({"kind": "separable_conv2d", "filters": 5}, "flatten"), (8, 8, 3), 2)
    assert [row.memory for row in rows[:3]] == [8 * 8 * 3 * 4, 8 * 8 * (5 + 3) * 4, 8 * 8 * 5 * 4]
