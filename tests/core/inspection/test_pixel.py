"""One value, number by number, against what Keras itself computes; and what it depends on."""

import keras
import numpy as np
import pytest
from keras.src.applications.convnext import LayerScale

from core.errors import LoupeError
from core.inspection.fields import receptive_field
from core.inspection.graph import steps
from core.inspection.pixel import WAYS, explain
from core.inspection.viewer import Viewer
from core.models.architecture import Architecture
from core.models.backbones import FAMILIES, Backbone
from core.models.builder import build
from core.models.transfer import build_backbone

kinds = keras.layers
SIZE = (19, 22, 3)


def scattered(model):
    """The model with weights, statistics too, that differ from 0 and 1."""
    for place, weight in enumerate(model.weights):
        drawn = np.random.default_rng(place).uniform(-0.5, 0.5, weight.shape)
        weight.assign(abs(drawn) + 0.3 if "variance" in weight.path else drawn)
    return model


def model_of(*layers, shape=SIZE):
    given = value = keras.Input(shape)
    for layer in layers:
        value = layer(value)
    return scattered(keras.Model(given, value))


def picture_of(shape=SIZE):
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


def check_every_layer(model, shape=SIZE, places=5):
    """Compares `explain` with the layer's own output; returns the sums by layer."""
    viewer, picture = Viewer(model), picture_of(shape)
    values = {"": picture.astype(np.float32)} | viewer.values(picture)
    rng, found = np.random.default_rng(2), {}
    for step in viewer.steps.values():
        output = values[step.name]
        for _ in range(places):
            place = tuple(int(rng.integers(size)) for size in output.shape)
            told = explain(step.layer, [values[one] for one in step.sources], output, place)
            close = pytest.approx(float(output[place]), rel=1e-4, abs=1e-4)
            assert told.value == close, (step.name, place)
            found.setdefault(step.name, []).append(told)
    return found


WINDOWED = [
    kinds.Conv2D(4, 3, activation="relu"),
    kinds.Conv2D(4, (2, 3), strides=(2, 3), padding="same", use_bias=False),
    kinds.Conv2D(4, 3, dilation_rate=2, padding="same", activation="tanh"),
    kinds.Conv2D(6, 3, groups=3, padding="same", activation="sigmoid"),
    kinds.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same"),
    kinds.SeparableConv2D(5, 3, depth_multiplier=2, activation="gelu"),
    kinds.MaxPooling2D(3, strides=2, padding="same"),
    kinds.AveragePooling2D((2, 3), strides=2, padding="same"),
    kinds.MaxPooling2D(2),
]


@pytest.mark.parametrize("layer", WINDOWED, ids=lambda layer: layer.name)
def test_windows_add_up(layer):
    told = check_every_layer(model_of(layer), places=12)[layer.name]
    weighted = [one for one in told if one.kernel is not None]
    for one in weighted:
        assert one.patch.shape == one.kernel.shape
        assert one.before == pytest.approx(
            float((one.patch * one.kernel).sum()) + (one.bias or 0), abs=1e-3
        )
    assert bool(weighted) == hasattr(layer, "kernel_size")
    assert all(one.corner is not None for one in told)


OTHERS = [
    [kinds.Rescaling(1 / 127.5, offset=-1)],
    [kinds.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0])],
    [kinds.BatchNormalization(), kinds.Activation("swish"), kinds.Dropout(0.5)],
    [kinds.LayerNormalization(), kinds.LeakyReLU()],
    [kinds.LayerNormalization(axis=[1, 2, 3]), kinds.ReLU(max_value=6)],
    [kinds.GroupNormalization(3), kinds.Softmax()],
    [kinds.ZeroPadding2D(((0, 1), (2, 3))), kinds.GlobalMaxPooling2D(keepdims=True)],
    [kinds.Conv2D(2, 1), kinds.Flatten(), kinds.Dense(3, "relu"), kinds.Dense(4, "softmax")],
    [kinds.Conv2D(2, 1), kinds.Dense(3, "tanh"), kinds.GlobalAveragePooling2D(), kinds.Dense(1)],
    [kinds.Conv2D(2, 3), kinds.Reshape((17 * 20, 2, 1)), kinds.SpatialDropout2D(0.5)],
    [LayerScale(0.5, 3), kinds.ELU(), kinds.Identity(), kinds.Flatten(), kinds.UnitNormalization()],
]


