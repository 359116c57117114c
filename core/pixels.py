"""The arithmetic under `core.images`: colours to RGB, sizes to sizes."""

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

Size = tuple[int, int]  # (height, width)

WHITE = (255, 255, 255, 255)
GREY = "grey turned into RGB"
MODES = {
    "CMYK": "CMYK print colours turned into RGB",
    "YCbCr": "YCbCr colours turned into RGB",
    "HSV": "HSV colours turned into RGB",
    "P": "palette colours turned into RGB",
    "PA": "palette colours turned into RGB",
    "1": "black and white turned into RGB",
}
# What the EXIF orientation asks for: https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6.4
TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT, "mirrored left to right"),
    3: (Image.Transpose.ROTATE_180, "rotated by 180°"),
    4: (Image.Transpose.FLIP_TOP_BOTTOM, "mirrored top to bottom"),
    5: (Image.Transpose.TRANSPOSE, "mirrored and rotated by 90°"),
    6: (Image.Transpose.ROTATE_270, "rotated by 90° clockwise"),
    7: (Image.Transpose.TRANSVERSE, "mirrored and rotated by 90°"),
    8: (Image.Transpose.ROTATE_90, "rotated by 90° anticlockwise"),
}


def to_rgb(image: Image.Image, deep: bool) -> tuple[Image.Image, list[str]]:
    """A loaded Pillow image as mode RGB, transparency on white, and what that took.

    Args:
        deep: Whether the file holds more than 8 bits per channel.
    """
    done = ["16 bits per channel reduced to 8"] if deep else []
    if image.mode[0] in "IF":
        image = Image.fromarray(_eight_bits(np.asarray(image), image.mode))
    done += _described(image.mode)
    if image.has_transparency_data:
        image, what = _on_white(image)
        done.append(what)
    return image.convert("RGB") if image.mode != "RGB" else image, done


def _described(mode: str) -> list[str]:
    if mode in ("L", "LA", "La"):
        return [GREY]
    return [MODES[mode]] if mode in MODES else []


def _eight_bits(values: np.ndarray, mode: str) -> np.ndarray:
    """16-bit values over their whole range; other numbers from their lowest to their highest."""
    if mode.startswith("I;16"):
        return (values // 257).astype(np.uint8)
    finite = np.nan_to_num(values.astype(np.float32))
    low, high = float(finite.min()), float(finite.max())
    if mode == "I" and low >= 0 and 255 < high <= 65535:
        low, high = 0.0, 65535.0
    return np.round((finite - low) * (255.0 / max(high - low, 1e-9))).astype(np.uint8)


def _on_white(image: Image.Image) -> tuple[Image.Image, str]:
    rgba = image.convert("RGBA")
    opaque = rgba.getchannel("A").getextrema() == (255, 255)
    if opaque:
        return rgba.convert("RGB"), "unused transparency removed"
    paper = Image.new("RGBA", rgba.size, WHITE)
    return Image.alpha_composite(paper, rgba).convert("RGB"), "transparent parts put on white"


def to_array(image: Image.Image) -> np.ndarray:
    """Read-only uint8 (height, width, 3). A third of the time `np.asarray` takes."""
    return np.frombuffer(image.tobytes(), np.uint8).reshape(image.height, image.width, 3)


def scaled(size: Size, factor: float) -> Size:
    """(height, width) times `factor`, rounded, at least one pixel each."""
    height, width = size
    return max(1, round(height * factor)), max(1, round(width * factor))


def resize(array: np.ndarray, size: Size, full_size: Size | None = None) -> np.ndarray:
    """`array` at (height, width) `size`: averaged where it shrinks, linear where it grows."""
    rows, columns = size
    height, width = array.shape[:2]
    smaller = (min(columns, width), min(rows, height))
    if smaller != (width, height):
        array = cv2.resize(array, smaller, interpolation=cv2.INTER_AREA)
    if smaller != (columns, rows):
        array = cv2.resize(array, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return array


def crop(array: np.ndarray, size: Size, full_size: Size) -> np.ndarray:
    """The middle of `array`, in the proportions of `size`, at that size.

    Args:
        full_size: (height, width) of the picture before `array` was decoded smaller; the
            proportions are taken from it, so that decoding smaller does not move the crop.
    """
    height, width = array.shape[:2]
    factor = max(size[0] / full_size[0], size[1] / full_size[1])
    rows = min(height, max(1, round(size[0] / factor * height / full_size[0])))
    columns = min(width, max(1, round(size[1] / factor * width / full_size[1])))
    top, left = (height - rows) // 2, (width - columns) // 2
    return resize(array[top : top + rows, left : left + columns], size)


def pad(array: np.ndarray, size: Size, full_size: Size) -> np.ndarray:
    """The whole of `array` inside `size`, the rest black. `full_size` as in `crop`."""
    factor = min(size[0] / full_size[0], size[1] / full_size[1])
    rows, columns = (min(a, b) for a, b in zip(size, scaled(full_size, factor), strict=True))
    inside = resize(array, (rows, columns))
    frame = np.zeros((*size, *inside.shape[2:]), np.uint8)
    top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
    frame[top : top + rows, left : left + columns] = inside
    return frame


FITS: dict[str, Callable[[np.ndarray, Size, Size], np.ndarray]] = {
    "stretch": resize,
    "crop": crop,
    "pad": pad,
}
