"""The only place with `st.cache_*`: what may be kept between reruns, and for how long."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core import workspace as files
from core.datasets import manifest
from core.datasets.collection_journal import Contents
from core.datasets.collections import ENTRIES, Collection
from core.engine import Engine, get_engine
from core.training import runs as training_runs
from core.workspace import Workspace


def workspace() -> Workspace:
    """The workspace of this server, where `LOUPE_HOME` or the app's folder says."""
    return files.open_workspace()


def datasets() -> list[dict[str, Any]]:
    """Summaries of all data sets, newest first."""
    root = workspace().datasets
    return _datasets(str(root), _stamps(root, "dataset.json"))


def dataset(name: str) -> manifest.Dataset:
    """The newest version of the data set `name`.

    Raises:
        NotFound: If there is none.
    """
    folder = workspace().datasets / name
    return _dataset(name, str(folder), _stamp(folder / "dataset.json"))


def runs(dataset_name: str | None = None) -> list[dict[str, Any]]:
    """Summaries of all runs, or of those on one data set, newest first."""
    found = training_runs.list_runs(workspace())
    return [run for run in found if dataset_name is None or run["dataset"] == dataset_name]


def run(name: str) -> training_runs.Run:
    """The run `name`.

    Raises:
        NotFound: If there is none.
    """
    return training_runs.open_run(workspace(), name)


def engine() -> Engine:
    """The process that holds Keras; see `core.engine.Engine.call`."""
    return get_engine()


def collection(collection: Collection) -> Contents:
    """What is in a collection now, read again when its journal has grown. Only to be read."""
    path = collection.folder / ENTRIES
    size = path.stat().st_size if path.exists() else 0
    return _collection(str(collection.folder), collection.born, size)


def remembered(make: Callable[..., Any], *key: Any) -> Any:
    """`make(*key)`, kept by the content of `key` for the last 64 distinct keys."""
    return _remembered(f"{make.__module__}:{make.__qualname__}", key, make)


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def _remembered(name: str, key: tuple[Any, ...], _make: Callable[..., Any]) -> Any:
    return _make(*key)


@st.cache_data(max_entries=8, show_spinner=False)
def _datasets(root: str, stamps: tuple[Any, ...]) -> list[dict[str, Any]]:
    return manifest.list_datasets(workspace())


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(name: str, folder: str, stamp: int) -> manifest.Dataset:
    return manifest.open_dataset(workspace(), name)


@st.cache_resource(max_entries=16, show_spinner=False)
def _collection(folder: str, born: int, size: int) -> Contents:
    return Collection(Path(folder)).contents()


def _stamps(root: Path, file: str) -> tuple[tuple[str, int], ...]:
    folders = sorted(root.iterdir()) if root.is_dir() else []
    return tuple((folder.name, _stamp(folder / file)) for folder in folders)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
