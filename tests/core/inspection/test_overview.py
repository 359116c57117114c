"""A whole network at once: which maps are shown, what feeds what, and how long ones are folded."""

import io
import json

import keras
import numpy as np
import pytest
from PIL import Image

from core.inspection.graph import PICTURE
from core.inspection.overview import busiest, draw_sprite, overview, probabilities
from core.inspection.overview_groups import grouped, shown_layers
from core.inspection.overview_links import is_one_to_one, links
from core.inspection.viewer import Viewer
from tests.core.known_colors import draw_photo


@pytest.fixture(scope="module")
def told(known_run, tmp_path_factory):
    photo = str(draw_photo(tmp_path_factory.mktemp("photo") / "red.png", "red"))
    return overview(str(known_run.folder), photo)


def seen_through(model, size=(16, 16, 3)):
    """The steps of a model, what it makes of a random picture, and the shapes of that."""
    shown = Viewer(model)
    picture = np.random.default_rng(0).integers(0, 256, size).astype(np.uint8)
    seen = {PICTURE: picture.astype(np.float32)} | shown.values(picture)
    steps = {name: step for name, step in shown.steps.items() if name in seen}
    return steps, seen, {name: one.shape for name, one in seen.items()}


def fed(steps, seen, shapes, shown):
    busy = {name: np.abs(one.reshape(-1, one.shape[-1])).mean(axis=0) for name, one in seen.items()}
    return links(steps, shapes, shown, busy)


def test_every_layer_of_a_short_network_is_a_column(told):
    columns = told["columns"]
    assert [one["layer"] for one in columns] == ["rescale", "conv2d", "pool", "average", "dense"]
    assert [one["kind"] for one in columns][:2] == ["Rescaling", "Conv2D"]
    assert [one["shown"] for one in columns] == [[0, 1, 2]] * 5
    assert [(one["from"], one["to"]) for one in told["edges"]] == [(at, at + 1) for at in range(5)]
    assert sum(told["probabilities"]) == pytest.approx(1, abs=1e-5)
    json.dumps({key: one for key, one in told.items() if not isinstance(one, bytes)})


def test_maps_that_are_handed_on_one_by_one_have_one_line_each(told):
    pool = np.array(next(one for one in told["edges"] if one["to"] == 3)["strength"])
    assert (pool > 0).tolist() == np.eye(3, dtype=bool).tolist()


def test_the_sprite_holds_every_map_between_its_lowest_and_its_highest_value(told):
    pixels = np.asarray(Image.open(io.BytesIO(told["png"])))
    for column in told["columns"][:3]:
        height, width = column["cell"]
        strip = pixels[column["top"] : column["top"] + height, : 3 * width]
        for cell in np.split(strip, 3, axis=1):
            assert (cell.min(), cell.max()) == (0, 255)
    assert "cell" not in told["columns"][-1]
    assert Image.open(io.BytesIO(told["photo"])).size == (32, 24)


def test_large_maps_are_shrunk_and_what_is_not_a_number_does_no_harm():
    maps = np.random.default_rng(0).normal(size=(200, 100, 6)).astype(np.float32)
    maps[0, 0, 0] = np.inf
    sprite = draw_sprite({"a": maps, "flat": np.ones(4), "b": np.zeros((5, 5, 2), np.float32)})
    assert sprite.cells == {"a": (72, 36), "b": (5, 5)} and sprite.tops == {"a": 0, "b": 72}
    assert sprite.pixels.shape == (77, 216) and not sprite.pixels[72:].any()


def test_a_convolution_is_fed_by_what_its_weights_are_large_for():
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.Conv2D(3, 1, name="first"),
            keras.layers.Conv2D(2, 1, name="second"),
            keras.layers.GlobalAveragePooling2D(name="average"),
        ]
    )
    model.get_layer("first").set_weights([np.eye(3).reshape(1, 1, 3, 3), np.zeros(3)])
    kernel = np.array([[1, 0], [0, -4], [0.5, 0]], np.float32)
    model.get_layer("second").set_weights([kernel.reshape(1, 1, 3, 2), np.zeros(2)])
    steps, seen, shapes = seen_through(model)
    found = fed(steps, seen, shapes, {"first": [0, 1, 2], "second": [0, 1], "average": [0, 1]})
    strength = found["first", "second"]
    assert strength.max() == 1 and strength.argmax() == 3  # map 1 feeds map 1, whatever the sign
    assert strength[1, 0] == strength[0, 1] == 0 < strength[2, 0] < strength[0, 0]


