"""The one family of errors that a user may see."""

from typing import ClassVar

from core.endings import Ending


class LoupeError(Exception):
    """Something a person can understand and act on.

    Args:
        message: One plain sentence: what was expected and what was received.
        next_step: One plain sentence: how to go on. May be empty when the
            message already says it.

    Attributes:
        ending: What a job that fails with it is said to have ended as.
    """

    ending: ClassVar[Ending] = Ending.REFUSED

    def __init__(self, message: str, next_step: str = ""):
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()

    def __reduce__(self):
        return type(self), (self.message, self.next_step)


class UnusablePicture(LoupeError):
    """A file that cannot be read as a picture."""


class UnusableSource(LoupeError):
    """A folder or archive that cannot be imported as a data set."""


class NotFound(LoupeError):
    """A data set, run, photo or layer that does not exist."""

    ending = Ending.MISSING


class DataMissing(NotFound):
    """A data set, or a photo of it, that is not there any more."""

    ending = Ending.DATA_MISSING


class WeightsMissing(NotFound):
    """A backbone's weights that are neither here nor to be fetched."""

    ending = Ending.WEIGHTS_MISSING


class WeightsDamaged(LoupeError):
    """A weights file that cannot be read, or that belongs to another network."""

    ending = Ending.WEIGHTS_DAMAGED


class NothingToLearn(LoupeError):
    """Photos from which nothing can be learnt: none, or of a single class."""

    ending = Ending.NOTHING_TO_LEARN


class Diverged(LoupeError):
    """A training whose numbers grew beyond all bounds."""

    ending = Ending.DIVERGED


class OutOfMemory(LoupeError):
    """Work that was begun and found no more memory."""

    ending = Ending.OUT_OF_MEMORY


class TooLarge(LoupeError):
    """Work that is refused before it starts, because there is no room for it."""

    ending = Ending.TOO_LARGE


class Stopped(LoupeError):
    """The user asked the work to stop. An ending, not a fault."""

    ending = Ending.STOPPED
