"""A data set on disk: original photos, and numbered versions of a table about them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from core.datasets.dataset import (
    COLUMNS,
    SPLITS,
    Dataset,
    as_manifest,
    class_names,
    completed,
)
from core.disk import room_on_disk
from core.errors import DataMissing, LoupeError
from core.locks import locked
from core.workspace import Workspace, move_to_bin, read_json, slugify, write_bytes, write_json

__all__ = [
    "COLUMNS",
    "SPLITS",
    "Dataset",
    "as_manifest",
    "create_dataset",
    "delete_dataset",
    "list_datasets",
    "open_dataset",
    "redo",
    "save_version",
    "undo",
    "versions",
]

LOCK = "lock"

logger = logging.getLogger(__name__)


def list_datasets(workspace: Workspace) -> list[dict[str, Any]]:
    """The summaries of all data sets, newest first; what cannot be read is left out."""
    found = []
    for folder in workspace.datasets.iterdir():
        if folder.name.startswith(".") or not folder.is_dir():
            continue
        try:
            found.append(read_json(folder / "dataset.json")["summary"] | {"name": folder.name})
        except (LoupeError, KeyError, TypeError) as error:
            logger.warning("The data set %s is left out of the list: %s", folder.name, error)
    return sorted(found, key=lambda summary: (summary["created"], summary["name"]), reverse=True)


def open_dataset(workspace: Workspace, name: str, version: int | None = None) -> Dataset:
    """The data set `name`, at its current version or at `version`.

    Raises:
        DataMissing: If there is no such data set or version.
    """
    missing = DataMissing(
        f"There is no data set called {name!r}.", "Choose another one, or import it first."
    )
    try:
        folder = workspace.datasets / slugify(name)
    except LoupeError as error:
        raise missing from error
    if not (folder / "dataset.json").is_file():
        raise missing
    return _read(folder, read_json(folder / "dataset.json"), version)


def _read(folder: Path, about: dict[str, Any], version: int | None) -> Dataset:
    number = version or about["version"]
    path = _manifest_path(folder, number)
    if not path.is_file():
        raise DataMissing(f"{about['title']} has no version {number}.")
    manifest = completed(pd.read_parquet(path))
    history = tuple(about.get("history", (number,)))
    return Dataset(
        folder=folder,
        name=folder.name,
        title=about["title"],
        created=about["created"],
        source=about["source"],
        class_names=class_names(manifest),
        version=number,
        manifest=manifest,
        skipped=about["skipped"],
        repaired=about["repaired"],
        history=history[: history.index(number) + 1] if number in history else (number,),
        undone=tuple(about.get("undone", ())),
        changes={int(key): words for key, words in about.get("changes", {}).items()},
    )


def create_dataset(
    folder: Path,
    manifest: pd.DataFrame,
    *,
    name: str,
    title: str,
    source: str,
    skipped: list[dict[str, str]],
    repaired: list[dict[str, str]],
    choices: dict[str, Any],
) -> Dataset:
    """Writes version 1 into `folder`, whose photos already lie there.

    Args:
        choices: What else made the data set what it is: its seed and split.
    """
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    names = class_names(manifest)
    dataset = Dataset(folder, name, title, created, source, names, 1, manifest, skipped, repaired)
    _write_manifest(dataset)
    _write_about(dataset, choices | {"latest": 1})
    return dataset


def save_version(dataset: Dataset, manifest: pd.DataFrame, what: str = "") -> Dataset:
    """Makes `manifest` the current version; the ones before it stay for `undo` and for runs.

    Args:
        what: The change in words, such as "3 photos moved to grizzly".

    Raises:
        LoupeError: If the data set was changed elsewhere since it was opened.
    """
    with room_on_disk(dataset.title), _unchanged(dataset) as about:
        number = _latest(dataset.folder, about) + 1
        changed = replace(
            dataset,
            manifest=manifest.reset_index(drop=True),
            class_names=class_names(manifest),
            version=number,
            history=(*dataset.history, number),
            undone=(),
            changes=dataset.changes | {number: what},
        )
        try:
            _write_manifest(changed)
            _write_about(changed, about | {"latest": number})
        except OSError:
            _manifest_path(changed.folder, number).unlink(missing_ok=True)
            raise
    return changed


def undo(dataset: Dataset) -> Dataset:
    """The version before this one, made current again; `redo` takes that back.

    Raises:
        LoupeError: If this is the first version, or it was changed elsewhere.
    """
    with room_on_disk(dataset.title), _unchanged(dataset) as about:
        if len(dataset.history) < 2:
            raise LoupeError(f"There is nothing to undo: {dataset.title} is as it was imported.")
        return _go_to(about, dataset, dataset.history[:-1], (*dataset.undone, dataset.version))


def redo(dataset: Dataset) -> Dataset:
    """The version that the last `undo` left, made current again.

    Raises:
        LoupeError: If nothing was undone since the last change, or it was changed elsewhere.
    """
    with room_on_disk(dataset.title), _unchanged(dataset) as about:
        if not dataset.undone:
            raise LoupeError(f"There is nothing to do again in {dataset.title}.")
        last = dataset.undone[-1]
        return _go_to(about, dataset, (*dataset.history, last), dataset.undone[:-1])


def _go_to(
    about: dict[str, Any], dataset: Dataset, history: tuple[int, ...], undone: tuple[int, ...]
) -> Dataset:
    told = about | {"history": list(history), "undone": list(undone)}
    other = _read(dataset.folder, told, history[-1])
    _write_about(other, about)
    return other


def delete_dataset(workspace: Workspace, name: str) -> str:
    """Moves the data set to the bin; `core.workspace.restore` takes the token returned.

    Raises:
        NotFound: If there is no such data set.
    """
    return move_to_bin(workspace, open_dataset(workspace, name).folder)


def _latest(folder: Path, about: dict[str, Any]) -> int:
    """The highest number that was ever current: a file beyond it is what a crash left."""
    known = about.get("latest")
    if known is not None:
        return int(known)
    return max(int(path.stem) for path in (folder / "manifests").glob("*.parquet"))


def versions(folder: Path) -> dict[int, Path]:
    """The manifests of the data set in `folder` that were ever current, by their number.

    What a crash left beyond them is not among them.
    """
    latest = _latest(folder, read_json(folder / "dataset.json"))
    found = {int(path.stem): path for path in (folder / "manifests").glob("[0-9]*.parquet")}
    return {number: path for number, path in sorted(found.items()) if number <= latest}


@contextmanager
def _unchanged(dataset: Dataset) -> Iterator[dict[str, Any]]:
    """Holds the data set's lock for the block, whose edits nobody can come between."""
    with locked(dataset.folder / LOCK):
        about = read_json(dataset.folder / "dataset.json")
        if about["version"] != dataset.version:
            raise LoupeError(
                f"{dataset.title} was changed in another window.", "Reload the page and try again."
            )
        yield about


def _write_manifest(dataset: Dataset) -> None:
    """Writes a manifest under its number, over what a crash may have left there."""
    content = BytesIO()
    dataset.manifest.to_parquet(content, index=False)
    # Years of edits by hand are in these two files; the few milliseconds are well spent.
    write_bytes(_manifest_path(dataset.folder, dataset.version), content.getvalue(), durable=True)


def _manifest_path(folder: Path, version: int) -> Path:
    return folder / "manifests" / f"{version:06d}.parquet"


def _write_about(dataset: Dataset, kept: dict[str, Any]) -> None:
    about = {
        "name": dataset.name,
        "title": dataset.title,
        "created": dataset.created,
        "source": dataset.source,
        "class_names": list(dataset.class_names),
        "version": dataset.version,
        "history": list(dataset.history),
        "undone": list(dataset.undone),
        "changes": {str(number): what for number, what in dataset.changes.items()},
        "skipped": dataset.skipped,
        "repaired": dataset.repaired,
        "summary": dataset.summary(),
    }
    write_json(dataset.folder / "dataset.json", kept | about, durable=True)
