"""What a word on the command line may be, and the sentence where it is not."""

import math
from argparse import ArgumentTypeError


def size(text: str) -> tuple[int, int]:
    """(height, width) of `128x128`."""
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) != 2 or not all(side.isdecimal() and int(side) for side in sides):
        raise ArgumentTypeError(f"expected height and width such as 128x128, received {text!r}")
    return int(sides[0]), int(sides[1])


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    return number_above_zero(text, "seconds")


def minutes(text: str) -> float:
    """A number of minutes above 0."""
    return number_above_zero(text, "minutes")


def number_above_zero(text: str, unit: str) -> float:
    """A number above 0, of `unit`."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise ArgumentTypeError(f"expected a number of {unit} above 0, received {text!r}")
    return number


def at_least_one(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number above 0, received {text!r}")
    return int(text)


def whole_number(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"expected a whole number from 0, received {text!r}")
    return int(text)


def number_or_all(text: str) -> int | None:
    """A whole number above 0, or None for `all`."""
    return None if text == "all" else at_least_one(text)


def number_of_folds(text: str) -> int:
    """2 to 10 parts."""
    return between(text, 2, 10)


def number_of_seeds(text: str) -> int:
    """How many pairs of twins."""
    return between(text, 1, 20)


def number_of_parts(text: str) -> int:
    """2 to 20 parts."""
    return between(text, 2, 20)


def number_of_repeats(text: str) -> int:
    """1 to 5 rounds."""
    return between(text, 1, 5)


def between(text: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ArgumentTypeError(f"expected a whole number from {low} to {high}, received {text!r}")
    return int(text)
