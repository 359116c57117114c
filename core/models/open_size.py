"""Whether a network takes pictures of any size, and if not, which layer forbids it."""

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.layers import Flatten, Layer, ResidualBlock, window_of
from core.models.shapes import survey

# Larger than any picture that a network needs to be tried with; see `smallest_side`.
LARGEST_SIDE = 4096


def forbids_open(architecture: Architecture) -> str | None:
    """A sentence that names the layer which needs pictures of one size; None if none does."""
    names = architecture.names()
    for place, layer in architecture.places():
        if isinstance(layer, Flatten):
            return (
                f"Layer {names[place]!r} lays all maps out in one row, whose length "
                "would change with the size of the picture."
            )
        if isinstance(layer, ResidualBlock) and any(map(_loses_its_rim, layer.layers)):
            return (
                f"Block {names[place]!r} has a layer without a rim, and its shortcut could not "
                "follow at every size."
            )
    return None


def check_open(architecture: Architecture, channels: int, num_classes: int) -> None:
    """Refuses a network that cannot take pictures of any size.

    Raises:
        LoupeError: If a layer forbids it, or cannot work whatever the size.
    """
    forbidden = forbids_open(architecture)
    if forbidden:
        raise LoupeError(
            f"The input size cannot be left open. {forbidden}",
            "Use 'global_average_pooling2d' instead of 'flatten', and padding 'same' in blocks.",
        )
    side = smallest_side(architecture, channels, num_classes)
    if side is None:
        raise survey(architecture, (LARGEST_SIDE, LARGEST_SIDE, channels), num_classes).problem or (
            LoupeError("This network works with pictures of no size.")
        )


def smallest_side(architecture: Architecture, channels: int, num_classes: int) -> int | None:
    """The side of the smallest square picture that works; None if none up to 4,096 does."""

    def works(side: int) -> bool:
        return survey(architecture, (side, side, channels), num_classes).problem is None

    if forbids_open(architecture) is None and not works(LARGEST_SIDE):
        return None
    low, high = 0, 1
    while not works(high):
        low, high = high, high * 2
        if high > LARGEST_SIDE:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _loses_its_rim(layer: Layer) -> bool:
    window, _ = window_of(layer)
    return getattr(layer, "padding", "same") == "valid" and window > 1
