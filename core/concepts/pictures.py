"""A picture as numbers: how many, in grey, smaller, and what is lost on the way."""

from typing import NamedTuple

import numpy as np

from core.images import PictureSpec, fit_picture


class Shrunk(NamedTuple):
    """A picture with fewer pixels.

    Attributes:
        picture: uint8 (side, side, 3).
        numbers: How many numbers it is.
        off: How far a pixel of the original is from the square that now stands for it, 0..255,
            on average over all pixels and colours.
    """

    picture: np.ndarray
    numbers: int
    off: float


def at_side(picture: np.ndarray, side: int) -> np.ndarray:
    """The middle of `picture` as uint8 (side, side, 3), by the resize that training uses."""
    return fit_picture(picture, PictureSpec(image_size=(side, side), fit="crop"))


def in_grey(picture: np.ndarray) -> np.ndarray:
    """uint8 (height, width, 3) as uint8 (height, width), as for networks that see no colour.

    0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601): the eye sees green best.
    """
    spec = PictureSpec(image_size=picture.shape[:2], color_mode="grayscale")
    return fit_picture(picture, spec)[..., 0]


def shrunk(picture: np.ndarray, side: int) -> Shrunk:
    """What a network sees of the square middle of `picture` at `side` by `side` pixels."""
    whole = at_side(picture, min(picture.shape[:2]))
    small = at_side(whole, side)
    stands_for = np.arange(len(whole)) * side // len(whole)
    shown = small[stands_for][:, stands_for].astype(float)
    return Shrunk(small, small.size, float(np.abs(shown - whole).mean()))
