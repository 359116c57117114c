"""Networks that nobody expected: each is looked into, or it is said why not."""

import json

import keras
import numpy as np
import pytest

from core.errors import LoupeError
from core.inspection import looking, near, probe
from core.inspection.fields import receptive_field
from core.inspection.layer_facts import layer_facts
from core.inspection.viewer import Viewer
from tests.core.inspection.test_pixel import by_perturbing, scattered
from tests.core.known_colors import draw_photo

kinds = keras.layers
SIZE = (24, 32, 3)


def given():
    return keras.Input(SIZE)


def answered(start, value):
    return scattered(keras.Model(start, kinds.Dense(3, "softmax", name="answer")(value)))


def shared():
    """One convolution used twice, on values that differ."""
    start = given()
    twice = kinds.Conv2D(3, 3, padding="same", activation="relu", name="twice")
    once_more = twice(kinds.MaxPooling2D(name="pool")(twice(start)))
    return answered(start, kinds.GlobalAveragePooling2D(name="mean")(once_more))


def shared_body():
    start, inside = given(), keras.Input((None, None, 3))
    body = keras.Model(inside, kinds.Conv2D(3, 3, name="maps")(inside), name="body")
    return answered(start, kinds.GlobalMaxPooling2D(name="most")(body(body(start))))


def sequences():
    start = given()
    rows = kinds.Reshape((24, 96), name="rows")(kinds.Conv2D(3, 1, name="maps")(start))
    slid = kinds.Conv1D(4, 3, name="slid")(rows)
    return answered(start, kinds.GlobalAveragePooling1D(name="mean")(slid))


def volumes():
    start = given()
    deep = kinds.Reshape((24, 32, 3, 1), name="deep")(kinds.Conv2D(3, 1, name="maps")(start))
    slid = kinds.Conv3D(2, 3, padding="same", name="slid")(deep)
    return answered(start, kinds.GlobalAveragePooling3D(name="mean")(slid))


def unknown():
    start = given()
    maps = kinds.Conv2D(4, 3, name="maps")(start)
    wide = kinds.Conv2DTranspose(2, 3, strides=2, name="wide")(maps)
    turned = kinds.Permute((2, 1, 3), name="turned")(kinds.UpSampling2D(2, name="large")(wide))
    first, second = keras.ops.split(turned, 2, axis=-1)
    cut = kinds.PReLU(name="bent")(kinds.Subtract(name="less")([first, second]))
    return answered(start, kinds.GlobalMaxPooling2D(name="most")(cut))


def tiny_maps():
    start = given()
    value = kinds.Conv2D(4, 11, strides=6, padding="same", name="far")(start)
    value = kinds.Conv2D(4, 11, padding="same", name="farther")(value)
    value = kinds.MaxPooling2D(4, padding="same", name="small")(value)
    return answered(
        start, kinds.Flatten(name="flat")(kinds.AveragePooling2D((1, 2), name="one")(value))
    )


def in_half(policy):
    def build():
        start = keras.Input(SIZE)
        own = {"dtype": policy}
        value = kinds.Rescaling(1 / 255, name="scaled", **own)(start)
        value = kinds.Conv2D(4, 3, activation="relu", name="maps", **own)(value)
        value = kinds.BatchNormalization(name="normed", **own)(value)
        value = kinds.GlobalAveragePooling2D(name="mean", **own)(value)
        return answered(start, value)

    return build


def of_integers():
    start = keras.Input(SIZE, dtype="int32")
    value = kinds.Rescaling(1 / 255, name="scaled")(start)
    return answered(
        start, kinds.GlobalMaxPooling2D(name="most")(kinds.Conv2D(2, 3, name="maps")(value))
    )


def exploded():
    model = keras.Sequential(
        [given(), kinds.Conv2D(3, 3, name="maps"), kinds.Activation("exponential", name="grown")]
        + [kinds.BatchNormalization(name="normed"), kinds.GlobalMaxPooling2D(name="most")]
        + [kinds.Dense(3, "softmax", name="answer")]
    )
    scattered(model)
    model.get_layer("maps").kernel.assign(np.full((3, 3, 3, 3), 3e3))
    model.get_layer("normed").gamma.assign([np.nan, np.inf, 1.0])
    return model


MODELS = {
    "shared": shared,
    "shared body": shared_body,
    "sequences": sequences,
    "volumes": volumes,
    "unknown": unknown,
    "tiny maps": tiny_maps,
    "float16": in_half("float16"),
    "bfloat16": in_half("bfloat16"),
    "mixed": in_half("mixed_bfloat16"),
    "integers": of_integers,
    "exploded": exploded,
}


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    return str(draw_photo(tmp_path_factory.mktemp("photo") / "red.png", "red"))


