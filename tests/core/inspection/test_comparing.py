import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LoupeError, NotFound
from core.images import encode_png
from core.inspection.comparing import compare, drift, likeness, side_by_side
from core.inspection.comparing_words import (
    answers_words,
    changed_since,
    seen_through,
    two_trainings,
)
from core.inspection.looks import Look
from core.inspection.similar_layers import alike_up_to_order, partners
from core.training.runs import create_run
from core.training.snapshot_files import pack, snapshot_path
from core.workspace import open_workspace
from tests.conftest import small_recipe, workspace_with
from tests.core.known_colors import draw_photo


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    return [str(draw_photo(folder / f"{color}.png", color)) for color in ("red", "blue")]


@pytest.fixture(scope="module")
def symmetric_run(shapes_datasets, tmp_path_factory):
    """Every filter is its own mirror image; pictures are 16 × 16."""
    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("even") / "workspace")
    run = create_run(workspace, "shapes", small_recipe(), "even")
    random = np.random.default_rng(0)
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.Conv2D(5, 3, padding="same", activation="relu", name="first"),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="second"),
            keras.layers.GlobalAveragePooling2D(name="average"),
            keras.layers.Dense(2, activation="softmax", name="answer"),
        ]
    )
    for layer in model.layers[:2]:
        kernel = random.normal(size=layer.kernel.shape) / 50
        layer.kernel.assign(kernel + kernel[:, ::-1])
    answer = model.layers[-1]
    answer.kernel.assign(random.normal(size=answer.kernel.shape) / 50)
    model.save(run.model_path)
    return run


def test_a_photo_is_like_itself_and_unlike_another(known_run, photos):
    folder = str(known_run.folder)
    same = compare(Look(folder, photos[0]), Look(folder, photos[0]))
    assert all(layer["drift"] == 0 and not any(layer["maps"]) for layer in same["layers"])
    assert all(layer["likeness"] == pytest.approx(1) for layer in same["layers"])
    assert same["answers"][0] == same["answers"][1] and sum(same["answers"][0]) == pytest.approx(1)
    compared = compare(Look(folder, photos[0]), Look(folder, photos[1]))
    other = {layer["name"]: layer for layer in compared["layers"]}
    assert list(other) == ["rescale", "conv2d", "pool", "average", "dense"]
    blue, green, red = other["average"]["maps"]
    assert green < 0.05 and blue > 0.3 and red > 0.3
    assert other["dense"]["likeness"] < other["conv2d"]["likeness"]
    assert np.argmax(compared["answers"], axis=1).tolist() == [2, 0]


def test_a_symmetric_network_finds_the_same_in_the_mirror_only_elsewhere(symmetric_run):
    picture = np.random.default_rng(1).integers(0, 256, (16, 16, 3), np.uint8)
    folder = str(symmetric_run.folder)
    looks = [Look(folder, encode_png(one)) for one in (picture, picture[:, ::-1])]
    layers = {layer["name"]: layer for layer in compare(*looks)["layers"]}
    for name in ("first", "second"):
        assert layers[name]["likeness"] < 0.95
        assert layers[name]["anywhere"] == pytest.approx(1, abs=1e-5)
    assert layers["average"]["likeness"] == pytest.approx(1, abs=1e-5)
    assert layers["answer"]["drift"] == pytest.approx(0, abs=1e-5)
    said = seen_through(list(layers.values()), "the copy", list(layers.values()))
    assert "From `average` on, the copy is the same" in said and "least alike is" in said
    assert "a photo of something else is alike to" in said


def test_maps_stand_side_by_side_in_the_order_of_their_drift(symmetric_run):
    random = np.random.default_rng(2)
    folder = str(symmetric_run.folder)
    looks = [
        Look(folder, encode_png(random.integers(0, 256, (16, 16, 3), np.uint8))) for _ in range(2)
    ]
    found = side_by_side(*looks, "second", 2, "changed")
    assert sorted(found["order"]) == [0, 1, 2, 3] and found["count"] == 4
    drifts = [found["drifts"][map_number] for map_number in found["order"]]
    assert drifts == sorted(drifts, reverse=True)
    alike = side_by_side(*looks, "second", 2, "alike")
    assert alike["order"] == found["order"][::-1]
    one, other = found["sides"]
    assert one["values"].shape == other["values"].shape == (16, 16)
    assert one["low"] == other["low"] == min(side["values"].min() for side in found["sides"])
    told = compare(*looks)["layers"][1]
    assert told["name"] == "second" and np.allclose(told["maps"], found["drifts"])
    for wrong in (("average", 0, "layer"), ("second", 4, "layer"), ("none", 0, "layer")):
        with pytest.raises(NotFound):
            side_by_side(*looks, *wrong)
    with pytest.raises(LoupeError, match="no order"):
        side_by_side(*looks, "second", 0, "up")


