"""Which trainings learnt from the same split, and so may be compared."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from core.datasets.manifest import Dataset
from core.errors import LoupeError
from core.training.runs import list_runs, open_run
from core.workspace import Workspace


def runs_on_split(workspace: Workspace, dataset: Dataset) -> list[str]:
    """The runs on `dataset` whose test photos were the ones that it has now."""
    now = _tests(dataset.folder / "manifests" / f"{dataset.version:06d}.parquet")
    found = []
    for summary in list_runs(workspace):
        if summary["dataset"] != dataset.name:
            continue
        try:
            version = open_run(workspace, summary["name"]).config.dataset_version
        except LoupeError:
            continue
        path = dataset.folder / "manifests" / f"{version:06d}.parquet"
        if path.is_file() and _tests(path) == now:
            found.append(str(summary["name"]))
    return found


def _tests(path: Path) -> frozenset[str]:
    return _tests_at(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _tests_at(path: Path, mtime_ns: int) -> frozenset[str]:
    """The ids of the test photos in use that a manifest names."""
    table = pd.read_parquet(path, columns=["id", "split", "excluded"])
    return frozenset(table.loc[(table["split"] == "test") & ~table["excluded"], "id"])
