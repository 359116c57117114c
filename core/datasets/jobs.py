"""Importing as a job: in a process of its own, watched and stopped through its folder."""

from pathlib import Path
from typing import Any

from core.datasets.adding import add_photos
from core.datasets.checks.checking import check
from core.datasets.checks.settings import CheckSettings
from core.datasets.collections import PREFIX, open_collection
from core.datasets.importing import import_dataset, import_result
from core.datasets.manifest import open_dataset
from core.datasets.splits import SplitShares
from core.disk import flush_all
from core.progress import Progress
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
    dataset = import_dataset(workspace, source, name, shares, seed, reporter)
    _use_up(workspace, source)
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
    result = add_photos(workspace, dataset, source, label, reporter)
    _use_up(workspace, source)
    return result


def _use_up(workspace: Workspace, source: str) -> None:
    """Removes an upload or a collection whose photos are in a data set now.

    Only once the copies would survive a power cut: from then on they are the originals.
    """
    upload = Path(source).resolve()
    is_upload = upload.is_file() and upload.is_relative_to(workspace.uploads)
    if is_upload or source.startswith(PREFIX):
        flush_all()
    if source.startswith(PREFIX):
        open_collection(workspace, source.removeprefix(PREFIX)).discard()
    elif is_upload:
        upload.unlink()


def check_job(
    folder: Path, reporter: Progress, dataset: str, settings: dict[str, Any] | None = None
) -> dict[str, Any]:
    """`checking.check` of a data set of the workspace that the job's folder lies in.

    Args:
        dataset: Name of the data set.
        settings: Fields of `CheckSettings`; None for those of the last checks.

    Returns:
        The data set's name as `dataset`, and the summary in words.
    """
    workspace = open_workspace(folder.resolve().parents[1])
    chosen = CheckSettings(**settings) if settings is not None else None
    report = check(open_dataset(workspace, dataset), chosen, reporter)
    return {"dataset": dataset, "summary": report.summary}
