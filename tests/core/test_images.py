from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from core.errors import UnusablePicture
from core.images import (
    PictureSpec,
    encode_jpeg,
    encode_png,
    fit_picture,
    load_picture,
    load_thumbnail,
    read_picture,
    thumbnail,
)
from tests.core.datasets.photos import encoded, jpeg, picture

# As in the app, where `core.decoding` silences what Pillow says about damaged metadata.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def corners() -> Image.Image:
    """40 wide, 20 high: red, green, blue and white quarters, from the top left on."""
    image = Image.new("RGB", (40, 20))
    for color, place in zip(
        (RED, GREEN, BLUE, WHITE), [(0, 0), (20, 0), (0, 10), (20, 10)], strict=True
    ):
        image.paste(color, (*place, place[0] + 20, place[1] + 10))
    return image


def with_orientation(image: Image.Image, orientation: int, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {}))


def is_close(pixel, color, tolerance=12):
    return np.abs(np.asarray(pixel, int) - color).max() <= tolerance


def test_plain_picture_needs_no_repair():
    array, repairs, kind = read_picture(encoded(corners(), "PNG"))
    assert (array.shape, array.dtype, repairs, kind) == ((20, 40, 3), np.uint8, (), "PNG")
    assert tuple(array[0, 0]) == RED and tuple(array[-1, -1]) == WHITE


# Where the camera's quarters end up, by the EXIF standard: (top left, bottom right), size.
UPRIGHT = {
    2: (GREEN, BLUE, (20, 40)),
    3: (WHITE, RED, (20, 40)),
    4: (BLUE, GREEN, (20, 40)),
    5: (RED, WHITE, (40, 20)),
    6: (BLUE, GREEN, (40, 20)),
    7: (WHITE, RED, (40, 20)),
    8: (GREEN, BLUE, (40, 20)),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_turned_upright(orientation, kind):
    data = with_orientation(corners(), orientation, kind)
    array, repairs, _ = read_picture(data)
    top_left, bottom_right, size = UPRIGHT[orientation]
    assert array.shape == (*size, 3)
    assert is_close(array[2, 2], top_left) and is_close(array[-3, -3], bottom_right)
    assert len(repairs) == 1 and "upright" in repairs[0]
    loaded = load_picture(data, PictureSpec(image_size=size))
    assert np.abs(loaded.astype(int) - array).mean() < 3


def test_16_bit_grey_keeps_its_brightness():
    values = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)
    array, repairs, _ = read_picture(encoded(Image.fromarray(values), "PNG"))
    assert array[0, 0, 0] == 0 and array[-1, -1, 0] == 255
    assert np.array_equal(array[..., 0].ravel(), np.arange(256))
    assert any("16 bits" in what for what in repairs) and any("grey" in what for what in repairs)


def test_16_bit_colour():
    values = np.full((5, 6, 3), (65535, 0, 32768), np.uint16)
    data = cv2.imencode(".png", values[..., ::-1])[1].tobytes()
    array, repairs, _ = read_picture(data)
    assert is_close(array[0, 0], (255, 0, 128), 1)
    assert repairs == ("16 bits per channel reduced to 8",)


def test_cmyk_jpeg_has_natural_colours():
    array, repairs, _ = read_picture(encoded(Image.new("RGB", (16, 16), RED).convert("CMYK")))
    assert is_close(array[8, 8], RED)
    assert repairs == ("CMYK print colours turned into RGB",)


def test_palette_grey_and_black_and_white():
    palette, repairs, _ = read_picture(encoded(corners().convert("P"), "PNG"))
    assert is_close(palette[0, 0], RED) and "palette" in repairs[0]
    grey, repairs, _ = read_picture(encoded(picture(mode="L")))
    assert grey.shape[2] == 3 and np.array_equal(grey[..., 0], grey[..., 2])
    assert repairs == ("grey turned into RGB",)
    assert read_picture(encoded(picture(mode="1"), "PNG")).repairs == (
        "black and white turned into RGB",
    )


def test_transparent_parts_become_white():
    image = Image.new("RGBA", (10, 10), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 5, 10))
    array, repairs, _ = read_picture(encoded(image, "PNG"))
    assert tuple(array[5, 1]) == WHITE and tuple(array[5, 8]) == RED
    assert repairs == ("transparent parts put on white",)


def test_opaque_alpha_is_called_unused():
    repairs = read_picture(encoded(picture(mode="RGBA"), "PNG")).repairs
    assert repairs == ("unused transparency removed",)


