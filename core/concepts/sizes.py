"""How large a feature map becomes: 1 + (W + 2P - F) / S."""

from typing import Literal, NamedTuple

from core.errors import LoupeError


class OutputSize(NamedTuple):
    """The places a window of F pixels finds on W pixels.

    Attributes:
        size: How many places fit.
        left_over: Pixels at the end that no window reaches.
        exact: What the formula gives before rounding down.
    """

    size: int
    left_over: int
    exact: float


def output_size(width: int, kernel: int, padding: int = 0, stride: int = 1) -> OutputSize:
    """The size of the output along one side.

    Args:
        width: W, pixels of the input.
        kernel: F, pixels of the window.
        padding: P, zeros added at each end.
        stride: S, pixels from one window to the next.

    Raises:
        LoupeError: If no window fits, or a value is out of range.
    """
    if width < 1 or kernel < 1 or stride < 1 or padding < 0:
        raise LoupeError(
            "Width, kernel and stride must be at least 1 and padding at least 0, "
            f"not W = {width}, F = {kernel}, P = {padding}, S = {stride}."
        )
    room = width + 2 * padding - kernel
    if room < 0:
        raise LoupeError(
            f"A kernel of {kernel} does not fit on {width + 2 * padding} pixels.",
            f"Use a kernel of at most {width + 2 * padding}, or a padding of at least "
            f"{-(-(kernel - width) // 2)}.",
        )
    return OutputSize(1 + room // stride, room % stride, 1 + room / stride)


class Placement(NamedTuple):
    """Where the windows lie along one side.

    Attributes:
        starts: The first pixel of each; below zero within the padding.
        before, after: Zeros added at each end.
        missed: Pixels of the picture that no window looks at.
    """

    starts: tuple[int, ...]
    before: int
    after: int
    missed: tuple[int, ...]


class Fit(NamedTuple):
    """A change of one letter of the formula with which every window fits, and the size then."""

    letter: Literal["W", "F", "P", "S"]
    value: int
    size: int


def placement(width: int, kernel: int, stride: int, before: int, after: int) -> Placement:
    """All windows on `width` pixels with `before` and `after` zeros at the ends.

    Raises:
        LoupeError: If no window fits.
    """
    size = output_size(width + before + after, kernel, 0, stride).size
    starts = tuple(place * stride - before for place in range(size))
    seen = {start + step for start in starts for step in range(kernel)}
    missed = tuple(pixel for pixel in range(width) if pixel not in seen)
    return Placement(starts, before, after, missed)


def keras_padding(
    width: int, kernel: int, stride: int, padding: Literal["valid", "same"]
) -> tuple[int, int]:
    """The zeros that Keras adds before and after.

    "valid" adds none. "same" adds as many as make the output `width / stride`, rounded up; an odd
    one goes to the end.
    """
    if padding == "valid":
        return 0, 0
    size = -(-width // stride)
    total = max((size - 1) * stride + kernel - width, 0)
    return total // 2, total - total // 2


def nearest_fits(width: int, kernel: int, padding: int, stride: int) -> tuple[Fit, ...]:
    """For each letter the nearest value that fits while the others stay; the smaller of two."""
    given = {"W": width, "F": kernel, "P": padding, "S": stride}
    found = []
    for letter, value in given.items():
        near = sorted(
            range(0, 2 * max(given.values()) + 2), key=lambda one: (abs(one - value), one)
        )
        for other in near:
            tried = given | {letter: other}
            room = tried["W"] + 2 * tried["P"] - tried["F"]
            fits = tried["W"] >= 1 and tried["F"] >= 1 and tried["S"] >= 1 and room >= 0
            if other != value and fits and room % tried["S"] == 0:
                found.append(Fit(letter, other, 1 + room // tried["S"]))  # type: ignore[arg-type]
                break
    return tuple(found)
