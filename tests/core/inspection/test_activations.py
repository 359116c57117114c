import io
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from core.errors import LoupeError, UnusablePicture
from core.images import load_picture
from core.inspection import activations as inspection


@pytest.fixture(scope="module")
def folder(known_run):
    return str(known_run.folder)


@pytest.fixture(scope="module")
def photo(known_run):
    return str(next((known_run.workspace.datasets / "colors").glob("photos/red/train-*.png")))


def test_activations_are_those_of_the_saved_model(known_run, folder, photo):
    model = keras.saving.load_model(known_run.model_path)
    pixels = load_picture(Path(photo), known_run.config.recipe.picture)
    maps = inspection.activations(folder, photo)
    assert list(maps) == ["rescale", "conv2d", "pool"]
    for name, shown in maps.items():
        cut = keras.Model(model.inputs[0], model.get_layer(name).output)
        expected = cut(pixels[None].astype("float32")).numpy()[0]
        np.testing.assert_allclose(shown, expected, atol=1e-5)


def test_atlas_tells_what_a_click_needs(folder, photo):
    sheet = inspection.atlas(folder, photo, "pool")
    assert (sheet["layer"], sheet["shape"], sheet["count"]) == ("pool", [12, 16, 3], 3)
    assert (sheet["columns"], sheet["rows"], sheet["cell"], sheet["gap"]) == (3, 1, [36, 48], 2)
    assert [layer["name"] for layer in sheet["layers"]] == ["rescale", "conv2d", "pool"]
    picture = Image.open(io.BytesIO(sheet["png"]))
    assert (picture.mode, picture.size) == ("P", (3 * 50 + 2, 38 + 2))
    maps = inspection.activations(folder, photo)["pool"]
    assert (sheet["low"], sheet["high"]) == (float(maps.min()), float(maps.max()))


def test_without_a_layer_the_first_convolution_is_shown(folder, photo):
    assert inspection.atlas(folder, photo)["layer"] == "conv2d"


def test_all_layers_as_one_picture(folder, photo):
    every = inspection.atlas_of_all_layers(folder, photo)
    picture = Image.open(io.BytesIO(every["png"]))
    assert len(every["layers"]) == 3
    assert picture.size[1] > 24 + 24 + 12


def test_what_does_not_exist_is_said_in_words(folder, photo):
    with pytest.raises(LoupeError, match=r"shape \(None, 3\). Choose a layer .* such as conv2d"):
        inspection.atlas(folder, photo, "dense")
    with pytest.raises(UnusablePicture):
        inspection.atlas(folder, b"not a picture")


def test_the_compiled_model_is_kept_until_the_file_changes(known_run, folder, photo):
    inspection.warm(folder)
    first = inspection.viewer(folder)
    assert inspection.viewer(folder) is first
    known_run.model_path.touch()
    assert inspection.viewer(folder) is not first
