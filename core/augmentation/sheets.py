"""Walls of pictures to take away: a contact sheet, a moving picture."""

import io
from collections.abc import Sequence

import numpy as np

GAP = 6
MILLISECONDS = 250


def contact_sheet(rows: Sequence[Sequence[np.ndarray]], gap: int = GAP) -> np.ndarray:
    """All pictures on white, in rows: uint8 (height, width, 3).

    Args:
        rows: Pictures uint8 (height, width, channels), all of one shape.
        gap: Pixels between two of them and around them all.
    """
    height, width = rows[0][0].shape[:2]
    columns = max(len(row) for row in rows)
    size = (len(rows) * (height + gap) + gap, columns * (width + gap) + gap, 3)
    sheet = np.full(size, 255, np.uint8)
    for down, row in enumerate(rows):
        for across, picture in enumerate(row):
            top, left = gap + down * (height + gap), gap + across * (width + gap)
            sheet[top : top + height, left : left + width] = picture
    return sheet


def moving_picture(pictures: Sequence[np.ndarray]) -> bytes:
    """A GIF that shows one picture after another, for ever.

    Args:
        pictures: uint8 (height, width, channels), all of one shape; at least one.
    """
    from PIL import Image

    frames = [Image.fromarray(np.broadcast_to(one, (*one.shape[:2], 3))) for one in pictures]
    stream = io.BytesIO()
    frames[0].save(
        stream, "GIF", save_all=True, append_images=frames[1:], duration=MILLISECONDS, loop=0
    )
    return stream.getvalue()