@pytest.fixture
def look_into(known_run, monkeypatch):
    """`look_into(model)`: the folder under which the functions of `looking` find it."""

    def prepared(model):
        shown = Viewer(model)
        for module in ("looking", "activations"):
            monkeypatch.setattr(f"core.inspection.{module}.viewer", lambda *_: shown)
        looking._values.clear()
        return str(known_run.folder)

    yield prepared
    looking._values.clear()


def all_values(folder, photo):
    """Goes to the corners and the middle of every layer; what was told of each, by layer."""
    told = {}
    for layer in looking.layers_of(folder, photo):
        json.dumps(layer, allow_nan=False)
        name, shape = layer["name"], layer["shape"]
        if len(shape) not in (1, 3):
            with pytest.raises(LoupeError, match=f"numbers in {len(shape)} directions"):
                near.values_near(folder, photo, name, (0, 0))
            continue
        drawn = probe.probe(folder, photo, name, shape[-1] - 1)
        assert drawn["png"] and len(drawn["rows"]) in (1, shape[0])
        for part in (0, 0.5, 1):
            place = tuple(int((side - 1) * part) for side in shape)
            found = near.values_near(folder, photo, name, place, 1)
            json.dumps(found, allow_nan=False)
            told.setdefault(name, []).extend(found)
    return told


@pytest.mark.parametrize("name", list(MODELS))
def test_every_value_is_told_or_it_is_said_why_not(name, look_into, photo):
    told = all_values(look_into(MODELS[name]()), photo)
    notes = {layer: {one["note"] for one in values} for layer, values in told.items()}
    odd = {layer for layer, said in notes.items() if said != {""}}
    words = " ".join(one for said in notes.values() for one in said)
    if name == "unknown":
        # What comes of a layer with two outputs has no single source.
        assert odd == {"wide", "large", "turned", "less", "bent"}
        assert "How a Conv2DTranspose layer computes is not known here." in words
        assert "not one single output" in words
    elif name == "sequences":
        assert odd == {"mean"} and "GlobalAveragePooling1D" in words
    elif name == "volumes":
        assert odd == {"mean"} and "GlobalAveragePooling3D" in words
    elif name == "exploded":
        assert {"grown", "normed", "answer"} <= odd and "beyond all bounds" in words
    elif "16" in name or name == "mixed":
        assert odd and all("fewer digits" in one for said in notes.values() for one in said if one)
    else:
        assert not odd, notes
    if name.startswith("shared"):
        assert any(layer.startswith(("twice (2)", "body (2)/")) for layer in told)


@pytest.mark.parametrize("name", ["shared", "unknown", "tiny maps", "sequences"])
def test_no_receptive_field_is_too_small(name, photo):
    """It may be too large where nobody knows what a layer does, never too small."""
    model = MODELS[name]()
    viewer = Viewer(model)
    values = viewer.values(np.random.default_rng(1).integers(0, 256, SIZE, np.uint8))
    shapes = {"": SIZE} | {one: value.shape for one, value in values.items()}
    for layer, shape in shapes.items():
        if not layer or len(shape) != 3 or layer.endswith("(2)") or layer not in viewer.steps:
            continue
        if not any(layer == one.name for one in model.layers) or layer == "twice":
            continue
        place = (shape[0] // 2, shape[1] // 2)
        box = receptive_field(viewer.steps, shapes, layer, place)
        found = by_perturbing(model, layer, place, SIZE)
        for side, seen in zip(box, found, strict=True):
            assert side[0] <= seen[0] and seen[1] <= side[1], layer


def test_the_sum_of_a_layer_used_twice_is_that_of_its_second_use(look_into, photo):
    folder = look_into(shared())
    first, second = (
        looking.value_at(folder, photo, name, (5, 6, 1)) for name in ("twice", "twice (2)")
    )
    assert first["sources"] == [""] and second["sources"] == ["pool"]
    assert first["given"] != second["given"]
    assert second["sum"]["value"] == pytest.approx(second["given"], abs=1e-3)


def test_several_inputs_and_pictures_without_channels_are_said():
    first, second = given(), given()
    total = kinds.Conv2D(2, 3)(kinds.Add()([first, second]))
    with pytest.raises(LoupeError, match="takes 2 inputs"):
        Viewer(keras.Model([first, second], total))
    colourless = keras.Input((24, 32, None))
    with pytest.raises(LoupeError, match="how many colour channels"):
        Viewer(keras.Model(colourless, kinds.MaxPooling2D()(colourless)))


def test_numbers_of_odd_shapes_have_facts():
    assert layer_facts(np.float32(3.0))["shape"] == []
    assert layer_facts(np.full((2, 3, 4, 5), np.nan, np.float32))["dead"] == 1.0
    with pytest.raises(LoupeError, match="no values at all"):
        layer_facts(np.zeros((0, 4)))
