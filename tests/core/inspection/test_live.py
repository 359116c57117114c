"""A small network as plain numbers for the browser: what goes out, and what is refused."""

import json
import struct

import keras
import numpy as np
import pytest

from core.errors import LoupeError
from core.inspection import live
from core.inspection.live_layers import Unsupported, told

L = keras.layers
MAPS, FLAT = (6, 8, 4), (5,)


def opened(content):
    """The header and the weights in a file of `export_network`."""
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    return header, np.frombuffer(content, "<f4", offset=4 + length)


def asked(layer, *before):
    """What is told of a layer that was built for inputs of these shapes."""
    inputs = [keras.KerasTensor((1, *shape)) for shape in before]
    given = inputs if len(inputs) > 1 else inputs[0]
    after = tuple(layer(given).shape[1:])
    return told(layer, before, after)


def test_a_network_goes_out_with_its_weights_and_what_it_takes(known_run):
    header, weights = opened(live.export_network(str(known_run.folder)))
    assert header["picture"] == [24, 32, 3]
    assert header["class_names"] == ["blue", "green", "red"]
    layers = header["layers"]
    assert [one["kind"] for one in layers] == ["scale", "conv", "pool", "global", "dense"]
    assert [one["sources"] for one in layers] == [[-1], [0], [1], [2], [3]]
    assert layers[1]["bend"] == "relu" and layers[4]["bend"] == "softmax"
    first, count = layers[4]["weights"]["kernel"]
    assert np.array_equal(weights[first : first + count].reshape(3, 3), 9 * np.eye(3))
    assert sum(count for one in layers for _, count in one["weights"].values()) == weights.size
    assert live.fitness(str(known_run.folder))["fits"]


@pytest.mark.parametrize(
    ("layer", "before", "kind"),
    [
        (L.Conv2D(3, (3, 2), strides=2, padding="same", activation="gelu"), [MAPS], "conv"),
        (L.DepthwiseConv2D(3, depth_multiplier=2), [MAPS], "depthwise"),
        (L.SeparableConv2D(3, 3, use_bias=False), [MAPS], "separable"),
        (L.Dense(3, activation="softmax"), [FLAT], "dense"),
        (L.MaxPooling2D(3, 2, padding="same"), [MAPS], "pool"),
        (L.AveragePooling2D(2), [MAPS], "pool"),
        (L.GlobalAveragePooling2D(), [MAPS], "global"),
        (L.GlobalMaxPooling2D(), [MAPS], "global"),
        (L.Rescaling(2.0, [1, 2, 3, 4]), [MAPS], "scale"),
        (L.Activation("silu"), [MAPS], "bend"),
        (L.ReLU(6.0, 0.1), [MAPS], "bend"),
        (L.LeakyReLU(0.3), [MAPS], "bend"),
        (L.Softmax(), [FLAT], "bend"),
        (L.Dropout(0.5), [MAPS], "same"),
        (L.Flatten(), [MAPS], "flatten"),
        (L.Add(), [MAPS, MAPS], "add"),
    ],
)
def test_every_layer_of_our_networks_is_known(layer, before, kind):
    found = asked(layer, *before)
    assert found.kind == kind
    json.dumps(found.settings)


def test_batch_normalisation_goes_out_as_a_factor_and_an_offset():
    layer = L.BatchNormalization()
    layer.build((None, *MAPS))
    generator = np.random.default_rng(0)
    layer.set_weights([generator.uniform(0.5, 2, 4) for _ in range(4)])
    values = generator.normal(size=(1, *MAPS)).astype(np.float32)
    found = asked(layer, MAPS)
    expected = np.asarray(layer(values, training=False))
    computed = values * found.weights["factor"] + found.weights["offset"]
    assert computed == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("layer", "before", "words"),
    [
        (L.LayerNormalization(), [MAPS], "is of the kind LayerNormalization"),
        (L.Conv2D(4, 3, groups=2), [MAPS], "in groups"),
        (L.Conv2D(4, 2, dilation_rate=2), [MAPS], "every second place"),
        (L.Activation(keras.ops.sin), [MAPS], "function sin"),
        (L.Dense(3), [MAPS], "a dense layer on maps"),
        (L.Softmax(axis=1), [MAPS], "another axis"),
        (L.ReLU(threshold=1.0), [MAPS], "threshold"),
        (L.BatchNormalization(axis=1), [MAPS], "another axis"),
    ],
)
def test_what_a_browser_cannot_compute_is_named(layer, before, words):
    with pytest.raises(Unsupported, match=words):
        asked(layer, *before)


def test_a_network_that_is_too_large_is_refused_in_words(known_run, monkeypatch):
    monkeypatch.setattr(live, "MOST_WEIGHTS", 10)
    monkeypatch.setattr(live, "MOST_WORK", 10)
    fit = live.fitness(str(known_run.folder))
    assert not fit["fits"] and len(fit["problems"]) == 2
    assert fit["problems"][0].startswith("It has 24 weights; 10 are the most")
    with pytest.raises(LoupeError, match="cannot react while one draws"):
        live.export_network(str(known_run.folder))
