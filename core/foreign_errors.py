"""What other people's code raises when memory or disk run out, as one of our own errors."""

import errno
import re

from core.disk import FULL, NoSpace
from core.errors import LoupeError, OutOfMemory

# Keras runs on any of three libraries, none of which may be imported to ask: so their names.
OUT_OF_MEMORY_NAMES = {
    "MemoryError",  # Python, and NumPy's child of it
    "ResourceExhaustedError",  # TensorFlow
    "OutOfMemoryError",  # torch, on a graphics card
}
# What TensorFlow, its oneDNN, JAX, torch and OpenCV write when an allocation fails, under
# names that stand for other troubles as well.
OUT_OF_MEMORY_WORDS = re.compile(
    r"RESOURCE_EXHAUSTED|OOM when allocating|out of memory|bad_alloc|Cannot allocate memory"
    r"|pthread_create failed"
    r"|not enough memory|could not create a memory|Insufficient memory|Failed to allocate",
    re.IGNORECASE,
)
# h5py tells the number of the error in its words alone.
FULL_WORDS = re.compile(r"errno = (28|122)\b|No space left on device|Disk quota exceeded")


def explained(error: Exception) -> LoupeError | None:
    """`error` as an error for people; None when it says nothing that we know."""
    if isinstance(error, LoupeError):
        return error
    if is_full_disk(error):
        return NoSpace(
            "The disk of the workspace is full: what was being written did not fit.",
            "Free some space, or set LOUPE_HOME to a folder on a larger disk.",
        )
    if is_out_of_memory(error):
        return OutOfMemory(
            "There was not enough memory for it.",
            "Use smaller pictures, a smaller batch size or a smaller network.",
        )
    return None


def is_full_disk(error: BaseException) -> bool:
    """Whether `error`, or one that led to it, is a disk without space."""
    return any(
        isinstance(one, OSError) and (one.errno in FULL or bool(FULL_WORDS.search(str(one))))
        for one in _chain(error)
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether `error`, or one that led to it, is a lack of memory."""
    return any(_lacks_memory(one) for one in _chain(error))


def speaks_of_memory(text: str) -> bool:
    """Whether what a process wrote before it died is a lack of memory."""
    return bool(OUT_OF_MEMORY_WORDS.search(text))


def _lacks_memory(error: BaseException) -> bool:
    if isinstance(error, LoupeError):
        return isinstance(error, OutOfMemory)
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & OUT_OF_MEMORY_NAMES) or speaks_of_memory(str(error)[:2000])


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
