"""Importing as a job: in a process of its own, watched and stopped through its folder."""

from pathlib import Path
from typing import Any

from core.datasets.adding import add_photos
from core.datasets.collections import PREFIX, open_collection
from core.datasets.importing import import_dataset, import_result
from core.datasets.splits import SplitShares
from core.progress import Progress
from core.reporter import Reporter
from core.workspace import Workspace, open_workspace


def import_job(
    folder: Path,
    reporter: Progress,
    source: str,
    name: str,
    split: str = "",
    seed: int = 0,
) -> dict[str, Any]:
    """`import_dataset` into the workspace that the job's folder lies in.

    Args:
        folder: The job's folder, `jobs/ID` in the workspace.
        reporter: Told how far it is.
        source: As for `import_dataset`. An archive in the workspace's `uploads` is
            removed once it is imported, and so is a collection.
        name: As for `import_dataset`.
        split: Percentages such as `"70/15/15"`; empty for the usual ones.
        seed: As for `import_dataset`.

    Returns:
        `import_result` of the new data set.
    """
    workspace = open_workspace(folder.resolve().parents[1])
    shares = SplitShares.parse(split) if split else SplitShares()
    used = _photos_of(workspace, source)
    dataset = import_dataset(workspace, source, name, shares, seed, reporter)
    _use_up(workspace, source, used)
    return import_result(dataset)


def add_job(
    folder: Path, reporter: Progress, dataset: str, source: str, label: str = ""
) -> dict[str, Any]:
    """`add_photos` to a data set of the workspace that the job's folder lies in.

    Args:
        dataset: Name of the data set.
        source, label: As for `add_photos`; a source of ours is removed, as in `import_job`.

    Returns:
        What `add_photos` returns, with the data set's name as `dataset`.
    """
    workspace = open_workspace(folder.resolve().parents[1])
    used = _photos_of(workspace, source)
    result = add_photos(workspace, dataset, source, label, reporter)
    _use_up(workspace, source, used)
    return result


def harvest_job(folder: Path, reporter: Reporter, collection: str) -> dict[str, Any]:
    """Downloads into a collection what its search finds; goes on where it was.

    Args:
        collection: Name of a collection with a search, as `core.datasets.web.journal` keeps it.

    Returns:
        `{"collection"}` and what `core.datasets.web.journal.account` returns.
    """
    from core.datasets.web.harvesting import harvest  # of no use to other jobs

    workspace = open_workspace(folder.resolve().parents[1])
    return harvest(workspace, open_collection(workspace, collection), reporter)


def known_set_job(
    folder: Path, reporter: Reporter, known_set: str, name: str, per_class: int = 0
) -> dict[str, Any]:
    """`core.datasets.web.known_set_import.import_known_set` as a job."""
    from core.datasets.web.known_set_import import import_known_set  # of no use to other jobs

    workspace = open_workspace(folder.resolve().parents[1])
    return import_known_set(workspace, known_set, name, per_class, reporter)


def _photos_of(workspace: Workspace, source: str) -> list[str]:
    """The photos of a collection now; what is added while the job works is not used up."""
    if not source.startswith(PREFIX):
        return []
    return [entry.id for entry in open_collection(workspace, source.removeprefix(PREFIX)).entries()]


def _use_up(workspace: Workspace, source: str, used: list[str]) -> None:
    """Removes an upload or a collection whose photos are in a data set now."""
    if source.startswith(PREFIX):
        open_collection(workspace, source.removeprefix(PREFIX)).use_up(used)
        return
    upload = Path(source).resolve()
    if upload.is_file() and upload.is_relative_to(workspace.uploads):
        upload.unlink()
