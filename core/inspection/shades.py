"""Numbers as shades: what is darkest, what is brightest, and in which colours."""

import io
from functools import cache
from math import isqrt

import cv2
import numpy as np
from PIL import Image

from core.errors import LoupeError

LEVELS = 254
PAPER, INK = 255, 254
PAPER_COLOR, INK_COLOR = (24, 24, 27), (244, 244, 245)
# The ends of RdBu, as `core.inspection.heat` has them, over a light middle.
SIGNED_STOPS = ((33, 102, 172), (146, 197, 222), (247, 247, 247), (244, 165, 130), (178, 24, 43))
SIGNED = "signed"
COLORS = ("viridis", "grey", SIGNED)
# Of each map; enough to know its percentiles by.
PLACES_SAMPLED = 4096
MOST_CLIPPED = 25.0


def levels(
    maps: np.ndarray, scale: str = "map", signed: bool = False, clip: float = 0.0
) -> np.ndarray:
    """`maps` (height, width, count) as palette indices uint8 0..253, lowest to highest.

    Args:
        maps: Any numbers; what is not finite counts as 0.
        scale: "map": each map uses the whole palette; "layer": all share one scale.
            Where highest and lowest are equal the index is 0.
        signed: Whether 0 takes the middle of the palette, and both sides reach equally far.
        clip: Per cent of the values, 0 to 25, that are cut off at either end, so that a few
            extremes do not leave all others dark. A map of which nothing would be left, because
            nearly all of it is the same, is not cut.

    Raises:
        LoupeError: If there is no such scale, or no such share.
    """
    maps, low, high = _ranged(maps, scale, signed, clip)
    return _as_levels(maps, low, high)


def levels_of_one(
    maps: np.ndarray, index: int, scale: str = "map", signed: bool = False, clip: float = 0.0
) -> np.ndarray:
    """`levels` of map `index` alone, (height, width): without working out the others'."""
    if scale == "map":
        return levels(maps[..., index : index + 1], scale, signed, clip)[..., 0]
    finite, low, high = _ranged(maps, scale, signed, clip)
    return _as_levels(finite[..., index], low[..., 0], high[..., 0])


def _ranged(
    maps: np.ndarray, scale: str, signed: bool, clip: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Finite maps, and what the palette begins and ends with, each (1, 1, count or 1)."""
    if scale not in ("map", "layer"):
        raise LoupeError(f"There is no scale {scale!r}.", "Choose 'map' or 'layer'.")
    if not 0 <= clip <= MOST_CLIPPED:
        raise LoupeError(f"{clip:g} % cannot be cut off.", f"Choose 0 to {MOST_CLIPPED:g}.")
    maps = np.nan_to_num(np.asarray(maps, np.float32), posinf=0.0, neginf=0.0)
    axes = (0, 1) if scale == "map" else (0, 1, 2)
    low, high = maps.min(axis=axes, keepdims=True), maps.max(axis=axes, keepdims=True)
    if clip:
        step = max(1, isqrt(maps.shape[0] * maps.shape[1] // PLACES_SAMPLED))
        cut = np.percentile(maps[::step, ::step], [clip, 100 - clip], axis=axes, keepdims=True)
        lower, upper = cut.astype(np.float32)
        useful = upper > lower
        low, high = np.where(useful, lower, low), np.where(useful, upper, high)
    if signed:
        high = np.maximum(np.abs(low), np.abs(high))
        high = np.where(high > 0, high, np.float32(1))
        low = -high
    return maps, low, high


def _as_levels(maps: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    # Halves: the difference of the largest floats has no room in one.
    half = high / 2 - low / 2
    shares = (np.clip(maps, low, high) / 2 - low / 2) / np.where(half > 0, half, np.float32(1))
    return (shares * np.float32(LEVELS - 1) + np.float32(0.5)).astype(np.uint8)


def encode(pixels: np.ndarray, colors: str = "viridis") -> bytes:
    """Palette indices uint8 (height, width) as the bytes of a PNG.

    Args:
        colors: One of `COLORS`.
    """
    picture = Image.fromarray(pixels)
    picture.putpalette(palette(colors))
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


@cache
def palette(colors: str = "viridis") -> bytes:
    """768 bytes, from the lowest to the highest, then ink and paper.

    Args:
        colors: "viridis", from dark to bright; "grey", from black to white; or "signed", from
            blue over white to red.

    Raises:
        LoupeError: If there are no such colours.
    """
    if colors not in COLORS:
        raise LoupeError(f"There are no colours {colors!r}.", f"Choose {', '.join(COLORS)}.")
    steps = np.linspace(0, 255, LEVELS).astype(np.uint8)[:, None]
    if colors == "viridis":
        shades = cv2.applyColorMap(steps, cv2.COLORMAP_VIRIDIS)[:, 0, ::-1]
    elif colors == "grey":
        shades = steps.repeat(3, axis=1)
    else:
        at = np.linspace(0, len(SIGNED_STOPS) - 1, LEVELS)
        known = np.arange(len(SIGNED_STOPS))
        channels = [np.interp(at, known, one) for one in zip(*SIGNED_STOPS, strict=True)]
        shades = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    return shades.tobytes() + bytes(INK_COLOR) + bytes(PAPER_COLOR)
