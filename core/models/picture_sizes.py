"""Which sizes of picture a network can work on: any, from which on, and the nearest to a wish."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.errors import LoupeError
from core.images import MAX_SIDE
from core.models.architecture import Architecture
from core.models.open_size import refuse_open
from core.models.shapes import survey

if TYPE_CHECKING:
    from core.models.backbones import Backbone

# Larger than any picture that a network needs to be tried with; see `smallest_side`.
LARGEST_SIDE = 4096
Size = tuple[int, int]


def check_open(architecture: Architecture, channels: int, num_classes: int) -> None:
    """Refuses a network that cannot take pictures of any size.

    Raises:
        LoupeError: If a layer forbids it, or cannot work whatever the size.
    """
    forbidden = refuse_open(architecture)
    if forbidden:
        raise forbidden
    if smallest_side(architecture, channels, num_classes) is None:
        raise survey(architecture, (LARGEST_SIDE, LARGEST_SIDE, channels), num_classes).problem or (
            LoupeError("This network works with pictures of no size.")
        )


def smallest_side(architecture: Architecture, channels: int, num_classes: int) -> int | None:
    """The side of the smallest square picture that works; None if none up to 4,096 does."""

    def works(side: int) -> bool:
        return survey(architecture, (side, side, channels), num_classes).problem is None

    if refuse_open(architecture) is None and not works(LARGEST_SIDE):
        return None
    if works(1):
        return 1
    return _first_beyond(1, works, LARGEST_SIDE)


def nearest_size(
    architecture: "Architecture | Backbone", image_size: Size, channels: int, num_classes: int
) -> Size | None:
    """The size nearest to `image_size` (height, width), of the same shape, that works.

    Returns:
        `image_size` itself where that works, None where no size up to 2,048 pixels does.
    """
    if not isinstance(architecture, Architecture):
        least = architecture.family.sides[1]
        return (max(image_size[0], least), max(image_size[1], least))
    shorter = min(image_size)

    def scaled(side: int) -> Size:
        height, width = (max(1, round(one * side / shorter)) for one in image_size)
        return height, width

    def works(side: int) -> bool:
        return survey(architecture, (*scaled(side), channels), num_classes).problem is None

    if works(shorter):
        return image_size
    larger = _first_beyond(shorter, works, MAX_SIDE * shorter // max(image_size))
    smaller = _last_below(shorter, works)
    found = [side for side in (larger, smaller) if side is not None]
    # Twice as large is as far away as half as large.
    nearest = min(found, key=lambda side: max(side, shorter) / min(side, shorter), default=None)
    return None if nearest is None else scaled(nearest)


def _first_beyond(low: int, works: Callable[[int], bool], most: int) -> int | None:
    """The smallest side above `low`, which does not work, that does; found by halving."""
    high = min(low * 2, most)
    while not works(high):
        if high >= most:
            return None
        low, high = high, min(high * 2, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _last_below(high: int, works: Callable[[int], bool]) -> int | None:
    """The largest side below `high`, which does not work, that does."""
    low = high // 2
    while low and not works(low):
        low, high = low // 2, low
    if not low:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if works(middle) else (low, middle)
    return low