@pytest.mark.parametrize("layers", OTHERS, ids=lambda layers: layers[0].name)
def test_other_layers_come_out_as_told(layers):
    check_every_layer(model_of(*layers))


def residual():
    block = {"kind": "residual_block", "layers": [{"kind": "conv2d", "filters": 4}]}
    layers = [{"kind": "conv2d", "filters": 4}, block, {"kind": "flatten"}, {"kind": "output"}]
    architecture = Architecture.model_validate({"name": "residual", "layers": layers})
    return scattered(build(architecture, SIZE, 3))


def nested():
    """A gate as MobileNetV3 has them, with sums between layers, inside another model."""
    keras.backend.clear_session()  # what it names by itself is counted from the beginning
    inside = keras.Input(SIZE)
    maps = kinds.Conv2D(4, 3, strides=2, name="maps")(inside)
    gate = kinds.Conv2D(4, 1)(kinds.GlobalAveragePooling2D(keepdims=True)(maps))
    gate = kinds.ReLU(6.0)(gate + 3.0) * (1 / 6)
    body = keras.Model(inside, kinds.Multiply()([maps, gate]), name="body")
    given = keras.Input(SIZE)
    answer = kinds.Dense(2, "softmax")(kinds.GlobalAveragePooling2D()(body(given)))
    return scattered(keras.Model(given, answer))


def test_residual_and_nested_models_come_out_as_told():
    assert any(one.kind == "formula" for one in check_every_layer(residual())["residual_block"])
    told = check_every_layer(nested())
    assert {"body/maps", "body/add", "body/multiply"} <= set(told)
    assert told["body/add"][0].numbers == {"constant 1": 3.0}


def backbone_model(name, size):
    """A backbone without published weights, on small pictures, with weights that differ."""
    family = FAMILIES[name]
    backbone = Backbone(name="any", backbone=name, width=family.widths[0], weights="random")
    model = build_backbone(backbone, size, None)
    rng = np.random.default_rng(3)
    for weight in model.weights:
        if "variance" not in weight.path:
            middle = 1.0 if "gamma" in weight.path else 0.0
            weight.assign(rng.normal(middle, 0.1, weight.shape))
    return model


# That all kinds of layers of all backbones can be told, tests/core/models/test_backbones.py says.
def test_every_layer_of_a_backbone_comes_out_as_told():
    model = backbone_model("mobilenet-v3-small", (32, 32))
    assert len(check_every_layer(model, (32, 32, 3), places=1)) > 150