def test_an_earlier_epoch_is_another_network_for_the_same_photo(symmetric_run):
    picture = encode_png(np.full((16, 16, 3), 128, np.uint8))
    folder = str(symmetric_run.folder)
    path = snapshot_path(symmetric_run.folder, 3)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pack({-2: np.zeros((4, 2), np.float32), -1: np.array([5, 0], np.float32)}))
    found = compare(Look(folder, picture, epoch=3), Look(folder, picture))
    by_name = {layer["name"]: layer for layer in found["layers"]}
    assert by_name["second"]["drift"] == 0 and by_name["answer"]["drift"] > 0.1
    assert found["answers"][0][0] == pytest.approx(1 / (1 + np.exp(-5)), abs=1e-4)
    said = changed_since(found["layers"], "epoch 3", "the kept model")
    assert "`answer` changed most" in said and "3 of 4 layers stayed the same" in said
    with pytest.raises(NotFound, match="epoch 4"):
        compare(Look(folder, picture, epoch=4), Look(folder, picture))


def test_two_trainings_with_their_maps_in_another_order_are_the_same(symmetric_run, tmp_path):
    workspace = open_workspace(symmetric_run.workspace.root)
    other = create_run(workspace, "shapes", small_recipe(), "turned")
    model = keras.models.load_model(symmetric_run.model_path)
    turn = [3, 1, 4, 0, 2]
    first = model.get_layer("first")
    first.kernel.assign(2 * first.kernel.numpy()[..., turn])
    model.save(other.model_path)
    picture = encode_png(np.random.default_rng(3).integers(0, 256, (16, 16, 3), np.uint8))
    looks = Look(str(symmetric_run.folder), picture), Look(str(other.folder), picture)
    found = compare(*looks, same_maps=False)
    layers = {layer["name"]: layer for layer in found["layers"]}
    assert list(layers) == ["first", "second"] and found["missing"] == ["answer", "average"]
    assert layers["first"]["likeness"] == pytest.approx(1, abs=1e-4)
    assert layers["second"]["likeness"] < 0.99
    beside = side_by_side(*looks, "first", 3, same_maps=False)
    assert beside["sides"][1]["map"] == turn.index(3)
    assert max(beside["drifts"]) < 0.01
    said = two_trainings(found["layers"], found["missing"], "one", "other")
    assert "2 layers can be compared" in said and "Not comparable: `answer`, `average`" in said
    assert "No layer of one" in two_trainings([], ["a"], "one", "other")


def test_layers_that_have_nothing_in_common_are_not_alike_even_with_more_maps_than_places():
    random = np.random.default_rng(0)
    one, other = random.normal(size=(2, 49, 600))
    assert alike_up_to_order(one, other) < 0.1
    assert alike_up_to_order(one, 3 * one[:, ::-1] + 1) == pytest.approx(1)
    turned, _ = np.linalg.qr(random.normal(size=(600, 600)))
    assert alike_up_to_order(one, one @ turned) == pytest.approx(1)
    assert alike_up_to_order(one[:3], other[:3]) is None
    assert alike_up_to_order(np.zeros((9, 2)), one[:9]) is None
    many = random.normal(size=(100 * 100, 3))
    assert alike_up_to_order(many, many, (100, 100)) == pytest.approx(1)
    maps = random.normal(size=(4, 5, 3))
    assert partners(maps, -2 * maps[..., [1, 2, 0]] * -1 + 7).tolist() == [2, 0, 1]


@given(st.integers(0, 2**31), st.floats(0.1, 10))
def test_drift_has_a_scale_that_does_not_depend_on_size(seed, size):
    one, other = np.random.default_rng(seed).normal(size=(2, 6, 3))
    assert np.allclose(drift(one * size, other * size), drift(one, other))
    assert (drift(one, other) <= 2 + 1e-9).all()
    assert np.allclose(drift(one, -one), 2) and np.allclose(drift(one, one), 0)
    assert likeness(one, one * size) == pytest.approx(1) and likeness(one, -one) == pytest.approx(
        -1
    )


def test_nothing_is_like_nothing():
    assert likeness(np.zeros(3), np.zeros(3)) == 1 and likeness(np.zeros(3), np.ones(3)) == 0
    assert drift(np.zeros((4, 2)), np.zeros((4, 2))).tolist() == [0, 0]


def test_what_is_said_follows_from_the_figures():
    layers = [{"name": name, "likeness": share} for name, share in
              (("a", 0.5), ("b", 0.97), ("c", 0.4), ("d", 0.96), ("e", 0.99))]  # fmt: skip
    assert "From `d` on, the copy is the same to the network to at least 96 %" in seen_through(
        layers, "the copy"
    )
    assert "`c` (40 %)" in seen_through(layers, "the copy")
    assert "to the end:** `c` answers alike to 40 %" in seen_through(layers[:3], "the copy")
    assert "To every layer the copy is the same to at least 96 %" in seen_through(
        layers[3:], "the copy"
    )
    assert "little changed" in changed_since(layers[3:], "epoch 1", "epoch 2")
    assert answers_words({"x": 0.9, "y": 0.1}, {"x": 0.6, "y": 0.4}) == (
        "Both are taken for x: 90 % and 60 % sure."
    )
    assert "different answers" in answers_words({"x": 0.9, "y": 0.1}, {"x": 0.2, "y": 0.8})
