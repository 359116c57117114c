"""The only place with `st.cache_*`: what may be kept between reruns, and for how long."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core import workspace as files
from core.datasets import manifest
from core.workspace import Workspace


def workspace() -> Workspace:
    """The workspace of this server, where `LOUPE_HOME` or the app's folder says."""
    return files.open_workspace()


def datasets() -> list[dict[str, Any]]:
    """Summaries of all data sets, newest first."""
    root = workspace().datasets
    return _datasets(str(root), _stamps(root, "dataset.json"))


def dataset(name: str) -> Any:
    """The newest version of the data set `name`.

    Raises:
        NotFound: If there is none.
    """
    folder = workspace().datasets / name
    return _dataset(name, str(folder), _stamp(folder / "dataset.json"))


def runs(dataset_name: str | None = None) -> list[dict[str, Any]]:
    """Summaries of all runs, or of those on one data set, newest first."""
    try:
        from core.training.runs import list_runs
    except ImportError:
        return []

    found = list_runs(workspace())
    return [run for run in found if dataset_name is None or run["dataset"] == dataset_name]


def run(name: str) -> Any:
    """The run `name`, a `core.training.runs.Run`.

    Raises:
        NotFound: If there is none.
    """
    from core.training.runs import open_run

    return open_run(workspace(), name)


def engine() -> Any:
    """The process that holds Keras; see `core.engine.Engine.call`."""
    from core.engine import get_engine

    return get_engine()


def remembered(make: Callable[..., Any], *key: Any) -> Any:
    """`make(*key)`, kept by the content of `key` for the last 64 distinct keys."""
    return _remembered(f"{make.__module__}:{make.__qualname__}", key, make)


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def _remembered(name: str, key: tuple[Any, ...], _make: Callable[..., Any]) -> Any:
    return _make(*key)


@st.cache_data(max_entries=8, show_spinner=False)
def _datasets(root: str, stamps: tuple[Any, ...]) -> list[dict[str, Any]]:
    found = [manifest_summary(entry) for entry in manifest.list_datasets(workspace())]
    return sorted(found, key=lambda summary: str(summary.get("created", "")), reverse=True)


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(name: str, folder: str, stamp: int) -> Any:
    return manifest.open_dataset(workspace(), name)


def manifest_summary(entry: Any) -> dict[str, Any]:
    """A data set's summary as a plain dictionary."""
    return entry if isinstance(entry, dict) else entry.summary()


def _stamps(root: Path, file: str) -> tuple[tuple[str, int], ...]:
    folders = sorted(root.iterdir()) if root.is_dir() else []
    return tuple((folder.name, _stamp(folder / file)) for folder in folders)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
