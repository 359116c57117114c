"""Photos that look nearly the same, as the last checks found them."""

from functools import lru_cache
from pathlib import Path

from core.datasets.checks.checking import copies_by_name
from core.datasets.checks.findings import FILE
from core.datasets.dataset import Dataset
from core.datasets.manifest import open_dataset
from core.workspace import Workspace


def near_groups(dataset: Dataset) -> dict[str, str]:
    """A name per photo id, equal for photos that look nearly the same; empty before any check."""
    stamp = near_stamp(dataset)
    return _found(dataset.folder, dataset.version, stamp) if stamp else {}


def near_stamp(dataset: Dataset) -> int:
    """Another number whenever the checks were made anew; 0 before the first."""
    path = dataset.folder / FILE
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=4)
def _found(folder: Path, version: int, stamp: int) -> dict[str, str]:
    workspace = Workspace(folder.parents[1])
    return copies_by_name(open_dataset(workspace, folder.name, version))
