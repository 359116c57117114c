"""What the disk of the workspace can refuse, in plain sentences, and how to be sure of it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.endings import Ending
from core.errors import LoupeError

FULL = (errno.ENOSPC, errno.EDQUOT)


class NoSpace(LoupeError):
    """The disk of the workspace is full."""

    ending = Ending.DISK_FULL


@contextmanager
def room_on_disk(name: str) -> Iterator[None]:
    """Turns a full disk into a plain sentence about `name`, what should have been written.

    Raises:
        NoSpace: If the block finds no space.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoSpace(
            f"There is no space left for {name!r} on the disk of the workspace.",
            "Free some space, or set LOUPE_HOME to a folder on a larger disk.",
        ) from error


def flush_file(file: IO[bytes]) -> None:
    """Waits until the bytes of an open file would survive a power cut."""
    file.flush()
    os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Waits until the names in `folder` would survive a power cut, where that can be asked."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_all() -> None:
    """Waits until everything written so far would survive a power cut, where one can ask."""
    if hasattr(os, "sync"):
        os.sync()
