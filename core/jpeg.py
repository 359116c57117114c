"""A quick way through OpenCV for ordinary JPEGs, to the very pixels Pillow gives.

Only for files whose headers say that they need no repair but the camera's turn, and
which end where a JPEG should; all others are left to `core.decoding`.
"""

import re
import struct
from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from PIL import ExifTags, Image

from core import pixels
from core.pixels import Size

START_OF_IMAGE, END_OF_IMAGE = b"\xff\xd8", b"\xff\xd9"
START_OF_SCAN, APP1 = 0xDA, 0xE1
# Baseline, extended and progressive with Huffman coding: ITU-T T.81, table B.1.
FRAMES = (0xC0, 0xC1, 0xC2)
PROGRESSIVE = 0xC2
# The longest side that libjpeg takes.
LONGEST_SIDE = 65500
ONE_BY_ONE = struct.pack(">HH", 1, 1)
# More than the ten blocks of one unit can take: 64 coefficients each, 26 bits at most.
FIRST_BYTES = 4096
EIGHT_BITS = 8
# Within a scan only stuffed zeros and restart markers follow 0xFF: T.81, section B.1.1.5.
STRAY_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
FRAME = struct.Struct(">BHHB")
# OpenCV's reduced decoding, in RGB order.
REDUCTIONS = {
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_COLOR_RGB,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4 | cv2.IMREAD_COLOR_RGB,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2 | cv2.IMREAD_COLOR_RGB,
    1: cv2.IMREAD_COLOR_RGB,
}


class Header(NamedTuple):
    """What an ordinary JPEG says before its pixels: size as stored, and the turn it needs."""

    stored_size: Size
    orientation: int
    grey: bool
    frame: int  # where the segment with the size starts
    scan: int  # where the pixels' data starts

    @property
    def full_size(self) -> Size:
        """Upright (height, width)."""
        return self.stored_size[::-1] if self.orientation >= 5 else self.stored_size


def check_quickly(data: bytes, max_pixels: int) -> Header | None:
    """Whether an ordinary JPEG can be decoded to its end, told without decoding all of it.

    What follows the headers of a sequential JPEG can be wrong, but never make its decoding
    fail, as long as no marker stands in it and the end is there: the decoder puts grey for
    what it cannot read. So the headers and tables are tried on the first pixels, and the
    rest is searched for markers.

    Returns:
        What its header says; None for any file that is not ordinary, is progressive or fails,
        for which `core.decoding` has to find out.
    """
    header = ordinary_header(data)
    if header is None or header.stored_size[0] * header.stored_size[1] > max_pixels:
        return None
    if data[header.frame + 1] == PROGRESSIVE or max(header.stored_size) > LONGEST_SIDE:
        return None
    if len(data) - header.scan < FIRST_BYTES + len(END_OF_IMAGE):
        return header if _decodes(data) and _ends_well(data, header) else None
    return header if _ends_well(data, header) and _decodes(_one_pixel(data, header)) else None


def _ends_well(data: bytes, header: Header) -> bool:
    """Whether the first marker in the scan is the end of the file."""
    stray = STRAY_MARKER.search(data, header.scan)
    return stray is not None and stray.start() == len(data) - len(END_OF_IMAGE)


def _one_pixel(data: bytes, header: Header) -> bytes:
    """The headers with another size in them, and the beginning of the scan."""
    size = header.frame + 5
    return data[:size] + ONE_BY_ONE + data[size + 4 : header.scan + FIRST_BYTES]


def _decodes(data: bytes) -> bool:
    try:
        flags = REDUCTIONS[8] | cv2.IMREAD_IGNORE_ORIENTATION
        return cv2.imdecode(np.frombuffer(data, np.uint8), flags) is not None
    except cv2.error:
        return False


def decode_quickly(
    data: bytes, enough: Callable[[Size], Size], max_pixels: int
) -> tuple[np.ndarray, Size] | None:
    """Decodes an ordinary JPEG at the least eighth, quarter or half that is `enough`.

    Returns:
        uint8 (height, width, 3), upright, and the (height, width) of the whole picture;
        None for any file that is not ordinary.
    """
    header = ordinary_header(data)
    if header is None or header.stored_size[0] * header.stored_size[1] > max_pixels:
        return None
    lying, full_size = header.orientation >= 5, header.full_size
    least = enough(full_size)[::-1] if lying else enough(full_size)
    try:
        array = cv2.imdecode(np.frombuffer(data, np.uint8), _flags(header.stored_size, least))
    except cv2.error:
        return None
    if array is None:
        return None
    if header.orientation != 1:
        turn, _ = pixels.TURNS[header.orientation]
        array = pixels.to_array(Image.fromarray(array).transpose(turn))
    return array, full_size


def _flags(size: Size, least: Size) -> int:
    fitting = (
        factor
        for factor in REDUCTIONS
        if size[0] >= factor * least[0] and size[1] >= factor * least[1]
    )
    return REDUCTIONS[next(fitting, 1)] | cv2.IMREAD_IGNORE_ORIENTATION


def ordinary_header(data: bytes) -> Header | None:
    """The header of a grey or colour JPEG that ends where it should; None for any other."""
    if not data.startswith(START_OF_IMAGE) or not data.endswith(END_OF_IMAGE):
        return None
    frame, place, orientation, position = None, 0, 1, 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], (data[position + 2] << 8) + data[position + 3]
        if marker == START_OF_SCAN:
            scan = position + 2 + length
            return Header(frame[0], orientation, frame[1], place, scan) if frame else None
        if marker in FRAMES:
            frame, place = _frame(data[position + 4 : position + 10]), position
        elif marker == APP1:
            turn = _orientation(data[position + 4 : position + 2 + length])
            if turn is None:
                return None
            orientation = turn if orientation == 1 else orientation
        position += 2 + length
    return None


def _frame(frame: bytes) -> tuple[Size, bool] | None:
    """Stored size, and whether it is grey; None for what is cut short or unusual."""
    if len(frame) < FRAME.size:
        return None
    bits, height, width, components = FRAME.unpack(frame)
    ordinary = bits == EIGHT_BITS and height and width and components in (1, 3)
    return ((height, width), components == 1) if ordinary else None


def _orientation(segment: bytes) -> int | None:
    """The turn an APP1 segment asks for, 1 if none; None if Pillow should find out."""
    if not segment.startswith(b"Exif\0\0"):
        return None if b"Orientation" in segment else 1
    exif = Image.Exif()
    try:
        exif.load(segment)
        orientation = exif.get(ExifTags.Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, struct.error):
        return None
    return orientation if orientation in pixels.TURNS else 1
