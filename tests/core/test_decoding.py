"""Files that are no pictures, or no longer: a plain sentence each, never a crash."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import UnusablePicture
from core.images import PictureSpec, load_picture, read_picture
from tests.core.datasets.photos import encoded, jpeg, picture

# As in the app, where `core.decoding` silences what Pillow says about damaged metadata.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def bomb(side: int = 20_000) -> bytes:
    """A PNG that says it is side × side pixels, with one compressed line in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99)))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"just some words, no picture\n" * 9, "text"),
        (b"<!DOCTYPE html><html>not found</html>", "web page"),
        (b'<?xml version="1.0"?><svg></svg>', "drawing"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
        (bytes(range(256)) * 4, "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture|text"),
        (jpeg(0, (400, 300))[:2000], "cut off"),
        (encoded(picture(0, (400, 300)), "PNG")[:2000], "cut off|damaged"),
        (encoded(picture(0, (400, 300)), "GIF")[:2000], "cut off|damaged"),
        (encoded(picture(0, (400, 300)), "WEBP")[:500], "cut off|damaged|not a picture"),
        (encoded(picture(0, (400, 300)), "TIFF")[:2000], "cut off|damaged|not a picture"),
        (bomb(), "20,000 × 20,000"),
    ],
)
def test_unusable_files_say_why(data, told):
    with pytest.raises(UnusablePicture, match=told) as caught:
        read_picture(data)
    assert caught.value.message.endswith(".")
    with pytest.raises(UnusablePicture, match=told):
        load_picture(data, PictureSpec(image_size=(8, 8)))


def test_a_bomb_is_refused_without_decoding(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))
    with pytest.raises(UnusablePicture):
        read_picture(bomb())


@settings(max_examples=60, deadline=None)
@given(position=st.floats(0, 1), noise=st.binary(min_size=1, max_size=40), cut=st.booleans())
def test_damage_is_read_or_told_but_never_a_crash(position, noise, cut):
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"):
        whole = encoded(picture(), kind)
        start = int(position * len(whole))
        data = whole[:start] + noise + (b"" if cut else whole[start + len(noise) :])
        try:
            assert read_picture(data).array.ndim == 3
            assert load_picture(data, PictureSpec(image_size=(8, 8))).shape == (8, 8, 3)
        except UnusablePicture as error:
            assert error.message
