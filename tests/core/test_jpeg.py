"""The quick way must give Pillow's pixels, or stand aside."""

import numpy as np
import pytest
from PIL import Image

from core.decoding import decode
from core.jpeg import decode_quickly, ordinary_header
from tests.core.datasets.photos import encoded, jpeg, picture

MANY = 10**9


def whole(size):
    return size


def with_segment(data: bytes, marker: int, content: bytes) -> bytes:
    length = (len(content) + 2).to_bytes(2, "big")
    return data[:2] + bytes([0xFF, marker]) + length + content + data[2:]


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"subsampling": 0}, {"quality": 30}]
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_pixels_are_pillows(mode, options):
    data = encoded(picture(1, (203, 151), mode), **options)
    array, full_size = decode_quickly(data, whole, MANY)
    assert full_size == (151, 203)
    assert np.array_equal(array, decode(data).array)


@pytest.mark.parametrize("factor", [1, 2, 4, 8])
def test_reduced_pixels_are_pillows(factor):
    data = jpeg(2, (400, 304))

    def enough(size):
        return size[0] // factor, size[1] // factor

    array, full_size = decode_quickly(data, enough, MANY)
    assert array.shape[:2] == (304 // factor, 400 // factor) and full_size == (304, 400)
    assert np.array_equal(array, decode(data, enough).array)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_cameras_turn_is_taken(orientation):
    data = with_segment(jpeg(3, (120, 40)), 0xE1, exif(orientation))
    array, full_size = decode_quickly(data, lambda size: (size[0] // 2, size[1] // 2), MANY)
    upright = decode(data)
    assert full_size == upright.full_size == upright.array.shape[:2]
    assert array.shape[:2] == tuple(side // 2 for side in full_size)
    assert np.array_equal(decode_quickly(data, whole, MANY)[0], upright.array)


XMP = b"http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation='6'/>"


@pytest.mark.parametrize(
    "data",
    [
        jpeg()[:-2],
        jpeg()[: len(jpeg()) // 2],
        jpeg() + b"a note of some program",
        encoded(picture(), "PNG"),
        encoded(picture(mode="CMYK")),
        with_segment(jpeg(), 0xE1, XMP),
        with_segment(jpeg(), 0xE1, b"Exif\0\0" + b"\x01\x12" * 9),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + bytes(50) + b"\xff\xd9",
    ],
    ids=["no end", "cut", "trailing", "png", "cmyk", "xmp turn", "bad exif", "bare", "zeros"],
)
def test_anything_out_of_the_ordinary_is_left_to_pillow(data):
    assert ordinary_header(data) is None
    assert decode_quickly(data, whole, MANY) is None


def test_too_large_is_left_to_pillow():
    assert decode_quickly(jpeg(0, (40, 30)), whole, 40 * 30) is not None
    assert decode_quickly(jpeg(0, (40, 30)), whole, 40 * 30 - 1) is None
