"""A map of numbers laid over the picture that it is about."""

import io

import cv2
import numpy as np
from PIL import Image

STRONGEST = 0.85  # how opaque the strongest place is
# Told apart without seeing red or green, too: the ends of the palette RdBu.
FOR_COLOR, AGAINST_COLOR = (178, 24, 43), (33, 102, 172)
COLOR_KEPT = 0.45  # of the photo's own colours, so that the map's stand out


def laid_over(picture: np.ndarray, heat: np.ndarray, side: int = 320) -> np.ndarray:
    """The picture, paler, with `heat` from clear over red to yellow.

    Args:
        picture: uint8 (height, width, channels), channels 1 or 3; keeps its squares.
        heat: float32 of the same height and width, 0..1.
        side: Pixels of the longer side of the result, at least.

    Returns:
        uint8 (height · n, width · n, 3).
    """
    height, width = picture.shape[:2]
    times = -(-side // max(height, width))
    size = (width * times, height * times)
    photo = np.ascontiguousarray(np.broadcast_to(picture, (height, width, 3)))
    large = cv2.resize(photo, size, interpolation=cv2.INTER_NEAREST).astype(np.float32)
    pale = large * COLOR_KEPT + large.mean(axis=2, keepdims=True) * (1 - COLOR_KEPT)
    smooth = cv2.resize(np.clip(heat, 0, 1), size, interpolation=cv2.INTER_LINEAR)[..., None]
    colors = colored(smooth[..., 0]).astype(np.float32)
    opaque = STRONGEST * smooth
    return np.rint(pale * (1 - opaque) + colors * opaque).astype(np.uint8)


def drawn(picture: np.ndarray, heat: np.ndarray, signed: bool, side: int = 640) -> bytes:
    """The bytes of a PNG: `heat` over `picture`, its strongest place at full strength.

    Args:
        heat: float32 (height, width), any range.
        signed: Whether there are places that speak against: they are blue, the others red.
    """
    strongest = float(np.abs(heat).max()) or 1.0
    lay = laid_over_signed if signed else laid_over
    stream = io.BytesIO()
    Image.fromarray(lay(picture, heat / strongest, side)).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def laid_over_signed(picture: np.ndarray, heat: np.ndarray, side: int = 320) -> np.ndarray:
    """The picture in grey, with red where `heat` (−1..1) is above 0 and blue where it is below.

    Arguments and result as of `laid_over`.
    """
    height, width = picture.shape[:2]
    times = -(-side // max(height, width))
    size = (width * times, height * times)
    photo = np.ascontiguousarray(np.broadcast_to(picture, (height, width, 3)))
    large = cv2.resize(photo, size, interpolation=cv2.INTER_NEAREST).astype(np.float32)
    pale = (255 + large.mean(axis=2, keepdims=True)) / 2
    smooth = cv2.resize(np.clip(heat, -1, 1), size, interpolation=cv2.INTER_LINEAR)[..., None]
    colors = np.where(smooth >= 0, FOR_COLOR, AGAINST_COLOR).astype(np.float32)
    opaque = np.sqrt(np.abs(smooth))
    return np.rint(pale * (1 - opaque) + colors * opaque).astype(np.uint8)


def colored(values: np.ndarray) -> np.ndarray:
    """float (height, width) 0..1 as uint8 (height, width, 3): Inferno, readable without red."""
    levels = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
