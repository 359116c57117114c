"""At most so many heavy jobs at once on this machine; the others wait in the order they came."""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from core.locks import is_locked, locked, try_lock
from core.workspace import Workspace, slugify


def parallel_runs() -> int:
    """How many trainings may run at once: `LOUPE_PARALLEL_RUNS`, else one."""
    try:
        return max(1, int(os.environ.get("LOUPE_PARALLEL_RUNS", "1")))
    except ValueError:
        return 1


@contextmanager
def slot(workspace: Workspace, pause: Callable[[], None]) -> Iterator[None]:
    """Waits for a free place, then holds it for the block.

    `pause` is called every now and then while waiting; raising in it gives up.
    A place is a locked file, so a killed holder frees it.
    """
    folder = workspace.cache / "slots" / slugify(platform.node() or "this-machine")
    with ExitStack() as held:
        held.enter_context(_turn(folder, pause))
        while (file := _free_slot(folder)) is None:
            pause()
            time.sleep(0.1)
        held.pop_all().close()
        with file:
            yield


@contextmanager
def _turn(folder: Path, pause: Callable[[], None]) -> Iterator[None]:
    ticket = folder / f"ticket-{time.time_ns():020d}-{os.getpid()}"
    with locked(ticket):
        try:
            while any(is_locked(other) for other in _tickets(folder) if other.name < ticket.name):
                pause()
                time.sleep(0.1)
            yield
        finally:
            ticket.unlink(missing_ok=True)


def _tickets(folder: Path) -> list[Path]:
    return list(folder.glob("ticket-*"))


def _free_slot(folder: Path) -> IO[bytes] | None:
    for number in range(parallel_runs()):
        if file := try_lock(folder / f"slot-{number}"):
            return file
    return None
