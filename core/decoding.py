"""A picture file's bytes to upright RGB pixels, or the plain reason why not."""

import os
import re
import struct
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from core import pixels
from core.errors import UnusablePicture
from core.pixels import Size

MAX_PIXELS = 150_000_000
MAX_FILE_BYTES = 200_000_000

# Formats read by Pillow's own code; EPS and its like would start other programs.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000")
EXTENSIONS = {
    "JPEG": {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"},
    "PNG": {".png", ".apng"},
    "GIF": {".gif"},
    "WEBP": {".webp"},
    "BMP": {".bmp", ".dib"},
    "TIFF": {".tif", ".tiff"},
    "PPM": {".ppm", ".pgm", ".pbm", ".pnm", ".pfm"},
    "AVIF": {".avif", ".avifs"},
    "JPEG2000": {".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc"},
}

# Pillow reads these headers byte by byte: a comment of 200 MB took it more than a minute.
LONGEST_NETPBM_HEADER = 10_000
NETPBM = re.compile(rb"P[0-6fFy]\s")
NETPBM_HEADER = re.compile(rb"P\w(?:(?:\s++|#[^\r\n]*+[\r\n])++[-+.\w]++){2}")

# `_open` refuses what is larger than MAX_PIXELS; Pillow's own limit would only print a warning.
Image.MAX_IMAGE_PIXELS = None
Image.init()  # FORMATS names plugins that Pillow would only load after the first failure
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


class Decoded(NamedTuple):
    """Pixels and what is known of them.

    Attributes:
        array: uint8 (height, width, 3), read-only, upright.
        repairs: What was done to get there, in plain words.
        kind: The format of the content, such as `"JPEG"`.
        full_size: Upright (height, width) before any reduced decoding.
    """

    array: np.ndarray
    repairs: list[str]
    kind: str
    full_size: Size


def content(source: Path | bytes) -> bytes:
    """The bytes of a file that is neither empty nor larger than `MAX_FILE_BYTES`."""
    size = len(source) if isinstance(source, bytes) else _file_size(source)
    if size == 0:
        raise UnusablePicture("The file is empty (0 bytes).")
    if size > MAX_FILE_BYTES:
        raise UnusablePicture(
            f"The file is {size / 1e6:,.0f} MB large; "
            f"pictures of up to {MAX_FILE_BYTES / 1e6:,.0f} MB are read."
        )
    try:
        return source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise UnusablePicture(f"The file cannot be opened: {error.strerror}.") from error


def _file_size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError as error:
        raise UnusablePicture(f"The file cannot be opened: {error.strerror}.") from error


def decode(data: bytes, enough: Callable[[Size], Size] | None = None) -> Decoded:
    """Decodes in full the first frame of a picture file.

    Args:
        enough: Tells for a (height, width) the least size that will do. JPEGs are then
            decoded at a half, a quarter or an eighth where that is still large enough.

    Raises:
        UnusablePicture: If it cannot be decoded to its end.
    """
    image = _open(data)
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    try:
        orientation = _orientation(image)
        full_size = image.size if orientation >= 5 else image.size[::-1]
        if enough is not None and kind == "JPEG":
            rows, columns = enough(full_size)
            image.draft(None, (rows, columns) if orientation >= 5 else (columns, rows))
        animated = kind != "JPEG" and getattr(image, "is_animated", False)
        deep = _bits_per_channel(image, data) > 8
        image.load()
        rgb, repairs = pixels.to_rgb(image, deep)
        if orientation != 1:
            turn, _ = pixels.TURNS[orientation]
            repairs.insert(0, turned_upright(orientation))
            if kind != "TIFF":  # Pillow has turned a TIFF while loading it
                rgb = rgb.transpose(turn)
        array = pixels.to_array(rgb)
    except Exception as error:  # Pillow's decoders raise whatever a damaged file provokes
        raise UnusablePicture(_why_unreadable(error)) from error
    finally:
        image.close()
    if animated:
        repairs.insert(0, "animated: its first frame is used")
    return Decoded(array, repairs, kind, full_size if kind == "JPEG" else array.shape[:2])


def turned_upright(orientation: int) -> str:
    """What was done to a picture with this note of the camera, 2 to 8."""
    return f"turned upright as the camera noted: {pixels.TURNS[orientation][1]}"


def _open(data: bytes) -> Image.Image:
    if NETPBM.match(data) and not NETPBM_HEADER.match(data[:LONGEST_NETPBM_HEADER]):
        raise UnusablePicture("The picture's header is cut off, damaged or far too long.")
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise UnusablePicture(_what_instead(data)) from error
    except Exception as error:
        raise UnusablePicture(_why_unreadable(error)) from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        image.close()
        raise UnusablePicture(
            f"The picture has {width:,} × {height:,} pixels; "
            f"pictures of up to {MAX_PIXELS // 1_000_000} million pixels are read."
        )
    return image


def _orientation(image: Image.Image) -> int:
    """The camera's note, 1 to 8; 1 (upright) when there is none or it is damaged."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, struct.error):
        return 1
    return orientation if orientation in pixels.TURNS else 1


def _bits_per_channel(image: Image.Image, data: bytes) -> int:
    if image.format == "PNG":
        return data[24]
    if image.format == "TIFF":
        return max(image.tag_v2.get(258, (8,)))  # type: ignore[attr-defined]
    return 16 if image.mode.startswith("I") else 8


def _what_instead(data: bytes) -> str:
    start = data[:512]
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"msf1"):
        return (
            "The file is a HEIC photo, which cannot be read; save it as JPEG and import it again."
        )
    if start.lstrip()[:5].lower() in (b"<!doc", b"<html"):
        return "The file holds a web page, not a picture."
    if start.lstrip()[:5].lower() in (b"<?xml", b"<svg "):
        return "The file holds a drawing or other XML, not a photo."
    if all(byte >= 32 or byte in b"\t\r\n\f" for byte in start):
        return "The file holds text, not a picture."
    return "The file is not a picture that can be read."


def _why_unreadable(error: Exception) -> str:
    told = str(error).lower()
    if "truncated" in told or "unexpected end" in told or isinstance(error, EOFError):
        return "The picture is cut off: the end of the file is missing."
    if isinstance(error, MemoryError):
        return "The picture is too large for this computer's memory."
    if "conversion" in told:
        return "The picture's colours are stored in a way that cannot be read."
    return "The picture is damaged and cannot be read in full."
