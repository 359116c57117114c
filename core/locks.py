"""Locks that end with the process that holds them, however it ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def try_lock(path: Path) -> IO[bytes] | None:
    """The open file whose lock is now ours until it is closed, or None if another has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = open(path, "ab")  # noqa: SIM115
    if _lock(file):
        return file
    file.close()
    return None


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock at `path`. Leaves no file behind."""
    try:
        with open(path, "rb" if fcntl else "r+b") as file:
            return not _lock(file, shared=True)
    except FileNotFoundError:
        return False


@contextmanager
def locked(path: Path, pause: Callable[[], None] | None = None) -> Iterator[None]:
    """Holds the lock at `path` for the block; calls `pause` (which may raise) while waiting."""
    while (file := try_lock(path)) is None:
        if pause:
            pause()
        time.sleep(0.05)
    try:
        yield
    finally:
        file.close()


def _lock(file: IO[bytes], shared: bool = False) -> bool:
    try:
        if fcntl:
            kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        else:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
