"""Explanations against implementations that share nothing with them but the paper."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.errors import LoupeError, NotFound, UnusablePicture
from core.inspection import attribution, gradients
from core.inspection.faithfulness import faithfulness
from core.inspection.grad_cam import grad_cam_plus_plus
from core.inspection.gradients import integrated_gradients, smooth_grad
from core.inspection.occlusion import occlusion

SIZE = (12, 16, 3)
layers = keras.layers


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(3).integers(0, 256, SIZE, np.uint8)


def body(name="body"):
    return keras.Sequential(
        [
            keras.Input(SIZE),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="relu", name="first"),
            layers.BatchNormalization(),
            layers.Conv2D(5, 3, strides=2, activation="tanh", name="second"),
        ],
        name=name,
    )


def model_of(kind, classes=3):
    """A model of random weights: "sequential", "functional", "residual" or "nested"."""
    given = keras.Input(SIZE)
    if kind == "nested":
        maps = body()(given)
    else:
        maps = layers.Rescaling(1 / 255)(given)
        maps = layers.Conv2D(5, 3, padding="same", activation="relu", name="first")(maps)
        if kind == "residual":
            bent = layers.Conv2D(5, 3, padding="same", name="second")(maps)
            maps = layers.ReLU()(layers.Add(name="sum")([maps, bent]))
    ending = "sigmoid" if classes == 1 else "softmax"
    answer = layers.Dense(classes, ending)(layers.GlobalAveragePooling2D()(maps))
    model = keras.Model(given, answer)
    for place, weight in enumerate(model.weights):
        kept = np.random.default_rng(place).uniform(-0.6, 0.6, weight.shape)
        weight.assign(abs(kept) + 0.5 if "variance" in weight.path else kept)
    if kind == "sequential":
        return keras.Sequential([keras.Input(SIZE), *model.layers[1:]])
    return model


KINDS = ["sequential", "functional", "residual", "nested"]


def probability(model, pictures, index):
    answers = model(tf.cast(pictures, tf.float32), training=False)
    if answers.shape[-1] == 1:
        return answers[:, 0] if index else 1 - answers[:, 0]
    return answers[:, index]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes, index", [(3, 1), (1, 0), (1, 1)])
def test_integrated_gradients_are_the_integral_and_complete(picture, kind, classes, index):
    model = model_of(kind, classes)
    found = integrated_gradients(model, picture, index)
    shares = tf.reshape((tf.range(2000, dtype=tf.float32) + 0.5) / 2000, (-1, 1, 1, 1))
    line = tf.Variable(shares * tf.cast(picture, tf.float32))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(probability(model, line, index))
    expected = tf.reduce_mean(tape.gradient(total, line), axis=0) * tf.cast(picture, tf.float32)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    ends = probability(model, np.stack([picture * 0, picture]), index).numpy()
    assert found.sum() == pytest.approx(ends[1] - ends[0], rel=0.01)
    assert abs(ends[1] - ends[0]) > 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_cut_into_parts_is_complete_and_says_the_same(picture, kind, monkeypatch):
    """What is done for networks whose answer leaps too often for even steps."""
    model = model_of(kind)
    model.layers[-1].kernel.assign(model.layers[-1].kernel * 8)
    expected = integrated_gradients(model, picture, 1, steps=2000)
    black, answer = probability(model, np.stack([picture * 0, picture]), 1).numpy()
    for name, few in (("FIRST_STEPS", 2), ("MOST_STEPS", 2), ("PARTS", 16)):
        monkeypatch.setattr(gradients, name, few)
    found = integrated_gradients(model, picture, 1)
    even = integrated_gradients(model, picture, 1, steps=2)
    assert even.sum() != pytest.approx(answer - black, rel=0.05)
    assert found.sum() == pytest.approx(answer - black, rel=1e-4)
    assert np.abs(found - expected).max() < 0.05 * np.abs(expected).max()


def test_integrated_gradients_count_from_the_baseline(picture):
    model = model_of("functional")
    found = integrated_gradients(model, picture, 0, baseline=255 - picture)
    ends = probability(model, np.stack([255 - picture, picture]), 0).numpy()
    assert found.sum() == pytest.approx(ends[1] - ends[0], rel=0.01)
    assert not integrated_gradients(model, picture, 0, baseline=picture).any()


@pytest.mark.parametrize("kind", ["functional", "nested"])
def test_smooth_grad_is_the_mean_gradient_of_the_score(picture, kind):
    """Of a model that is a straight line, noise changes nothing, and the gradient is known."""
    model = keras.Sequential([keras.Input(SIZE), layers.Flatten(), layers.Dense(2, "softmax")])
    kernel, _ = model.layers[-1].get_weights()
    expected = kernel[:, 1].reshape(SIZE)
    np.testing.assert_allclose(smooth_grad(model, picture, 1), expected, atol=1e-6)
    bent = model_of(kind)
    assert np.array_equal(smooth_grad(bent, picture, 2), smooth_grad(bent, picture, 2))


def test_grad_cam_plus_plus_is_what_the_paper_says(picture):
    model = model_of("functional")
    maps_of = keras.Model(model.inputs[0], model.get_layer("first").output)
    kernel, bias = model.layers[-1].get_weights()
    maps = maps_of(picture[None].astype("f4"))
    with tf.GradientTape(persistent=True) as outer:
        outer.watch(maps)
        score = tf.exp((tf.reduce_mean(maps, axis=(1, 2)) @ kernel + bias)[0, 1])
        first = outer.gradient(score, maps)
    gradient = first / score
    second, third = gradient**2, gradient**3
    below = 2 * second + tf.reduce_sum(maps, axis=(1, 2), keepdims=True) * third
    weights = tf.reduce_sum(second / below * tf.nn.relu(gradient), axis=(1, 2))
    heat = tf.nn.relu(tf.reduce_sum(maps[0] * weights[0], axis=-1)).numpy()
    found = grad_cam_plus_plus(model, picture, 1, "first")
    np.testing.assert_allclose(found, heat / heat.max(), atol=1e-4)


def red_finder():
    """Class 1 the more, the more red there is in the picture; sees nothing else."""
    model = keras.Sequential(
        [
            keras.Input((32, 40, 3)),
            layers.Conv2D(1, 1, activation="relu", name="red"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, "softmax"),
        ]
    )
    model.layers[0].set_weights([np.array([1.0, -1.0, 0.0]).reshape(1, 1, 3, 1), np.zeros(1)])
    model.layers[-1].set_weights([np.array([[-0.1, 0.1]]), np.array([0.5, -0.5])])
    return model


@pytest.fixture
def planted():
    """Grey noise with a red patch, and where the patch is."""
    picture = np.repeat(np.random.default_rng(0).integers(90, 160, (32, 40, 1), np.uint8), 3, 2)
    place = slice(12, 20), slice(22, 30)
    picture[place] = (250, 20, 20)
    return picture, place


def test_occlusion_finds_a_planted_patch(planted):
    picture, place = planted
    lost = occlusion(red_finder(), picture, 1)
    inside = np.zeros(lost.shape, bool)
    inside[place] = True
    assert inside[np.unravel_index(lost.argmax(), lost.shape)]
    assert lost[inside].min() > 0.05
    far = np.ones(lost.shape, bool)
    far[7:25, 17:35] = False
    assert np.abs(lost[far]).max() < 0.02
    assert np.allclose(occlusion(red_finder(), picture, 0), -lost, atol=1e-5)


def test_one_square_over_everything_loses_the_same_everywhere(planted):
    picture, _ = planted
    lost = occlusion(red_finder(), picture, 1, window=64)
    assert lost.shape == (32, 40) and np.ptp(lost) == 0


def test_a_good_explanation_deletes_fast_and_inserts_fast(planted):
    picture, place = planted
    good = np.zeros(picture.shape[:2], np.float32)
    good[place] = 1
    right, wrong = (faithfulness(red_finder(), picture, 1, heat) for heat in (good, -good))
    assert right.deletion_area < wrong.deletion_area - 0.1
    assert right.insertion_area > wrong.insertion_area + 0.1
    assert right.deletion[0] == right.insertion[-1] == wrong.insertion[-1]
    assert (right.shares[0], right.shares[-1]) == (0, 1)


@pytest.mark.parametrize("method", attribution.METHODS)
def test_a_run_is_asked_by_name(known_run, method):
    photo = str(next((known_run.workspace.datasets / "colors").rglob("photos/red/*.png")))
    found = attribution.of_run(str(known_run.folder), photo, method, "red", judged=True)
    assert found["class"] == "red" and found["input"].shape == (1, 24, 32, 3)
    assert found["attribution"].shape[1:3] == (24, 32) and found["heat"].shape == (24, 32)
    assert found["attribution"].shape[0] == 1 and np.isfinite(found["heat"]).all()
    assert 0 <= found["faithfulness"]["deletion_area"] <= 1
    unasked = attribution.of_run(str(known_run.folder), photo, method)
    assert unasked["class"] == "red" and "faithfulness" not in unasked


def test_what_cannot_be_asked_is_said(known_run):
    folder = str(known_run.folder)
    photo = str(next((known_run.workspace.datasets / "colors").rglob("photos/red/*.png")))
    with pytest.raises(NotFound, match="grad-cam, grad-cam"):
        attribution.of_run(folder, photo, "magic")
    with pytest.raises(NotFound, match="blue, green, red"):
        attribution.of_run(folder, photo, "occlusion", "purple")
    with pytest.raises(LoupeError, match="not at a layer"):
        attribution.of_run(folder, photo, "occlusion", "red", "conv2d")
    with pytest.raises(LoupeError, match="no feature maps"):
        attribution.of_run(folder, photo, "grad-cam", "red", "dense")
    with pytest.raises(UnusablePicture):
        attribution.of_run(folder, b"no picture", "grad-cam")
