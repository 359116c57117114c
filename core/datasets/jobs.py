"""Importing as a job: in a process of its own, watched and stopped through its folder."""

from pathlib import Path
from typing import Any

from core.datasets.importing import import_dataset, import_result
from core.datasets.splits import SplitShares
from core.progress import Progress
from core.workspace import open_workspace


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
            removed once it is imported.
        name: As for `import_dataset`.
        split: Percentages such as `"70/15/15"`; empty for the usual ones.
        seed: As for `import_dataset`.

    Returns:
        `import_result` of the new data set.
    """
    workspace = open_workspace(folder.resolve().parents[1])
    shares = SplitShares.parse(split) if split else SplitShares()
    dataset = import_dataset(workspace, source, name, shares, seed, reporter)
    upload = Path(source).resolve()
    if upload.is_file() and upload.is_relative_to(workspace.uploads):
        upload.unlink()
    return import_result(dataset)
