"""Networks that are not what one expects: every layer of them can still be looked at."""

import io
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

from core.errors import LoupeError
from core.inspection import activations, layer_pictures, looking
from tests.core.known_colors import draw_photo

layers = keras.layers


def flat():
    return [layers.Flatten(), layers.Dense(3, activation="softmax")]


def sequence():
    return [
        layers.Conv2D(4, 3, strides=2, padding="same"),
        layers.Reshape((-1, 4)),
        layers.Conv1D(5, 3),
        layers.GlobalAveragePooling1D(),
        layers.Dense(3),
    ]


def volume():
    return [layers.Reshape((24, 32, 3, 1)), layers.Conv3D(2, 3, padding="same"), layers.Flatten()]


def half_precision():
    return [
        layers.Conv2D(4, 3, dtype="float16", activation="relu"),
        layers.Conv2D(2, 3, dtype="bfloat16"),
        layers.GlobalMaxPooling2D(dtype="float16"),
    ]


def whole_numbers():
    return [layers.Discretization([40.0, 90.0, 180.0]), layers.MaxPooling2D()]


def one_pixel():
    return [layers.GlobalAveragePooling2D(keepdims=True), layers.Conv2D(1, 1), layers.Flatten()]


def many_kinds():
    return [
        layers.Conv2D(6, 3, groups=3),
        layers.DepthwiseConv2D(3, depth_multiplier=2),
        layers.SeparableConv2D(5, 3),
        layers.Conv2DTranspose(4, 3),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(2),
    ]


@pytest.fixture
def opened(known_run, tmp_path):
    """`opened(layers)`: the folder of a run whose model has these layers, and a photo."""

    def make(stack, spoil=None):
        folder = tmp_path / "workspace" / "runs" / "odd"
        shutil.copytree(known_run.folder, folder)
        model = keras.Sequential([keras.Input((24, 32, 3)), *stack])
        if spoil:
            spoil(model)
        model.save(folder / "model.keras")
        return str(folder), str(draw_photo(tmp_path / "red.png", "red"))

    return make


@pytest.mark.parametrize(
    "stack", [flat, sequence, volume, half_precision, whole_numbers, one_pixel, many_kinds]
)
def test_every_layer_is_told_and_drawn(opened, stack):
    folder, photo = opened(stack())
    told = looking.layers_of(folder, photo)
    assert len(told) == len(stack())
    for layer in told:
        name, units = layer["name"], layer["shape"][-1]
        assert all(np.isfinite([layer["low"], layer["high"], layer["mean"], layer["spread"]]))
        for colors in ("viridis", "signed"):
            png = layer_pictures.atlas_png(folder, photo, name, "layer", colors, 1.0)
            assert max(Image.open(io.BytesIO(png)).size) > 48
        one = layer_pictures.feature_map(folder, photo, name, units - 1)
        assert one["count"] == units == layer["units"]
        Image.open(io.BytesIO(layer_pictures.map_png(folder, photo, name, units - 1)))
        assert layer_pictures.arrays(folder, photo, name)["maps"].shape == (1, *layer["shape"])
    thumbnails = Image.open(io.BytesIO(layer_pictures.thumbnails_png(folder, photo)))
    with_maps = sum(layer["has_maps"] for layer in told)
    assert thumbnails.size == (52, 52 * max(1, with_maps))


def test_kernels_are_those_of_the_map(opened):
    folder, photo = opened(many_kinds())
    grouped, depthwise, separable, transposed, norm, flatten, dense = (
        layer_pictures.feature_map(folder, photo, layer["name"], layer["units"] - 1)["kernel"]
        for layer in looking.layers_of(folder, photo)
    )
    assert [one["name"] for one in grouped["shown"]] == ["blue"]  # the last group of the photo
    assert [one["channel"] for one in depthwise["shown"]] == [5]  # 12 maps, two of each
    assert (separable["channels"], transposed["channels"]) == (12, 5)
    assert all(np.shape(one["shown"][0]["weights"]) == (3, 3) for one in (grouped, transposed))
    norms = [one["norm"] for one in separable["shown"]]
    assert norms == sorted(norms, reverse=True)
    assert norm["kind"] == "numbers" and norm["numbers"]["moving variance"] == 1.0
    assert flatten["kind"] == "none"
    # A dense layer behind a flattened picture has a picture of weights for each of its maps.
    model = keras.saving.load_model(f"{folder}/model.keras")
    weights = np.asarray(model.layers[-1].kernel)[:, 1]
    shape = layer_pictures.arrays(folder, photo, model.layers[4].name)["maps"].shape[1:]
    strongest = dense["shown"][0]
    expected = weights.reshape(shape)[..., strongest["channel"]]
    np.testing.assert_allclose(strongest["weights"], expected)
    assert dense["channels"] == 4 and dense["source"] == model.layers[4].name


def test_values_that_are_no_numbers_are_counted_and_drawn(opened):
    def spoil(model):
        kernel, bias = model.layers[0].get_weights()
        kernel[..., 1], bias[2] = np.nan, np.inf
        model.layers[0].set_weights([kernel, bias])

    folder, photo = opened([layers.Conv2D(3, 1), layers.Flatten()], spoil)
    told = looking.layers_of(folder, photo)
    assert [layer["unreal"] for layer in told] == pytest.approx([2 / 3, 2 / 3])
    Image.open(io.BytesIO(layer_pictures.atlas_png(folder, photo, told[0]["name"], clip=2.0)))
    assert layer_pictures.feature_map(folder, photo, told[0]["name"], 1)["max"] == 0.0


def test_a_model_without_maps_says_so_where_maps_are_asked_for(opened):
    folder, photo = opened(flat())
    with pytest.raises(LoupeError, match="no layer with feature maps"):
        activations.atlas(folder, photo)
    with pytest.raises(LoupeError, match="no layer with feature maps"):
        activations.atlas_of_all_layers(folder, photo)
