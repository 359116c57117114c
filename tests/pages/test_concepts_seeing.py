"""The labs from the picture to the dense layer: what they hand to their moving part, and errors."""

import base64
import json

import numpy as np
import pytest

from core.concepts.channels import FILTERS
from core.concepts.convolution import PRESETS
from core.errors import LoupeError
from ui.components import lab_part
from ui.concepts import channels, convolution, dense, pixels, pooling, relu, sizes

LABS = {
    "pixels": (pixels, "shrunk"),
    "convolution": (convolution, "at_side"),
    "channels": (channels, "at_side"),
    "stride-and-padding": (sizes, "at_side"),
    "relu": (relu, "at_side"),
    "pooling": (pooling, "in_grey"),
    "dense": (dense, "small_maps"),
}


@pytest.fixture
def lab(open_page, workspace):
    return lambda anchor: open_page("concepts", lab=anchor)


def handed_over(page):
    """What the lab's moving part gets."""
    named = {one.proto.component_name: one.proto for one in page.main.get("bidi_component")}
    (part,) = named.keys() & {f"loupe_lab_{name}" for name in lab_part.NAMES}
    return json.loads(named[part].json)


def unpacked(sent):
    pixels = np.frombuffer(base64.b64decode(sent["pixels"]), np.uint8)
    return pixels.reshape(sent["height"], sent["width"], sent["channels"])


@pytest.mark.parametrize("anchor", LABS)
def test_a_lab_that_fails_says_so_and_leaves_the_rest(lab, anchor, monkeypatch):
    def fail(*_, **__):
        raise LoupeError("The picture cannot be shown.", "Choose another one.")

    monkeypatch.setattr(LABS[anchor][0], LABS[anchor][1], fail)
    page = lab(anchor)
    assert ["The picture cannot be shown" in error.value for error in page.error] == [True]
    assert "Choose another one." in page.error[0].value
    assert any("Try it." in str(part.value) for part in page.main.markdown)


def test_the_picture_comes_at_every_size_with_what_is_lost(lab):
    sides = handed_over(lab("pixels"))["sides"]
    assert sides["64"]["off"] == 0
    assert sides["8"]["off"] > sides["32"]["off"] > 0
    assert {side: unpacked(one["picture"]).shape for side, one in sides.items()} == {
        side: (int(side), int(side), 3) for side in sides
    }


def test_the_picture_is_a_photo_of_the_data_set(open_page, shapes):
    sides = handed_over(open_page("concepts", lab="pixels"))["sides"]
    photo = unpacked(sides["64"]["picture"])
    assert photo[0, 0].max() < 70 and photo.max() > 140  # a bright shape on a dark ground


def test_kernels_come_in_both_sizes_and_the_picture_in_three(lab):
    data = handed_over(lab("convolution"))
    assert list(data["presets"]) == list(PRESETS)
    assert np.shape(data["presets"]["emboss"]["wide"]) == (5, 5)
    assert {unpacked(one).shape for one in data["pictures"].values()} == {
        (side, side, 1) for side in (16, 32, 64)
    }


def test_colours_and_filters(lab):
    data = handed_over(lab("channels"))
    assert unpacked(data["picture"]).shape == (48, 48, 3)
    assert [one["title"] for one in data["filters"]] == [one.title for one in FILTERS]


def test_every_width_has_its_picture(lab):
    data = handed_over(lab("stride-and-padding"))
    assert [unpacked(one).shape[0] for one in data["pictures"].values()] == list(range(3, 21))


def test_the_bends_are_explained(lab):
    data = handed_over(lab("relu"))
    assert list(data["kinds"]) == ["relu", "leaky_relu", "sigmoid", "tanh"]
    assert all(kind["effect"] for kind in data["kinds"].values())


def test_the_picture_has_room_to_be_shifted(lab):
    data = handed_over(lab("pooling"))
    assert unpacked(data["picture"]).shape == (64 + 2 * data["margin"], 64 + 2 * data["margin"], 1)


def test_every_number_of_the_row_has_a_weight(lab):
    data = handed_over(lab("dense"))
    assert {np.shape(maps) for maps in data["maps"].values()} == {(2, 2, 4), (3, 3, 4), (4, 4, 4)}
    assert np.shape(data["weights"]) == (4 * 4 * 4, len(data["biases"]))
