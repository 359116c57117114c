"""A small network in the browser: its numbers are Keras', and it reacts while one draws."""

import keras
import numpy as np
import pytest
from playwright.sync_api import expect

from core.datasets.importing import import_dataset
from core.models.loading import load_model
from core.training.runs import create_run
from core.workspace import open_workspace
from tests.conftest import small_recipe
from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page

WAIT = 25_000
HEAR = """() => {
  window.heard = [];
  window.addEventListener("loupe:live-network", ({ detail }) => window.heard.push({
    picture: [...detail.picture], answer: detail.answer,
    values: detail.values.map(({ name, values }) => [name, [...values]]),
  }));
}"""


def varied_model():
    """Random weights in every kind of layer that the browser knows."""
    layers = keras.layers
    picture = keras.Input((20, 17, 3))
    value = layers.Rescaling(1 / 127.5, offset=-1.0, name="scaled")(picture)
    value = layers.Conv2D(9, (3, 4), strides=2, padding="same", activation="gelu")(value)
    value = layers.BatchNormalization()(value)
    pooled = layers.MaxPooling2D(3, 2, padding="same")(value)
    way = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=1)(pooled)
    way = layers.Activation("hard_silu")(layers.Conv2D(9, 1, activation="mish")(way))
    value = layers.ReLU(negative_slope=0.1)(layers.Add()([way, pooled]))
    value = layers.AveragePooling2D(2, padding="same")(value)
    value = layers.SeparableConv2D(11, 2, activation="leaky_relu")(layers.Dropout(0.3)(value))
    value = layers.Dense(16, activation="selu")(layers.Flatten()(value))
    return keras.Model(picture, layers.Dense(2, activation="softmax")(value))


@pytest.fixture(scope="module")
def run(tmp_path_factory, picture_folder):
    workspace = open_workspace(tmp_path_factory.mktemp("live") / "workspace")
    import_dataset(workspace, picture_folder, "shapes")
    recipe = small_recipe(**{"picture.image_size": "20x17"})
    made = create_run(workspace, "shapes", recipe, "varied")
    keras.utils.set_random_seed(3)
    model = varied_model()
    generator = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([generator.uniform(0.5, 2, 9) for _ in range(4)])
    model.save(made.model_path)
    return made


def strokes(page, pad, points):
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)


def test_it_computes_what_keras_computes_while_one_draws(page, run):
    faults = []
    page.on("pageerror", lambda error: faults.append(error))
    with app_server(run.workspace.root) as server:
        open_page(page, f"{server.url}/feature_maps?run={run.name}&view=whole&part=draw")
        live = page.locator(".live")
        expect(live).to_have_attribute("data-state", "ready", timeout=WAIT)
        page.evaluate(HEAR)
        page.get_by_role("button", name="Clear").click()
        page.wait_for_function("() => window.heard.length")
        bars = live.locator(".bars")
        before, passes = bars.inner_text(), int(live.get_attribute("data-passes"))
        strokes(page, live.locator(".pad"), [(0.2, 0.2), (0.7, 0.3), (0.4, 0.8)])
        # The pen is still down.
        expect(live).not_to_have_attribute("data-passes", str(passes), timeout=WAIT)
        page.wait_for_function("() => Math.max(...window.heard.at(-1).picture) > 200")
        page.mouse.up()
        page.wait_for_timeout(300)
        heard = page.evaluate("() => window.heard")
        after = bars.inner_text()
    assert not faults
    assert len(heard) > 3 and heard[0]["answer"] != heard[-1]["answer"] and before != after
    model = load_model(run.model_path)
    picture = np.array(heard[-1]["picture"], np.float32).reshape(1, 20, 17, 3)
    assert 0 == picture.min() < picture.max() <= 255
    names = [name for name, _ in heard[-1]["values"]]
    assert names == [layer.name for layer in model.layers[1:]]
    together = keras.Model(model.inputs[0], [layer.output for layer in model.layers[1:]])
    for (name, values), expected in zip(heard[-1]["values"], together(picture), strict=True):
        assert np.array(values) == pytest.approx(np.ravel(expected), abs=1e-4), name
    assert sum(heard[-1]["answer"]) == pytest.approx(1, abs=1e-5)
