"""The folder an import works in: whole at the end, gone otherwise, even after a crash."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.locks import is_locked, locked
from core.workspace import new_folder

LOCK = ".importing"
# A staging folder without a lock is one that is just being made, or just becoming whole,
# unless it is this old.
ABANDONED_AFTER_SECONDS = 3600


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """As `core.workspace.new_folder`; first removes what killed imports left beside it."""
    sweep(target.parent)
    with new_folder(target) as staging:
        with locked(staging / LOCK):
            yield staging
        (staging / LOCK).unlink()


def sweep(parent: Path) -> None:
    """Removes the staging folders in `parent` whose import is no longer alive."""
    for folder in parent.glob(".*.new"):
        if _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    try:
        if (folder / LOCK).exists():
            return not is_locked(folder / LOCK)
        return time.time() - folder.stat().st_mtime > ABANDONED_AFTER_SECONDS
    except FileNotFoundError:  # its import has just ended
        return False
