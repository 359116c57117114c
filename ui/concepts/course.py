"""The labs as a course: which belong together, in which order, and how long each takes."""

from collections.abc import Sequence
from typing import NamedTuple

from ui.concepts.lab import Lab

MINUTES = 3  # of a lab that is not named below


class Part(NamedTuple):
    """Labs that belong together.

    Attributes:
        title: What they are about, in a word or two.
        labs: In the order in which one builds on the other.
    """

    title: str
    labs: tuple[Lab, ...]


# Who stands where. A lab that is not named here joins the part of the one before it.
PLACES: dict[str, tuple[str, ...]] = {
    "Seeing": ("pixels", "convolution", "channels", "stride-and-padding", "relu", "pooling"),
    "Answering": ("dense", "softmax"),
    "Learning": ("loss", "backpropagation"),
    "Learning well": (
        "dropout",
        "batch-normalization",
        "augmentation",
        "overfitting",
        "transfer-learning",
    ),
}
_MINUTES = {
    "loss": 5,
    "backpropagation": 5,
    "pixels": 2,
    "relu": 2,
    "pooling": 2,
    "dropout": 2,
    "augmentation": 5,
    "overfitting": 5,
    "transfer-learning": 5,
}
# These work on numbers, points or pictures of their own: another picture would change nothing.
_WITHOUT_PICTURE = frozenset(
    (
        "batch-normalization",
        "softmax",
        "loss",
        "backpropagation",
        "dropout",
        "overfitting",
        "transfer-learning",
    )
)


def shows_picture(lab: Lab) -> bool:
    """Whether the lab works on the reader's picture."""
    return lab.anchor not in _WITHOUT_PICTURE


def minutes_of(lab: Lab) -> int:
    """How long one stays in a lab, about."""
    return _MINUTES.get(lab.anchor, MINUTES)


def parts_of(labs: Sequence[Lab]) -> tuple[Part, ...]:
    """The labs in their parts, in order; a part without labs is left out."""
    home = {anchor: title for title, anchors in PLACES.items() for anchor in anchors}
    sorted_in: dict[str, list[Lab]] = {title: [] for title in PLACES}
    before = next(iter(PLACES))
    for lab in labs:
        before = home.get(lab.anchor, before)
        sorted_in[before].append(lab)
    return tuple(Part(title, tuple(inside)) for title, inside in sorted_in.items() if inside)


def in_order(labs: Sequence[Lab]) -> tuple[Lab, ...]:
    """The labs one after the other, part by part."""
    return tuple(lab for part in parts_of(labs) for lab in part.labs)
