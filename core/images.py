"""Pictures in: any usable file becomes upright RGB. Pictures out: one size, one way.

Training, preview and prediction all go through `load_picture`, so a model sees
the same pixels in each of them.
"""

import hashlib
from collections.abc import Callable
from os.path import splitext
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from core import pixels
from core.decoding import (
    EXTENSIONS,
    MAX_FILE_BYTES,
    MAX_PIXELS,
    content,
    decode,
    turned_upright,
)
from core.jpeg import check_quickly, decode_quickly
from core.pixels import Size

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_PIXELS",
    "Picture",
    "PictureFacts",
    "PictureSpec",
    "check_picture",
    "encode_jpeg",
    "encode_png",
    "fit_picture",
    "load_picture",
    "load_thumbnail",
    "read_picture",
    "thumbnail",
]

MAX_SIDE = 2048
# Twice the final size: within 1 grey level of a full decode on web photos, at once it is 3.
DECODE_MARGIN = 2


class Picture(NamedTuple):
    """A picture read in full.

    Attributes:
        array: uint8 (height, width, 3), RGB, upright.
        repairs: What was done to get there, in plain words. Empty for a plain RGB file.
        format: `"JPEG"`, `"PNG"`, …: what the content is, whatever the file is called.
    """

    array: np.ndarray
    repairs: tuple[str, ...]
    format: str


class PictureFacts(NamedTuple):
    """What is known of a usable picture without keeping its pixels; see `Picture`."""

    height: int
    width: int
    repairs: tuple[str, ...]
    format: str


class PictureSpec(BaseModel):
    """The size and kind of picture a model takes."""

    model_config = ConfigDict(frozen=True)

    image_size: tuple[int, int] = Field(
        description="Height and width that every picture is brought to.",
        json_schema_extra={"unit": "pixels", "label": "Picture size"},
    )
    color_mode: Literal["rgb", "grayscale"] = Field(
        default="rgb",
        description="Colour, or shades of grey when colour does not matter.",
        json_schema_extra={"label": "Colour"},
    )
    fit: Literal["stretch", "crop", "pad"] = Field(
        default="stretch",
        description="Stretch the whole picture, crop its middle, or pad it with black.",
        json_schema_extra={"label": "Fit"},
    )

    @field_validator("image_size")
    @classmethod
    def _sides_within_limits(cls, image_size: tuple[int, int]) -> tuple[int, int]:
        if not all(1 <= side <= MAX_SIDE for side in image_size):
            raise ValueError(f"both sides must be between 1 and {MAX_SIDE} pixels")
        return image_size

    @property
    def channels(self) -> int:
        return 3 if self.color_mode == "rgb" else 1

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels)."""
        return (*self.image_size, self.channels)

    def digest(self) -> str:
        """16 hex digits; equal for equal specifications, on every machine."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def read_picture(source: Path | bytes, name: str = "") -> Picture:
    """Reads and fully decodes a picture file; its first frame when it is animated.

    Args:
        source: A path, or the file's bytes.
        name: The file's name, when `source` is bytes: tells whether its extension fits.

    Raises:
        UnusablePicture: If the file is empty, cut off, damaged, too large or no picture.
    """
    name = source.name if isinstance(source, Path) else name
    decoded = decode(content(source))
    repairs = (*_misnamed(name, decoded.kind), *decoded.repairs)
    return Picture(decoded.array, repairs, decoded.kind)


def check_picture(data: bytes, name: str = "") -> PictureFacts:
    """What `read_picture` would say of a file's bytes, read to their end in less time.

    Raises:
        UnusablePicture: As `read_picture`.
    """
    header = check_quickly(content(data), MAX_PIXELS)
    if header is None:
        decoded = decode(data, lambda size: (1, 1))
        repairs, kind, size = decoded.repairs, decoded.kind, decoded.full_size
    else:
        turned = [turned_upright(header.orientation)] if header.orientation != 1 else []
        grey = [pixels.GREY] if header.grey else []
        repairs, kind, size = [*turned, *grey], "JPEG", header.full_size
    return PictureFacts(*size, (*_misnamed(name, kind), *repairs), kind)


