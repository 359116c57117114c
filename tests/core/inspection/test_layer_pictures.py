import io

import numpy as np
import pytest
from PIL import Image

from core.errors import NotFound, UnusablePicture
from core.inspection import activations, atlas, layer_pictures
from tests.core.known_colors import draw_photo


@pytest.fixture(scope="module")
def folder(known_run):
    return str(known_run.folder)


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    return str(draw_photo(tmp_path_factory.mktemp("photo") / "red.png", "red"))


def test_one_map_with_its_numbers_and_weights(folder, photo):
    red = layer_pictures.feature_map(folder, photo, "conv2d", 2)
    values = activations.activations(folder, photo)["conv2d"][..., 2]
    assert (red["min"], red["max"]) == (float(values.min()), float(values.max()))
    assert red["mean"] == pytest.approx(values.mean())
    assert red["zeros"] == (values == 0).mean() and sum(red["counts"]) == values.size
    assert (red["index"], red["count"], red["shape"]) == (2, 3, [24, 32])
    # The model looks at blue, green and red, its photos come as red, green and blue.
    assert red["kernel"]["shown"][0] | {"norm": 1} == {
        "channel": 0,
        "name": "red",
        "norm": 1,
        "weights": [[1.0]],
    }


def test_pictures_of_a_layer_and_of_one_map(folder, photo):
    def opened(png):
        return Image.open(io.BytesIO(png))

    assert opened(layer_pictures.atlas_png(folder, photo, "pool")).size == (3 * 50 + 2, 38 + 2)
    small = layer_pictures.atlas_png(folder, photo, "pool", compact=True, colors="grey", clip=2)
    assert opened(small).size == (3 * 18 + 2, 14 + 2)
    one = opened(layer_pictures.map_png(folder, photo, "conv2d", 2, size=320))
    assert one.size == (320, 240)
    side = atlas.THUMBNAIL
    assert opened(layer_pictures.thumbnails_png(folder, photo)).size == (side, 3 * side)
    assert layer_pictures.input_picture(folder, photo).shape == (24, 32, 3)
    units = layer_pictures.unit_values(folder, photo, "dense")
    assert len(units) == 3 and sum(units) == pytest.approx(1)


def test_arrays_are_photo_and_layer_with_their_batch_axis(folder, photo):
    kept = np.load(io.BytesIO(layer_pictures.arrays_npz(folder, photo, "pool")))
    assert kept["input"].shape == (1, 24, 32, 3) and kept["input"].max() > 1
    maps = activations.activations(folder, photo)["pool"]
    np.testing.assert_array_equal(kept["maps"][0], maps)


def test_what_does_not_exist_is_said_in_words(folder, photo):
    with pytest.raises(NotFound, match="Its maps are 0 to 2"):
        layer_pictures.feature_map(folder, photo, "conv2d", 3)
    for name in ("magic", ""):
        with pytest.raises(NotFound, match="no layer called"):
            layer_pictures.atlas_png(folder, photo, name)
    with pytest.raises(UnusablePicture):
        layer_pictures.atlas_png(folder, b"not a picture", "conv2d")
