"""The only place with `st.cache_*`: what may be kept between reruns, and for how long."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core import workspace as files
from core.datasets import manifest
from core.datasets.checks.findings import Finding, read_findings
from core.datasets.class_pictures import ClassPictures, read_class_pictures
from core.datasets.collection_journal import Contents
from core.datasets.collections import ENTRIES, Collection
from core.datasets.measures import Measures, read_measures
from core.datasets.similarity_map import SimilarityMap, read_map
from core.engines import Engines, get_engines
from core.evaluation.findings import Findings, read_robustness
from core.evaluation.robustness import report_path
from core.inspection.embeddings import Embeddings, embeddings_path, read_embeddings
from core.training import runs as training_runs
from core.workspace import Workspace

_GONE = object()


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


def measures(dataset: manifest.Dataset) -> Measures | None:
    """What was measured of the photos of a data set; None before it was."""
    stamp = stamps(dataset.folder / "measures"), len(dataset.manifest)
    return _measures(str(dataset.folder), stamp, dataset)


def class_pictures(dataset: manifest.Dataset) -> ClassPictures | None:
    """What the photos of each class have in common; None before it was computed."""
    stamp = stamps(dataset.folder / "class-pictures"), dataset.version
    return _class_pictures(str(dataset.folder), stamp, dataset)


def flagged(dataset: manifest.Dataset) -> dict[str, Finding]:
    """What the checks found about photos, by its kind."""
    file = dataset.folder / "checks.json"
    return _flagged(str(dataset.folder), _stamp(file), dataset) if file.is_file() else {}


def embeddings(run_name: str) -> Embeddings | None:
    """What a run makes of every photo; None before it was asked."""
    found = run(run_name)
    return _embeddings(str(found.folder), _stamp(embeddings_path(found)), found)


def robustness(run: training_runs.Run, split: str) -> Findings | None:
    """What a run withstands, by its last report on `split`; None before there is one."""
    path = report_path(run, split)
    return _robustness(str(run.folder), split, _stamp(path), run) if path.is_file() else None


def similarity_map(path: Path) -> SimilarityMap | None:
    """The map kept in `path`; None before it was made."""
    return _similarity_map(str(path), _stamp(path))


def stamps(*paths: Path) -> tuple[int, ...]:
    """Numbers that change when the files or folders do."""
    return tuple(_stamp(path) for path in paths)


def run_folder_stamp(run_folder: str) -> int:
    """A number that changes when the model of the run in this folder does."""
    return _stamp(training_runs.Run(Path(run_folder)).model_path)


def order(key: tuple[Any, ...], make: Callable[[], np.ndarray]) -> np.ndarray:
    """The rows that `make` finds, kept for the last few distinct keys."""
    return _order(key, make)


def engine() -> Engines:
    """The processes that hold Keras; see `core.engines.Engines`."""
    return get_engines()


def collection(collection: Collection) -> Contents:
    """What is in a collection now, read again when its journal has grown. Only to be read."""
    path = collection.folder / ENTRIES
    size = path.stat().st_size if path.exists() else 0
    return _collection(str(collection.folder), collection.born, size)


def remembered(make: Callable[..., Any], *key: Any) -> Any:
    """`make(*key)`, kept by the content of `key` for the last 64 distinct keys."""
    return _remembered(f"{make.__module__}:{make.__qualname__}", key, make)


def kept(shelf: str, key: tuple[Any, ...], make: Callable[[], Any], most: int = 8) -> Any:
    """`make()`, kept for the last `most` keys of a shelf. Only to be read.

    Unlike `remembered`, it is not copied, and `make` may show on the page how far it is.
    """
    found = _shelf(shelf)
    # Another visit may push an entry out at any moment.
    made = found.get(key, _GONE)
    if made is not _GONE:
        return made
    made = make()
    while len(found) >= most:
        found.pop(next(iter(found)), None)
    found[key] = made
    return made


@st.cache_resource(max_entries=8, show_spinner=False)
def _shelf(name: str) -> dict[tuple[Any, ...], Any]:
    return {}


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def _remembered(name: str, key: tuple[Any, ...], _make: Callable[..., Any]) -> Any:
    return _make(*key)


@st.cache_data(max_entries=8, show_spinner=False)
def _datasets(root: str, stamps: tuple[Any, ...]) -> list[dict[str, Any]]:
    return manifest.list_datasets(workspace())


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(name: str, folder: str, stamp: int) -> manifest.Dataset:
    return manifest.open_dataset(workspace(), name)


@st.cache_resource(max_entries=2, show_spinner=False)
def _measures(folder: str, stamp: Any, _dataset: manifest.Dataset) -> Measures | None:
    return read_measures(_dataset)


@st.cache_resource(max_entries=4, show_spinner=False)
def _class_pictures(folder: str, stamp: Any, _dataset: manifest.Dataset) -> ClassPictures | None:
    return read_class_pictures(_dataset)


@st.cache_resource(max_entries=2, show_spinner=False)
def _flagged(folder: str, stamp: int, _dataset: manifest.Dataset) -> dict[str, Finding]:
    return {found.kind: found for found in read_findings(_dataset) if found.ids}


@st.cache_resource(max_entries=2, show_spinner=False)
def _embeddings(folder: str, stamp: int, _run: training_runs.Run) -> Embeddings | None:
    return read_embeddings(_run)


@st.cache_resource(max_entries=4, show_spinner=False)
def _robustness(folder: str, split: str, stamp: int, _run: training_runs.Run) -> Findings | None:
    return read_robustness(_run, split)


@st.cache_resource(max_entries=2, show_spinner=False)
def _similarity_map(path: str, stamp: int) -> SimilarityMap | None:
    return read_map(Path(path))


@st.cache_resource(max_entries=8, show_spinner=False)
def _order(key: tuple[Any, ...], _make: Callable[[], np.ndarray]) -> np.ndarray:
    return _make()


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
