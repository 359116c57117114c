"""The one family of errors that a user may see."""


class LoupeError(Exception):
    """Something a person can understand and act on.

    Args:
        message: One plain sentence: what was expected and what was received.
        next_step: One plain sentence: how to go on. May be empty when the
            message already says it.
    """

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


class Stopped(LoupeError):
    """The user asked the work to stop. An ending, not a fault."""
