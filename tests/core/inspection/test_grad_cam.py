"""Grad-CAM against implementations that share nothing with it but the paper."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.errors import LoupeError, NotFound
from core.inspection.grad_cam import grad_cam, of_run

SIZE = (12, 16, 3)
layers = keras.layers


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(3).integers(0, 256, SIZE, np.uint8)


def body():
    return [
        layers.Rescaling(1 / 255),
        layers.Conv2D(4, 3, activation="relu", name="first"),
        layers.BatchNormalization(name="even"),
        layers.Conv2D(5, 3, strides=2, activation="relu", name="second"),
    ]


def head(classes):
    ending = "sigmoid" if classes == 1 else "softmax"
    return [layers.Flatten(), layers.Dropout(0.5), layers.Dense(classes, ending, name="answer")]


def model_of(parts):
    """A functional model of layers, or of models, one after the other."""
    picture = value = keras.Input(SIZE)
    for part in parts:
        value = part(value)
    model = keras.Model(picture, value)
    for place, weight in enumerate(model.weights):  # statistics and biases differ from 0 and 1
        kept = np.random.default_rng(place).uniform(-0.5, 0.5, weight.shape)
        weight.assign(abs(kept) if "variance" in weight.path else kept)
    return model


def reference(parts, layer_name, classes, picture, index):
    """The paper's equations on the plain layers, with TensorFlow's own way of enlarging."""
    value, maps = tf.constant(picture[None], tf.float32), None
    with tf.GradientTape() as tape:
        for part in parts[:-1]:
            value = part(value, training=False) if part.name == "even" else part(value)
            if part.name == layer_name:
                tape.watch(value)
                maps = value
        kernel, bias = parts[-1].get_weights()
        logits = value @ kernel + bias
        score = (logits if index else -logits)[0, 0] if classes == 1 else logits[0, index]
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
    heat = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1, keepdims=True))
    large = tf.image.resize(tf.math.divide_no_nan(heat, tf.reduce_max(heat)), SIZE[:2])
    return large.numpy()[0, ..., 0]


@pytest.mark.parametrize("classes, index", [(3, 0), (3, 2), (1, 0), (1, 1)])
@pytest.mark.parametrize("layer_name", ["first", "second"])
def test_it_is_what_the_paper_says(picture, classes, index, layer_name):
    parts = [*body(), *head(classes)]
    model = model_of(parts)
    heat = grad_cam(model, picture, index, layer_name)
    assert heat.dtype == np.float32 and heat.shape == SIZE[:2]
    assert heat.min() >= 0 and heat.max() <= 1
    expected = reference(parts, layer_name, classes, picture, index)
    np.testing.assert_allclose(heat, expected, atol=1e-4)
    others = [grad_cam(model, picture, one, layer_name) for one in range(max(2, classes))]
    assert max(heat.std() for heat in others) > 0.05  # not all of them are empty


def test_nested_and_sequential_models_give_what_flat_ones_do(picture):
    parts = [*body(), *head(3)]
    flat = model_of(parts)
    inner = keras.Sequential([keras.Input(SIZE), *body()], name="backbone")
    answers = keras.Sequential([keras.Input(inner.output_shape[1:]), *head(3)], name="head")
    nested = model_of([inner, answers])
    nested.set_weights(flat.get_weights())
    for index in range(3):
        expected = reference(parts, "second", 3, picture, index)
        np.testing.assert_allclose(grad_cam(nested, picture, index), expected, atol=1e-4)
        np.testing.assert_allclose(grad_cam(flat, picture, index), expected, atol=1e-4)
    assert np.array_equal(
        grad_cam(nested, picture, 1, "backbone/first"), grad_cam(flat, picture, 1, "first")
    )
    with pytest.raises(NotFound, match="backbone/first"):
        grad_cam(nested, picture, 1, "first")


def test_after_global_pooling_it_is_the_class_activation_map(picture):
    """Zhou et al., 2016: the maps weighted by the last layer; here without any gradient."""
    parts = [*body(), layers.GlobalAveragePooling2D(), layers.Dense(3), layers.Softmax()]
    model = model_of(parts)
    maps = keras.Model(model.inputs[0], parts[3].output)(picture[None].astype("f4")).numpy()[0]
    for index in range(3):
        heat = np.maximum(maps @ parts[-2].get_weights()[0][:, index], 0)
        expected = tf.image.resize(heat[..., None] / (heat.max() or 1), SIZE[:2]).numpy()[..., 0]
        np.testing.assert_allclose(grad_cam(model, picture, index), expected, atol=1e-4)


def test_where_nothing_speaks_for_the_class_all_is_zero(picture):
    parts = [layers.Conv2D(2, 3, activation="relu"), layers.GlobalAveragePooling2D(), *head(2)[2:]]
    model = model_of(parts)
    parts[-1].set_weights([np.array([[-1.0, 1.0], [-1.0, 1.0]]), np.zeros(2)])
    assert not grad_cam(model, picture, 0).any() and grad_cam(model, picture, 1).any()


def test_what_cannot_be_shown_is_said(picture):
    plain = model_of([layers.Flatten(), layers.Dense(2, "softmax")])
    with pytest.raises(LoupeError, match="no layer with feature maps"):
        grad_cam(plain, picture, 0)
    with pytest.raises(LoupeError, match="classes are 0 to 2"):
        grad_cam(model_of([*body(), *head(3)]), picture, 3)


def test_a_run_is_asked_for_several_pictures(known_run):
    spec = known_run.config.recipe.picture
    pictures = np.zeros((2, *spec.shape), np.uint8)
    pictures[0, 4:12, 16:28, 0], pictures[1, 12:20, 2:14, 0] = 255, 255
    red = list(known_run.config.class_names).index("red")
    found = of_run(str(known_run.folder), pictures, [red, red])
    assert (found["layer"], found["shape"], found["maps"].shape) == ("pool", [12, 16], (2, 24, 32))
    for heat, picture in zip(found["maps"], pictures, strict=True):
        assert heat[picture[..., 0] > 0].mean() > 0.8 and heat[picture[..., 0] == 0].mean() < 0.1
