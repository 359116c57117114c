"""Data sets that come with Loupe and need no network."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.datasets.samples.digits import write_digits
from core.datasets.samples.pond_insects import draw_insect, write_pond_insects
from core.progress import Progress

__all__ = ["SAMPLES", "Sample", "draw_insect"]


@dataclass(frozen=True)
class Sample:
    """A data set that Loupe can make.

    Attributes:
        name: What follows `sample:` in an import.
        title: What the screen says.
        description: One sentence about what is in it.
        write: `write(folder, progress)` fills `folder` with a folder of pictures per class.
    """

    name: str
    title: str
    description: str
    write: Callable[[Path, Progress], None]


SAMPLES = {
    sample.name: sample
    for sample in (
        Sample(
            "pond-insects",
            "Pond insects",
            "Dragonflies and damselflies, drawn by Loupe: 800 pictures in two classes.",
            write_pond_insects,
        ),
        Sample(
            "digits",
            "Digits",
            "Handwritten figures from 0 to 9, from scikit-learn: 1,797 small grey pictures.",
            write_digits,
        ),
    )
}
