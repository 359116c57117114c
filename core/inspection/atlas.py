"""Feature maps drawn as pictures: a sheet of small coloured maps in one palette PNG.

Measured: one sheet of 512 maps is visible in a fraction of the time of as many pictures.
A palette PNG needs one byte a pixel, and the colours cost nothing at drawing time.
"""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.errors import LoupeError

GAP = 2
SMALLEST_CELL = 48
LARGEST_CELL = 128
TITLE_HEIGHT = 26
MARGIN = 8
PAPER, INK = 255, 254
LEVELS = 254
PAPER_COLOR, INK_COLOR = (24, 24, 27), (244, 244, 245)
SHEET_WIDTH = 16
MOST_PIXELS = 40_000_000


@dataclass(frozen=True)
class Sheet:
    """A grid of maps: palette indices uint8 (height, width) and where the cells lie."""

    pixels: np.ndarray
    columns: int
    rows: int
    cell: tuple[int, int]
    count: int

    def layout(self) -> dict[str, Any]:
        """columns, rows, cell [height, width], gap and count, as plain values."""
        return {
            "columns": self.columns,
            "rows": self.rows,
            "cell": list(self.cell),
            "gap": GAP,
            "count": self.count,
        }


def levels(maps: np.ndarray, scale: str = "map") -> np.ndarray:
    """`maps` (height, width, count) as palette indices uint8 0..253, lowest to highest.

    Args:
        maps: Any finite numbers; what is not finite counts as 0.
        scale: "map": each map uses the whole palette; "layer": all share one scale.
            Where highest and lowest are equal the index is 0.

    Raises:
        LoupeError: If `scale` is neither.
    """
    if scale not in ("map", "layer"):
        raise LoupeError(f"There is no scale {scale!r}.", "Choose 'map' or 'layer'.")
    maps = np.nan_to_num(np.asarray(maps, np.float32), posinf=0.0, neginf=0.0)
    axes = (0, 1) if scale == "map" else (0, 1, 2)
    low, high = maps.min(axis=axes, keepdims=True), maps.max(axis=axes, keepdims=True)
    span = np.where(high > low, high - low, 1)
    return ((maps - low) * ((LEVELS - 1) / span) + 0.5).astype(np.uint8)


def draw(
    maps: np.ndarray,
    scale: str = "map",
    columns: int | None = None,
    smallest: int = SMALLEST_CELL,
    largest: int = LARGEST_CELL,
) -> Sheet:
    """All maps (height, width, count) side by side with a gap line around each cell.

    Small maps are enlarged by a whole factor until their longer side reaches `smallest`;
    of maps beyond `largest` every second, third, … pixel is shown.
    """
    return draw_levels(levels(maps, scale), columns, smallest, largest)


def draw_levels(
    indices: np.ndarray,
    columns: int | None = None,
    smallest: int = SMALLEST_CELL,
    largest: int = LARGEST_CELL,
) -> Sheet:
    """`draw` for maps that are palette indices already, uint8 (height, width, count)."""
    cells = _resized(indices, smallest, largest).transpose(2, 0, 1)
    count, height, width = cells.shape
    columns = min(count, columns or max(SHEET_WIDTH, round((2 * count) ** 0.5)))
    rows = -(-count // columns)
    grid = np.full((rows * columns, height + GAP, width + GAP), PAPER, np.uint8)
    grid[:count, GAP:, GAP:] = cells
    pixels = (
        grid.reshape(rows, columns, height + GAP, width + GAP)
        .swapaxes(1, 2)
        .reshape(rows * (height + GAP), columns * (width + GAP))
    )
    pixels = np.pad(pixels, ((0, GAP), (0, GAP)), constant_values=PAPER)
    return Sheet(pixels, columns, rows, (height, width), count)


def draw_all(layers: dict[str, np.ndarray], scale: str = "map") -> np.ndarray:
    """Each layer's sheet under its title: palette indices uint8 (height, width).

    The cells become smaller where a large model would make the picture huge.
    """
    for smallest in (SMALLEST_CELL, SMALLEST_CELL // 2, SMALLEST_CELL // 4, 1):
        largest = 2 * smallest if smallest > 1 else 8
        if _pixels_needed(layers, smallest, largest) <= MOST_PIXELS:
            break
    sheets = [draw(maps, scale, None, smallest, largest).pixels for maps in layers.values()]
    titles = [f"{name}  {' x '.join(map(str, maps.shape))}" for name, maps in layers.items()]
    width = max([sheet.shape[1] for sheet in sheets] + [_text_width(title) for title in titles])
    strips = []
    for title, sheet in zip(titles, sheets, strict=True):
        strip = np.full((TITLE_HEIGHT + len(sheet), width), PAPER, np.uint8)
        strip[:TITLE_HEIGHT] = _title(title, width)
        strip[TITLE_HEIGHT:, : sheet.shape[1]] = sheet
        strips.append(strip)
    return np.pad(np.concatenate(strips), MARGIN, constant_values=PAPER)


def enlarge(one: np.ndarray, size: int) -> np.ndarray:
    """One map (height, width) by a whole factor to at most about `size`: palette indices."""
    indices = levels(one[..., None])[..., 0]
    factor = max(1, size // max(one.shape))
    return indices.repeat(factor, axis=0).repeat(factor, axis=1)


def encode(pixels: np.ndarray) -> bytes:
    """Palette indices uint8 (height, width) as the bytes of a PNG."""
    picture = Image.fromarray(pixels)
    picture.putpalette(palette())
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


@cache
def palette() -> bytes:
    """768 bytes: viridis from dark (lowest) to bright (highest), then ink and paper."""
    steps = np.linspace(0, 255, LEVELS).astype(np.uint8)[:, None]
    colors = cv2.applyColorMap(steps, cv2.COLORMAP_VIRIDIS)[:, 0, ::-1]
    return colors.tobytes() + bytes(INK_COLOR) + bytes(PAPER_COLOR)


def _resized(maps: np.ndarray, smallest: int, largest: int) -> np.ndarray:
    enlarged, step = _factors(maps.shape, smallest, largest)
    if step > 1:
        return maps[::step, ::step]
    return maps.repeat(enlarged, axis=0).repeat(enlarged, axis=1)


def _factors(shape: tuple[int, ...], smallest: int, largest: int) -> tuple[int, int]:
    longest = max(shape[:2])
    return max(1, -(-smallest // longest)), max(1, -(-longest // largest))


def _pixels_needed(layers: dict[str, np.ndarray], smallest: int, largest: int) -> int:
    total = 0
    for maps in layers.values():
        enlarged, step = _factors(maps.shape, smallest, largest)
        total += maps.size * enlarged**2 // step**2
    return total


def _text_width(title: str) -> int:
    return int(_font().getlength(title)) + MARGIN


def _title(title: str, width: int) -> np.ndarray:
    picture = Image.new("L", (width, TITLE_HEIGHT), PAPER)
    draw_on = ImageDraw.Draw(picture)
    draw_on.fontmode = "1"
    draw_on.text((GAP, 5), title, fill=INK, font=_font())
    return np.asarray(picture)


@cache
def _font() -> Any:
    return ImageFont.load_default(size=15)
