"""Importing as a job: in a process of its own, watched and stopped through its folder."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.datasets.adding import add_photos
from core.datasets.collections import PREFIX, open_collection
from core.datasets.importing import import_dataset, import_result
from core.datasets.labelling import as_labelling
from core.datasets.looking import look
from core.datasets.splits import SplitShares
from core.progress import Progress
from core.workspace import Workspace, open_workspace, write_json


def import_job(
    folder: Path,
    reporter: Progress,
    source: str,
    name: str,
    split: str = "",
    seed: int = 0,
    labelling: dict[str, Any] | None = None,
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
        labelling: As for `import_dataset`, as JSON.

    Returns:
        `import_result` of the new data set.
    """
    workspace = open_workspace(folder.resolve().parents[1])
    shares = SplitShares.parse(split) if split else SplitShares()
    dataset = import_dataset(
        workspace, source, name, shares, seed, reporter, as_labelling(labelling)
    )
    _use_up(workspace, source)
    return import_result(dataset)


def add_job(
    folder: Path,
    reporter: Progress,
    dataset: str,
    source: str,
    label: str = "",
    labelling: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """`add_photos` to a data set of the workspace that the job's folder lies in.

    Args:
        dataset: Name of the data set.
        source, label: As for `add_photos`; a source of ours is removed, as in `import_job`.
        labelling: As for `add_photos`, as JSON.

    Returns:
        What `add_photos` returns, with the data set's name as `dataset`.
    """
    workspace = open_workspace(folder.resolve().parents[1])
    result = add_photos(workspace, dataset, source, label, reporter, as_labelling(labelling))
    _use_up(workspace, source)
    return result


def look_job(folder: Path, reporter: Progress, source: str) -> dict[str, Any]:
    """`core.datasets.looking.look` at `source`; what it sees is written to `look.json`.

    Returns:
        `{"proposals": their number}`.
    """
    with TemporaryDirectory(dir=folder) as scratch:
        seen = look(source, Path(scratch), reporter)
    write_json(folder / "look.json", seen)
    return {"proposals": len(seen["proposals"])}


def _use_up(workspace: Workspace, source: str) -> None:
    """Removes an upload or a collection whose photos are in a data set now."""
    if source.startswith(PREFIX):
        open_collection(workspace, source.removeprefix(PREFIX)).discard()
        return
    upload = Path(source).resolve()
    if upload.parent != workspace.uploads:
        return
    if upload.is_dir():
        shutil.rmtree(upload, ignore_errors=True)
    else:
        upload.unlink(missing_ok=True)