def test_the_receptive_fields_in_a_backbone_are_those_found_by_perturbing():
    size = (40, 48, 3)
    model = backbone_model("mobilenet-v2", size[:2])
    graph, shapes = steps(model), {"": size}
    shapes |= {name: one.shape for name, one in Viewer(model).values(picture_of(size)).items()}
    for name in ("Conv1", "block_2_add"):
        place = (shapes[name][0] // 2, shapes[name][1] // 2)
        box = receptive_field(graph, shapes, name, place)
        assert tuple(box) == by_perturbing(model, name, place, size), name


def test_every_kind_that_can_be_told_is_tried_here():
    tried = {type(layer) for layer in WINDOWED}
    tried |= {type(layer) for layers in OTHERS for layer in layers}
    tried |= {type(layer) for model in (residual(), nested()) for layer in model.layers}
    tried |= {kinds.GlobalMaxPooling2D, kinds.Multiply, *map(type, JOINED)}
    known = {one for kind, _ in WAYS for one in (kind if isinstance(kind, tuple) else (kind,))}
    assert known - tried == set()


JOINED = [
    kind(name=f"joined-{number}")
    for number, kind in enumerate(
        [kinds.Add, kinds.Multiply, kinds.Average, kinds.Maximum, kinds.Concatenate]
    )
]


@pytest.mark.parametrize("layer", JOINED, ids=lambda layer: type(layer).__name__)
def test_layers_with_several_inputs_come_out_as_told(layer):
    given = keras.Input(SIZE)
    sides = [kinds.Conv2D(4, 3, padding="same", name=name)(given) for name in ("left", "right")]
    check_every_layer(scattered(keras.Model(given, layer(sides))))


def test_what_has_no_place_or_no_explanation_is_said():
    layer = kinds.Conv2D(4, 3)
    model_of(layer)
    values = np.zeros(SIZE, np.float32), np.zeros((17, 20, 4), np.float32)
    for place in [(0, 0, 4), (17, 0, 0), (-1, 0, 0), (0,)]:
        with pytest.raises(LoupeError, match="no value at"):
            explain(layer, values[:1], values[1], place)
    with pytest.raises(LoupeError, match="UpSampling2D layer computes is not known"):
        explain(kinds.UpSampling2D(), values[:1], values[0], (0, 0, 0))


def by_perturbing(model, name, place, size=SIZE):
    """The rows and columns of the picture that change the value, found one by one."""
    output = model.get_layer(name).output
    part = keras.Model(model.inputs[0], output)
    picture = picture_of(size).astype(np.float32)
    lines = []
    for axis in (0, 1):
        tried = np.repeat(picture[None], size[axis], axis=0)
        for number in range(size[axis]):
            line = (number, number) if axis == 0 else (number, slice(None), number)
            tried[line] += 40 * np.random.default_rng(number).uniform(0.5, 1, tried[line].shape)
        given = np.asarray(part(np.concatenate([picture[None], tried])))[(slice(None), *place)]
        (changed,) = np.nonzero(np.abs(given[1:] - given[0]).reshape(size[axis], -1).max(axis=1))
        lines.append((int(changed[0]), int(changed[-1]) + 1))
    return tuple(lines)


def branching():
    """Two paths of different width, one with a stride that a 1×1 matches."""
    given = keras.Input(SIZE)
    left = kinds.Conv2D(3, 3, strides=2, padding="same", name="left")(given)
    left = kinds.Conv2D(3, 3, dilation_rate=2, padding="same", name="far")(left)
    right = kinds.AveragePooling2D(2, padding="same", name="right")(given)
    total = kinds.Add(name="sum")([left, right])
    padded = kinds.ZeroPadding2D(1, name="padded")(total)
    last = kinds.DepthwiseConv2D(3, strides=2, name="last")(padded)
    pooled = kinds.GlobalAveragePooling2D(name="pooled")(last)
    return scattered(keras.Model(given, kinds.Dense(2, name="dense")(pooled)))


@pytest.mark.parametrize("name", ["left", "far", "right", "sum", "last", "pooled", "dense"])
def test_receptive_fields_are_those_found_by_perturbing(name):
    model = branching()
    graph = steps(model)
    values = Viewer(model).values(picture_of())
    shapes = {"": SIZE} | {one: value.shape for one, value in values.items()}
    shape = shapes[name]
    places = [None]
    if len(shape) == 3:
        places = [(0, 0), (shape[0] - 1, shape[1] - 1), (shape[0] // 2, shape[1] // 3)]
    for place in places:
        box = receptive_field(graph, shapes, name, place)
        assert tuple(box) == by_perturbing(model, name, place or ()), (name, place)


def test_a_model_with_several_inputs_is_told():
    first, second = keras.Input(SIZE), keras.Input(SIZE)
    with pytest.raises(LoupeError, match="takes 2 inputs"):
        steps(keras.Model([first, second], kinds.Add()([first, second])))
