"""The quick way must give Pillow's pixels, or stand aside."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from core.decoding import decode
from core.errors import UnusablePicture
from core.images import check_picture, read_picture
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


def several_kinds():
    """JPEGs of many kinds, with scans longer and shorter than the quick check looks into."""
    noise = np.random.default_rng(0).integers(0, 256, (120, 150, 3), np.uint8)
    for image in (Image.fromarray(noise), Image.fromarray(noise[:20, :24])):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        options = [
            {"quality": 92, "subsampling": 0},
            {"quality": 80, "subsampling": 2},
            {"optimize": True},
            {"progressive": True},
            {"restart_marker_blocks": 3},
            {"exif": exif},
        ]
        for some in options:
            content = BytesIO()
            image.save(content, "JPEG", **some)
            yield content.getvalue()
        content = BytesIO()
        image.convert("L").save(content, "JPEG", quality=95)
        yield content.getvalue()


KINDS = list(several_kinds())


def verdict(read, data):
    try:
        picture = read(data, "a.jpg")
    except UnusablePicture as error:
        return error.message
    size = getattr(picture, "array", None)
    shape = size.shape[:2] if size is not None else (picture.height, picture.width)
    return shape, picture.repairs, picture.format


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_the_check_says_what_reading_says(number):
    assert verdict(check_picture, KINDS[number]) == verdict(read_picture, KINDS[number])


# As `core.decoding` asks of Pillow, which tells of every damaged tag.
@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_the_check_says_of_damaged_files_what_reading_says(data, draw):
    broken, in_header = bytearray(data), data.index(b"\xff\xda") + 14
    for _ in range(draw.draw(st.integers(1, 4))):
        end = draw.draw(st.sampled_from([in_header, len(broken)]))
        place = draw.draw(st.integers(0, min(end, len(broken)) - 1))
        broken[place] = draw.draw(st.sampled_from([0x00, 0xFF, 0xD9, 0x01, 0x11, 0x7F]))
    cut = draw.draw(st.sampled_from(["no", "end", "middle", "ended"]))
    place = draw.draw(st.integers(1, len(broken)))
    if cut in ("end", "ended"):
        broken = broken[:place] + (b"\xff\xd9" if cut == "ended" else b"")
    elif cut == "middle":
        broken = broken[: place // 2] + broken[place:]
    header = ordinary_header(bytes(broken))
    # A damaged size may ask for a picture that takes a minute to decode.
    assume(header is None or header.stored_size[0] * header.stored_size[1] < 300_000)
    assert verdict(check_picture, bytes(broken)) == verdict(read_picture, bytes(broken))