def residual():
    picture = keras.Input((16, 16, 3))
    first = keras.layers.Conv2D(4, 3, padding="same", name="first")(picture)
    second = keras.layers.Conv2D(4, 3, padding="same", name="second")(first)
    total = keras.layers.Add(name="sum")([second, first])
    both = keras.layers.Concatenate(name="both")([total, first])
    answer = keras.layers.Dense(2, name="answer")(keras.layers.Flatten(name="flat")(both))
    return keras.Model(picture, answer)


def test_shortcuts_are_links_of_their_own_and_stacked_maps_keep_their_place():
    steps, seen, shapes = seen_through(residual())
    shown = {name: list(range(min(4, shapes[name][-1]))) for name in steps} | {"both": [0, 3, 4, 7]}
    found = fed(steps, seen, shapes, shown)
    assert {("first", "second"), ("first", "sum"), ("second", "sum")} <= set(found)
    assert (found["first", "sum"] > 0).tolist() == np.eye(4, dtype=bool).tolist()
    stacked = found["first", "both"] > 0
    assert stacked[:, 2:].sum() == 2 and stacked[0, 2] and stacked[3, 3]
    hidden = fed(steps, seen, shapes, {"first": [0, 1], "answer": [0, 1]})
    assert set(hidden) == {(PICTURE, "first"), ("first", "answer")}
    assert (hidden["first", "answer"] > 0).all()


def test_layers_inside_a_nested_model_are_linked_with_those_around_it():
    inner = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.Conv2D(4, 3, name="conv"),
            keras.layers.DepthwiseConv2D(3, name="each"),
        ],
        name="inner",
    )
    picture = keras.Input((16, 16, 3))
    answer = keras.layers.GlobalAveragePooling2D(name="average")(inner(picture))
    steps, seen, shapes = seen_through(keras.Model(picture, answer))
    found = fed(steps, seen, shapes, {name: [0, 1] for name in steps})
    pairs = [(PICTURE, "inner/conv"), ("inner/conv", "inner/each"), ("inner/each", "average")]
    assert list(found) == pairs
    assert is_one_to_one(steps["inner/each"], shapes)
    assert not is_one_to_one(steps["inner/conv"], shapes)


def test_the_maps_in_which_most_goes_on_are_shown_and_followed_through_the_next_layers():
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.Conv2D(12, 1, name="conv"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.ReLU(name="bend"),
            keras.layers.Conv2D(12, 1, name="next"),
        ]
    )
    weights = np.zeros((1, 1, 3, 12), np.float32)
    weights[..., ::2] = 1 / 255
    model.get_layer("conv").set_weights([weights, np.zeros(12)])
    steps, seen, shapes = seen_through(model)
    busy = {name: one.std(axis=(0, 1)) for name, one in seen.items()}
    units = busiest(steps, shapes, busy, list(steps))
    assert units["conv"] == units["norm"] == units["bend"] and set(units["conv"]) >= {0, 2, 4, 6}
    assert len(units["conv"]) == 8


def long_network(blocks=6):
    value = picture = keras.Input((16, 16, 3))
    for number in range(blocks):
        way = keras.layers.Conv2D(4, 3, padding="same", name=f"conv{number}")(value)
        way = keras.layers.ReLU(name=f"bend{number}")(way)
        way = keras.layers.Conv2D(4, 3, padding="same", name=f"again{number}")(way)
        value = keras.layers.Add(name=f"sum{number}")([way, value]) if number else way
    return keras.Model(picture, keras.layers.GlobalAveragePooling2D(name="average")(value))


def test_long_networks_are_folded_into_blocks_that_no_shortcut_is_cut_by():
    steps, _, _ = seen_through(long_network())
    groups = grouped(steps)
    assert [group.layers[-1] for group in groups] == [
        *["bend0", "again0", "sum1", "sum2", "sum3", "sum4", "sum5"],
        "average",
    ]
    assert list(shown_layers(groups, ())) == [group.layers[-1] for group in groups]
    opened = list(shown_layers(groups, ["conv2"]))
    assert opened[3:7] == ["conv2", "bend2", "again2", "sum2"]
    named = grouped(steps, {name: name[-1] for name in steps if name != "average"})
    assert [group.title for group in named] == [*"012345", ""]


def test_one_number_is_the_probability_of_the_second_class():
    assert probabilities(np.array([0.25], np.float32)) == [0.75, 0.25]
    assert probabilities(np.array([0.5, np.nan])) == [0.5, 0.0]
