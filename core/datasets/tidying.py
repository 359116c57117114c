"""What processes that were killed left in a workspace, found and removed at the next start.

Nothing here may remove what somebody still needs: a folder whose lock is held, a file that
any version of a manifest names, a photo of a collection, or anything that was touched within
the last hour, since its writer may be between two steps.
"""

import logging
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from core.datasets import adding, manifest, staging
from core.datasets.collections import Collection, collections_folder
from core.datasets.prepared import ids_digest
from core.errors import LoupeError
from core.locks import locked, try_lock
from core.workspace import Workspace, read_json

# Long for a single write, short for a person: no write of Loupe takes a tenth of this.
LEFTOVER_AFTER_SECONDS = 3600
# An array that nobody's version needs is kept for a while: it may be just being made.
ARRAY_KEPT_SECONDS = 24 * 3600

logger = logging.getLogger(__name__)


def tidy_workspace(workspace: Workspace) -> list[str]:
    """Removes what killed imports, edits and uploads left; the names of what went.

    Cheap: it looks at names and ages, and reads a manifest only where something is amiss.
    What it cannot look at it leaves alone.
    """
    gone: list[str] = []
    for look in (_datasets, _collections, _single_folders, _uploads, _bin, _jobs):
        try:
            gone += look(workspace)
        except (OSError, LoupeError, ValueError, KeyError) as error:
            logger.warning("A part of the workspace was not tidied: %s", error)
    return gone


def _datasets(workspace: Workspace) -> Iterator[str]:
    yield from _swept(workspace.datasets)
    for folder in _folders(workspace.datasets):
        if not (folder / "dataset.json").is_file():
            continue
        try:
            yield from _dataset(workspace, folder)
        except (OSError, LoupeError, ValueError, KeyError) as error:
            logger.warning("The data set %s was not tidied: %s", folder.name, error)


def _dataset(workspace: Workspace, folder: Path) -> Iterator[str]:
    with_lock = try_lock(folder / adding.LOCK) if (folder / adding.JOURNAL).exists() else None
    if with_lock:
        with with_lock:
            adding.tidy(folder)
            yield f"{folder.name}: the traces of an adding"
    yield from _swept(folder / "photos")
    for place in (folder, folder / "manifests", folder / "measures", folder / "prepared"):
        yield from _temporary_files(place)
    yield from _manifests(folder)
    yield from _arrays(workspace, folder)


def _manifests(folder: Path) -> Iterator[str]:
    """Manifests that never became current: their writer was killed one step too early."""
    with locked(folder / manifest.LOCK):
        known = manifest.versions(folder)
        for path in (folder / "manifests").glob("[0-9]*.parquet"):
            if int(path.stem) not in known:
                path.unlink()
                yield _told(path)


def _arrays(workspace: Workspace, folder: Path) -> Iterator[str]:
    """Prepared arrays of photos that are together neither now nor for any training."""
    arrays = [path for path in (folder / "prepared").glob("*.npy") if path.name[0] != "."]
    old = [path for path in arrays if _age(path) > ARRAY_KEPT_SECONDS]
    if old:
        needed = {_photos(path) for path in _needed_versions(workspace, folder)}
        for path in old:
            about = path.with_suffix(".json")
            if about.is_file() and read_json(about).get("photos") in needed:
                continue
            path.unlink()
            about.unlink(missing_ok=True)
            yield _told(path)
    for about in (folder / "prepared").glob("*.json"):
        if not about.with_suffix(".npy").exists() and _is_leftover(about):
            about.unlink(missing_ok=True)
            yield _told(about)


def _needed_versions(workspace: Workspace, folder: Path) -> list[Path]:
    """The manifest that is current, and those that a run of this data set learns from."""
    wanted = {int(read_json(folder / "dataset.json")["version"])}
    for path in workspace.runs.glob("*/config.json"):
        config = read_json(path)
        if config.get("dataset") == folder.name:
            wanted.add(int(config["dataset_version"]))
    found = manifest.versions(folder)
    return [found[number] for number in sorted(wanted) if number in found]


def _photos(path: Path) -> str:
    return ids_digest(pd.read_parquet(path, columns=["id"])["id"])


def _collections(workspace: Workspace) -> Iterator[str]:
    parent = collections_folder(workspace)
    yield from _single(parent)
    for gone in parent.glob(".*.gone"):
        shutil.rmtree(gone, ignore_errors=True)
        yield _told(gone)
    for folder in _folders(parent):
        yield from _temporary_files(folder)
        yield from _temporary_files(folder / "photos")
        yield from _unlisted_photos(Collection(folder))


def _unlisted_photos(collection: Collection) -> Iterator[str]:
    """Photos whose line was never written: whoever took them never saw them arrive."""
    photos = [path for path in (collection.folder / "photos").glob("*") if path.name[0] != "."]
    old = [path for path in photos if _is_leftover(path)]
    listed = collection.known() if old else set()
    for path in old:
        if path.name not in listed:
            path.unlink(missing_ok=True)
            yield _told(path)


def _single_folders(workspace: Workspace) -> Iterator[str]:
    yield from _single(workspace.runs)
    yield from _single(workspace.twins)
    yield from _single(workspace.cross_validations)
    for folder in _folders(workspace.runs):
        yield from _temporary_files(folder)


def _uploads(workspace: Workspace) -> Iterator[str]:
    for path in workspace.uploads.glob(".*.part"):
        if _is_leftover(path):
            path.unlink(missing_ok=True)
            yield _told(path)


def _bin(workspace: Workspace) -> Iterator[str]:
    """Places in the bin that hold nothing: what was to go there stayed, or came back."""
    for folder in _folders(workspace.bin):
        names = {path.name for path in folder.iterdir() if not path.name.endswith(".tmp")}
        if names <= {"origin.json"} and _is_leftover(folder):
            shutil.rmtree(folder, ignore_errors=True)
            yield _told(folder)


def _jobs(workspace: Workspace) -> Iterator[str]:
    """Jobs that nobody can start, since they were only half written down."""
    for folder in _folders(workspace.jobs):
        yield from _temporary_files(folder)
        if not (folder / "status.json").exists() and _is_leftover(folder):
            shutil.rmtree(folder, ignore_errors=True)
            yield _told(folder)


def _swept(parent: Path) -> list[str]:
    """The staging folders that `core.datasets.staging.sweep` removed, by name."""
    before = set(parent.glob(".*.new"))
    staging.sweep(parent)
    return [_told(path) for path in sorted(before) if not path.exists()]


def _single(parent: Path) -> Iterator[str]:
    """Folders that were to appear whole, in one short step, and did not."""
    for folder in parent.glob(".*.new"):
        if _is_leftover(folder):
            shutil.rmtree(folder, ignore_errors=True)
            yield _told(folder)


def _temporary_files(folder: Path) -> Iterator[str]:
    for path in folder.glob(".*.tmp"):
        if _is_leftover(path):
            path.unlink(missing_ok=True)
            yield _told(path)


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    with os.scandir(parent) as entries:
        return sorted(Path(e.path) for e in entries if e.is_dir() and not e.name.startswith("."))


def _is_leftover(path: Path) -> bool:
    return _age(path) > LEFTOVER_AFTER_SECONDS


def _age(path: Path) -> float:
    """Seconds since it was last written; 0 when it has gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _told(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
