"""One lab of How it works: an idea, something to move, the arithmetic, and a question to try."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Lab:
    """One idea.

    Attributes:
        anchor: What the address calls it: `/concepts?lab=relu`.
        title: Its heading.
        hint: The idea in half a sentence, for lists of labs.
        words: The explanation above the lab, in Markdown.
        question: One thing to try in the lab.
        answer: What one finds.
        draw: Draws the lab, given a picture: uint8 (height, width, 3).
    """

    anchor: str
    title: str
    hint: str
    words: str
    question: str
    answer: str
    draw: Callable[[np.ndarray], None]
