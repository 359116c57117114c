"""Importing as a job: in a process of its own, watched and stopped through its folder."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.datasets.adding import add_photos
from core.datasets.checks.checking import check
from core.datasets.checks.settings import CheckSettings
from core.datasets.class_pictures import class_pictures
from core.datasets.collections import PREFIX, open_collection
from core.datasets.importing import import_dataset, import_result
from core.datasets.labelling import as_labelling
from core.datasets.looking import look
from core.datasets.manifest import open_dataset
from core.datasets.measures import measure
from core.datasets.similarity_map import MAP_FILE, make_map
from core.datasets.splits import SplitShares
from core.disk import flush_all
from core.progress import Progress
from core.reporter import Reporter
from core.workspace import Workspace, open_workspace, write_json

LOOK_FILE = "look.json"


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
    workspace = _workspace_of(folder)
    shares = SplitShares.parse(split) if split else SplitShares()
    used = _photos_of(workspace, source)
    dataset = import_dataset(
        workspace, source, name, shares, seed, reporter, as_labelling(labelling)
    )
    _use_up(workspace, source, used)
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
    workspace = _workspace_of(folder)
    used = _photos_of(workspace, source)
    result = add_photos(workspace, dataset, source, label, reporter, as_labelling(labelling))
    _use_up(workspace, source, used)
    return result


def look_job(folder: Path, reporter: Progress, source: str) -> dict[str, Any]:
    """`core.datasets.looking.look` at `source`; what it sees is written to `LOOK_FILE` there.

    Returns:
        `{"proposals": their number}`.
    """
    with TemporaryDirectory(dir=folder) as scratch:
        seen = look(source, Path(scratch), reporter)
    write_json(folder / LOOK_FILE, seen)
    return {"proposals": len(seen["proposals"])}


def harvest_job(folder: Path, reporter: Reporter, collection: str) -> dict[str, Any]:
    """Downloads into a collection what its search finds; goes on where it was.

    Args:
        collection: Name of a collection with a search, as `core.datasets.web.journal` keeps it.

    Returns:
        `{"collection"}` and what `core.datasets.web.journal.account` returns.
    """
    from core.datasets.web.harvesting import harvest  # of no use to other jobs

    workspace = _workspace_of(folder)
    return harvest(workspace, open_collection(workspace, collection), reporter)


def known_set_job(
    folder: Path, reporter: Reporter, known_set: str, name: str, per_class: int = 0
) -> dict[str, Any]:
    """`core.datasets.web.known_set_import.import_known_set` as a job."""
    from core.datasets.web.known_set_import import import_known_set  # of no use to other jobs

    workspace = _workspace_of(folder)
    return import_known_set(workspace, known_set, name, per_class, reporter)


def _workspace_of(folder: Path) -> Workspace:
    """The workspace that the job's folder, `jobs/ID`, lies in."""
    return open_workspace(folder.resolve().parents[1])


def _photos_of(workspace: Workspace, source: str) -> list[str]:
    """The photos of a collection now; what is added while the job works is not used up."""
    if not source.startswith(PREFIX):
        return []
    return [entry.id for entry in open_collection(workspace, source.removeprefix(PREFIX)).entries()]


def _use_up(workspace: Workspace, source: str, used: list[str]) -> None:
    """Removes an upload or a collection whose photos are in a data set now.

    Only once the copies would survive a power cut: from then on they are the originals.
    """
    if source.startswith(PREFIX):
        flush_all()
        open_collection(workspace, source.removeprefix(PREFIX)).use_up(used)
        return
    upload = Path(source).resolve()
    if upload.parent != workspace.uploads:
        return
    flush_all()
    if upload.is_dir():
        shutil.rmtree(upload, ignore_errors=True)
    else:
        upload.unlink(missing_ok=True)


def measure_job(folder: Path, reporter: Progress, dataset: str) -> dict[str, Any]:
    """`measure` of a data set of the workspace that the job's folder lies in."""
    opened = open_dataset(_workspace_of(folder), dataset)
    return {"dataset": dataset, "photos": len(measure(opened, reporter).table)}


def map_job(folder: Path, reporter: Progress, dataset: str) -> dict[str, Any]:
    """A map of all photos by their descriptors, kept with the data set."""
    opened = open_dataset(_workspace_of(folder), dataset)
    measures = measure(opened, reporter)
    path = opened.folder / MAP_FILE
    return make_map(path, measures.table.index.tolist(), measures.descriptors, reporter)


def class_pictures_job(folder: Path, reporter: Progress, dataset: str) -> dict[str, Any]:
    """Measures and `class_pictures` of a data set, for its statistics."""
    opened = open_dataset(_workspace_of(folder), dataset)
    measure(opened, reporter)
    return {"dataset": dataset, "classes": len(class_pictures(opened, reporter).class_names)}


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
    workspace = _workspace_of(folder)
    chosen = CheckSettings(**settings) if settings is not None else None
    report = check(open_dataset(workspace, dataset), chosen, reporter)
    return {"dataset": dataset, "summary": report.summary}