def _misnamed(name: str, kind: str) -> tuple[str, ...]:
    extension = splitext(name)[1].lower()
    if not name or extension in EXTENSIONS[kind]:
        return ()
    called = f"called {extension}" if extension else "called by a name without extension"
    return (f"{called}, but is a {kind} picture: read as {kind}",)


def load_picture(source: Path | bytes, spec: PictureSpec) -> np.ndarray:
    """The picture as a model takes it: uint8 (height, width, channels) of `spec`.

    As `fit_picture(read_picture(source).array, spec)`, but large JPEGs are decoded
    at a half, a quarter or an eighth of their size when that is still enough.

    Raises:
        UnusablePicture: As `read_picture`.
    """
    array, full_size = _decode_small(source, lambda size: _size_before_fit(size, spec))
    return _fit(array, spec, full_size)


def load_thumbnail(source: Path | bytes, longest_side: int) -> np.ndarray:
    """`thumbnail(read_picture(source).array, longest_side)`, decoded small where possible."""

    def enough(size: Size) -> Size:
        return pixels.scaled(size, longest_side / max(size))

    return thumbnail(_decode_small(source, enough)[0], longest_side)


def _decode_small(source: Path | bytes, enough: Callable[[Size], Size]) -> tuple[np.ndarray, Size]:
    data = content(source)
    quick = decode_quickly(data, enough, MAX_PIXELS)
    if quick is not None:
        return quick
    decoded = decode(data, enough)
    return decoded.array, decoded.full_size


def fit_picture(array: np.ndarray, spec: PictureSpec) -> np.ndarray:
    """Brings uint8 (height, width, 3 or 1) to `spec.shape`: the one resize of Loupe."""
    return _fit(array, spec, array.shape[:2])


def _fit(array: np.ndarray, spec: PictureSpec, full_size: Size) -> np.ndarray:
    if spec.channels == 1 and array.shape[2] == 3:
        array = cv2.cvtColor(array, cv2.COLOR_RGB2GRAY)
    elif spec.channels == 3 and array.shape[2] == 1:
        array = cv2.cvtColor(array, cv2.COLOR_GRAY2RGB)
    fitted = pixels.FITS[spec.fit](array, spec.image_size, full_size)
    return np.ascontiguousarray(fitted.reshape(spec.shape))


def thumbnail(array: np.ndarray, longest_side: int) -> np.ndarray:
    """`array` shrunk until its longest side is at most `longest_side` pixels."""
    size = array.shape[:2]
    if max(size) <= longest_side:
        return array
    shrunk = pixels.resize(array, pixels.scaled(size, longest_side / max(size)))
    return shrunk.reshape(*shrunk.shape[:2], -1)


def encode_jpeg(array: np.ndarray, quality: int = 85) -> bytes:
    """uint8 (height, width[, 1 or 3]), RGB order, as a JPEG file. `quality` 1 to 100."""
    return _encode(".jpg", array, [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_png(array: np.ndarray) -> bytes:
    """uint8 (height, width[, 1 or 3]), RGB order, as a PNG file."""
    return _encode(".png", array, [])


def _encode(extension: str, array: np.ndarray, options: list[int]) -> bytes:
    bgr = array[..., ::-1] if array.ndim == 3 and array.shape[2] == 3 else array
    _, encoded = cv2.imencode(extension, np.ascontiguousarray(bgr), options)
    return encoded.tobytes()


def _size_before_fit(size: Size, spec: PictureSpec) -> Size:
    """How large a (height, width) must be decoded to lose nothing that fitting would keep."""
    height, width = size
    rows, columns = spec.image_size
    if spec.fit == "stretch":
        return rows * DECODE_MARGIN, columns * DECODE_MARGIN
    ratios = (rows / height, columns / width)
    ratio = max(ratios) if spec.fit == "crop" else min(ratios)
    return pixels.scaled(size, ratio * DECODE_MARGIN)
