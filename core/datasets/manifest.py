"""A data set on disk: original photos, and numbered versions of a table about them."""

import logging
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from core.datasets.dataset import COLUMNS, SPLITS, Dataset, as_manifest, class_names
from core.errors import LoupeError, NotFound
from core.workspace import Workspace, move_to_bin, read_json, slugify, write_json

__all__ = [
    "COLUMNS",
    "SPLITS",
    "Dataset",
    "as_manifest",
    "create_dataset",
    "delete_dataset",
    "list_datasets",
    "open_dataset",
    "save_version",
    "undo",
]

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
        NotFound: If there is no such data set or version.
    """
    missing = NotFound(
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
    path = folder / "manifests" / f"{number:06d}.parquet"
    if not path.is_file():
        raise NotFound(f"{about['title']} has no version {number}.")
    manifest = pd.read_parquet(path)
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
    _write_about(dataset, choices)
    return dataset


def save_version(dataset: Dataset, manifest: pd.DataFrame) -> Dataset:
    """Makes `manifest` the current version; the ones before it stay for `undo` and for runs.

    Raises:
        LoupeError: If the data set was changed elsewhere since it was opened.
    """
    about = _about_if_unchanged(dataset)
    number = max(int(path.stem) for path in (dataset.folder / "manifests").glob("*.parquet")) + 1
    changed = replace(
        dataset,
        manifest=manifest.reset_index(drop=True),
        class_names=class_names(manifest),
        version=number,
        history=(*dataset.history, number),
    )
    _write_manifest(changed)
    _write_about(changed, about)
    return changed


def undo(dataset: Dataset) -> Dataset:
    """The version before this one, made current again.

    Raises:
        LoupeError: If this is the first version, or it was changed elsewhere.
    """
    about = _about_if_unchanged(dataset)
    if len(dataset.history) < 2:
        raise LoupeError(f"There is nothing to undo: {dataset.title} is as it was imported.")
    history = dataset.history[:-1]
    before = _read(dataset.folder, about | {"history": list(history)}, history[-1])
    _write_about(before, about)
    return before


def delete_dataset(workspace: Workspace, name: str) -> str:
    """Moves the data set to the bin; `core.workspace.restore` takes the token returned.

    Raises:
        NotFound: If there is no such data set.
    """
    return move_to_bin(workspace, open_dataset(workspace, name).folder)


def _about_if_unchanged(dataset: Dataset) -> dict[str, Any]:
    about = read_json(dataset.folder / "dataset.json")
    if about["version"] != dataset.version:
        raise _changed_elsewhere(dataset)
    return about


def _changed_elsewhere(dataset: Dataset) -> LoupeError:
    return LoupeError(
        f"{dataset.title} was changed in another window.", "Reload the page and try again."
    )


def _write_manifest(dataset: Dataset) -> None:
    """Writes a manifest under its number, which two windows cannot both take."""
    path = dataset.folder / "manifests" / f"{dataset.version:06d}.parquet"
    path.parent.mkdir(exist_ok=True)
    content = BytesIO()
    dataset.manifest.to_parquet(content, index=False)
    try:
        with path.open("xb") as file:
            file.write(content.getbuffer())
    except FileExistsError as error:
        raise _changed_elsewhere(dataset) from error


def _write_about(dataset: Dataset, kept: dict[str, Any]) -> None:
    about = {
        "name": dataset.name,
        "title": dataset.title,
        "created": dataset.created,
        "source": dataset.source,
        "class_names": list(dataset.class_names),
        "version": dataset.version,
        "history": list(dataset.history),
        "skipped": dataset.skipped,
        "repaired": dataset.repaired,
        "summary": dataset.summary(),
    }
    write_json(dataset.folder / "dataset.json", kept | about)
