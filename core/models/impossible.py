"""Layers that cannot work where they stand: which one, why, and what would work."""

from core.errors import LoupeError
from core.models.layers import Layer


class ImpossibleLayer(LoupeError):
    """A layer that cannot work on what reaches it.

    Attributes:
        place: Where it stands in the architecture; empty where that is not known.
        instead: The same layer with the nearest value that works, None where there is none.
        before: A layer that makes it work when put in front of it, None where there is none.
    """

    def __init__(
        self,
        message: str,
        next_step: str = "",
        instead: Layer | None = None,
        before: Layer | None = None,
    ):
        super().__init__(message, next_step)
        self.place: tuple[int, ...] = ()
        self.instead, self.before = instead, before
