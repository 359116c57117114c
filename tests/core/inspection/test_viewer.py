import keras
import numpy as np
import pytest
import tensorflow as tf

from core.errors import LoupeError, NotFound
from core.inspection import layers
from core.inspection.viewer import Viewer
from core.models.backbones import FAMILIES, Backbone
from core.models.transfer import backbone_of, build_whole


def butterfly_like():
    return keras.Sequential(
        [
            keras.Input((20, 24, 3)),
            keras.layers.Rescaling(1 / 255, name="rescale"),
            keras.layers.Conv2D(5, 3, activation="relu", name="conv2d"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.MaxPooling2D(name="pool"),
            keras.layers.Conv2D(7, 3, padding="same", name="conv2d_1"),
            keras.layers.Dropout(0.5, name="dropout"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(2, activation="softmax", name="dense_1"),
        ]
    )


def with_backbone(nested):
    inputs = keras.Input((20, 24, 3))
    scaled = keras.layers.Rescaling(1 / 255, name="rescale")(inputs)
    features = nested(scaled)
    joined = keras.layers.Conv2D(3, 1, name="top")(features)
    pooled = keras.layers.GlobalAveragePooling2D(name="average")(joined)
    return keras.Model(inputs, keras.layers.Dense(2, name="answer")(pooled))


def functional_backbone():
    inputs = keras.Input((20, 24, 3))
    first = keras.layers.Conv2D(4, 3, padding="same", name="Conv1")(inputs)
    second = keras.layers.ReLU(name="relu")(first)
    added = keras.layers.Add(name="add")([first, second])
    return keras.Model(inputs, added, name="backbone")


def sequential_backbone():
    return keras.Sequential(
        [keras.Input((20, 24, 3)), keras.layers.Conv2D(4, 3, name="Conv1")], name="backbone"
    )


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return butterfly_like()


@pytest.fixture
def eagerly():
    """Without tracing, which takes longer than a single look at a large network."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def viewer(model):
    return Viewer(model)


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(0).integers(0, 256, (20, 24, 3), dtype=np.uint8)


def test_maps_equal_those_of_a_model_cut_at_the_layer(model, viewer, picture):
    maps = viewer.maps(picture)
    assert list(maps) == ["rescale", "conv2d", "norm", "pool", "conv2d_1", "dropout"]
    for name, shown in maps.items():
        cut = keras.Model(model.inputs[0], model.get_layer(name).output)
        expected = cut(picture[None].astype("float32"), training=False).numpy()[0]
        assert shown.dtype == np.float32
        np.testing.assert_allclose(shown, expected, atol=1e-5)


def test_layers_say_their_kind_and_shape(viewer):
    described = viewer.described((20, 24, 3))
    assert described[1] == {"name": "conv2d", "kind": "Conv2D", "shape": [18, 22, 5], "maps": 5}
    assert described[3] == {"name": "pool", "kind": "MaxPooling2D", "shape": [9, 11, 5], "maps": 5}


def test_a_dense_layer_is_refused_with_a_layer_that_would_do(viewer):
    with pytest.raises(LoupeError) as raised:
        layers.require_maps(viewer.outputs, "dense_1")
    assert str(raised.value) == (
        "Layer 'dense_1' has no feature maps: its output has shape (None, 2). "
        "Choose a layer with a 4-D output, such as conv2d or conv2d_1."
    )


def test_an_unknown_layer_is_answered_with_those_there_are(viewer):
    with pytest.raises(NotFound, match="no layer called 'conv9'.*conv2d, norm"):
        layers.require_maps(viewer.outputs, "conv9")


@pytest.mark.parametrize("backbone", [functional_backbone, sequential_backbone])
def test_layers_of_nested_models_are_named_by_their_path(backbone, picture):
    keras.utils.set_random_seed(1)
    nested = backbone()
    model = with_backbone(nested)
    maps = Viewer(model).maps(picture)
    assert list(maps)[:2] == ["rescale", "backbone/Conv1"]
    scaled = picture[None].astype("float32") / 255
    inner = keras.Model(nested.inputs[0], nested.get_layer("Conv1").output)(scaled)
    np.testing.assert_allclose(maps["backbone/Conv1"], inner.numpy()[0], atol=1e-5)
    top = keras.Model(model.inputs[0], model.get_layer("top").output)(
        picture[None].astype("float32")
    )
    np.testing.assert_allclose(maps["top"], top.numpy()[0], atol=1e-5)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_backbone_shows_what_its_layers_give(name, eagerly):
    family = FAMILIES[name]
    side = family.sides[1]
    backbone = Backbone(name="any", backbone=name, width=family.widths[0], weights="random")
    model = build_whole(backbone, (side, side, 3), 2, None)
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)

    maps = Viewer(model).maps(pixels)

    inner = backbone_of(model)
    shown = [layer for layer in inner.layers if f"{inner.name}/{layer.name}" in maps]
    some = shown[:: max(1, len(shown) // 8)]
    given = pixels[None].astype("float32")
    given = given / 127.5 - 1 if family.rescale else given
    expected = keras.Model(inner.inputs[0], [layer.output for layer in some])(given, training=False)
    for layer, maps_of_layer in zip(some, expected, strict=True):
        found = maps[f"{inner.name}/{layer.name}"]
        np.testing.assert_allclose(found, maps_of_layer.numpy()[0], rtol=1e-5, atol=1e-5)


def test_nested_models_twice_deep(picture):
    keras.utils.set_random_seed(2)
    inner = sequential_backbone()
    outer = keras.Sequential([keras.Input((20, 24, 3)), inner], name="wrapper")
    maps = Viewer(with_backbone(outer)).maps(picture)
    expected = inner(picture[None].astype("float32") / 255).numpy()[0]
    np.testing.assert_allclose(maps["wrapper/backbone/Conv1"], expected, atol=1e-5)


def test_a_model_that_takes_no_picture_or_several_is_refused():
    numbers = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(LoupeError, match="1 inputs of shape .*Only models that take one picture"):
        Viewer(numbers)
    inputs = [keras.Input((8, 8, 3)), keras.Input((8, 8, 3))]
    both = keras.layers.Flatten()(keras.layers.Add()(inputs))
    with pytest.raises(LoupeError, match="takes 2 inputs"):
        Viewer(keras.Model(inputs, keras.layers.Dense(2)(both)))