def test_transparent_palette_becomes_white():
    image = Image.new("P", (6, 6), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((0, 0), 0)
    array, repairs, _ = read_picture(encoded(image, "PNG", transparency=0))
    assert tuple(array[0, 0]) == WHITE and tuple(array[5, 5]) == RED
    assert repairs == ("palette colours turned into RGB", "transparent parts put on white")


def test_animation_shows_its_first_frame():
    frames = [Image.new("RGB", (8, 8), color) for color in (RED, GREEN, BLUE)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    array, repairs, _ = read_picture(data)
    assert tuple(array[4, 4]) == RED
    assert repairs[0] == "animated: its first frame is used"


def test_wrong_extension_is_told(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(picture(), "PNG"))
    assert read_picture(path).repairs == ("called .jpg, but is a PNG picture: read as PNG",)
    assert read_picture(path.read_bytes(), "a.png").repairs == ()


SPECS = [
    PictureSpec(image_size=size, fit=fit, color_mode=mode)
    for size in ((75, 75), (48, 96))
    for fit in ("stretch", "crop", "pad")
    for mode in ("rgb", "grayscale")
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.fit} {s.color_mode} {s.image_size}")
@pytest.mark.parametrize(
    "data",
    [
        jpeg(1, (500, 333)),
        encoded(picture(2, (900, 1200)), progressive=True),
        encoded(picture(3, (640, 480), "CMYK")),
        encoded(picture(4, (640, 480), "L")),
        with_orientation(picture(5, (640, 361)), 6),
        encoded(picture(6, (300, 200), "RGBA"), "PNG"),
        jpeg(7, (20, 31)),
    ],
    ids=["jpeg", "progressive", "cmyk", "grey", "turned", "alpha", "small"],
)
def test_loading_agrees_with_reading_in_full(data, spec):
    loaded = load_picture(data, spec)
    whole = fit_picture(read_picture(data).array, spec)
    assert loaded.shape == spec.shape and loaded.dtype == np.uint8
    assert np.abs(loaded.astype(int) - whole).mean() < 2


def test_large_jpegs_are_decoded_smaller(monkeypatch):
    sizes = []
    decode = cv2.imdecode

    def watched(data, flags):
        array = decode(data, flags)
        sizes.append(array.shape[:2])
        return array

    monkeypatch.setattr(cv2, "imdecode", watched)
    load_picture(jpeg(0, (1600, 1200)), PictureSpec(image_size=(64, 64)))
    assert sizes == [(150, 200)]


def test_crop_keeps_the_middle_and_pad_keeps_everything():
    wide = Image.new("RGB", (60, 20), RED)
    wide.paste(GREEN, (20, 0, 40, 20))
    array = np.asarray(wide)
    crop = fit_picture(array, PictureSpec(image_size=(10, 10), fit="crop"))
    assert (crop == GREEN).all()
    pad = fit_picture(array, PictureSpec(image_size=(30, 30), fit="pad"))
    assert not pad[:10].any() and not pad[20:].any()
    assert tuple(pad[15, 1]) == RED and tuple(pad[15, 15]) == GREEN


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    rows=st.integers(1, 64),
    columns=st.integers(1, 64),
    fit=st.sampled_from(["stretch", "crop", "pad"]),
    mode=st.sampled_from(["rgb", "grayscale"]),
)
def test_fitting_keeps_one_colour_at_any_size(height, width, rows, columns, fit, mode):
    spec = PictureSpec(image_size=(rows, columns), fit=fit, color_mode=mode)
    fitted = fit_picture(np.full((height, width, 3), 90, np.uint8), spec)
    assert fitted.shape == spec.shape
    assert set(np.unique(fitted)) <= ({0, 90} if fit == "pad" else {90})
    assert fitted.any()


def test_spec_knows_its_shape_and_digest():
    spec = PictureSpec(image_size=(64, 48), color_mode="grayscale")
    assert spec.shape == (64, 48, 1)
    assert spec.digest() == PictureSpec(image_size=(64, 48), color_mode="grayscale").digest()
    assert spec.digest() != PictureSpec(image_size=(48, 64), color_mode="grayscale").digest()
    for size in ((0, 10), (10, 100_000)):
        with pytest.raises(ValidationError):
            PictureSpec(image_size=size)


def test_thumbnails_only_shrink():
    array = read_picture(jpeg(0, (400, 200))).array
    assert thumbnail(array, 100).shape == (50, 100, 3)
    assert thumbnail(array, 1000).shape == array.shape
    assert thumbnail(array[..., :1], 100).shape == (50, 100, 1)
    assert load_thumbnail(jpeg(0, (400, 200)), 100).shape == (50, 100, 3)


def test_encoding_keeps_red_red():
    array = np.asarray(corners())
    assert np.array_equal(np.asarray(Image.open(BytesIO(encode_png(array)))), array)
    assert is_close(np.asarray(Image.open(BytesIO(encode_jpeg(array, 95))))[2, 2], RED)
    grey = array[..., :1]
    assert np.array_equal(np.asarray(Image.open(BytesIO(encode_png(grey)))), grey[..., 0])


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UnusablePicture, match="cannot be opened"):
        read_picture(tmp_path / "gone.jpg")
