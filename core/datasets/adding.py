"""More photos for a data set: all of them or none, as a new version of its manifest."""

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.edits import checked_label, photos
from core.datasets.importing import gather, own_folders
from core.datasets.intake import Photo, Refusal, take_in
from core.datasets.labelling import AUTO, Labelling
from core.datasets.layout import Candidate
from core.datasets.manifest import open_dataset, save_version, versions
from core.datasets.outcome import manifest_of
from core.datasets.split_plan import join_in
from core.datasets.staging import staging_folder
from core.disk import room_on_disk
from core.errors import LoupeError, UnusableSource
from core.locks import locked
from core.progress import Progress, silent
from core.workspace import Workspace, read_json, write_json

JOURNAL = "adding.json"
LOCK = "adding.lock"


def add_photos(
    workspace: Workspace,
    name: str,
    source: Path | str,
    label: str = "",
    progress: Progress | None = None,
    labelling: Labelling = AUTO,
) -> dict[str, Any]:
    """Adds everything usable in `source` to the data set `name`.

    Photos that are in it already, byte for byte, are left out. New photos are shared out
    over the splits as the others of the data set are.

    Args:
        source: As for `core.datasets.importing.import_dataset`.
        label: The class of all of them; empty to take the classes from the source.
        progress: Told how far it is. May raise `Stopped`: then nothing is left behind.
        labelling: What says which class a photo belongs to, where `label` does not.

    Returns:
        `{"dataset", "version", "added", "classes": {name: count}, "skipped": [{"file",
        "reason"}]}`.

    Raises:
        UnusableSource: If nothing in it can be added.
    """
    dataset, progress = open_dataset(workspace, name), progress or silent
    with room_on_disk(dataset.title), locked(dataset.folder / LOCK):
        tidy(dataset.folder)
        batch = f"added-{secrets.token_hex(4)}"
        with staging_folder(dataset.folder / "photos" / batch) as staging:
            unpacked = staging / "unpacked"
            unpacked.mkdir()
            layout = gather(workspace, source, unpacked, progress, labelling)
            candidates = _labelled(layout.candidates, label)
            intake = [*take_in(candidates, staging, progress, own_folders(workspace))]
            shutil.rmtree(unpacked)
            taken = [result for result in intake if isinstance(result, Photo)]
            refused = [result.as_skipped() for result in intake if isinstance(result, Refusal)]
            fresh, known = _fresh(taken, dataset)
            skipped = [*layout.skipped, *refused, *known]
            _require_some(fresh, skipped)
            kept = {photo.file for photo in fresh}
            for file in {photo.file for photo in taken} - kept:
                (staging / file).unlink()
            _bring_up(staging)
            write_json(dataset.folder / JOURNAL, {"batch": batch})
        try:
            changed = _save(workspace, dataset, fresh, batch)
        finally:
            tidy(dataset.folder)
    return {
        "dataset": changed.name,
        "version": changed.version,
        "added": len(fresh),
        "classes": dict(Counter(photo.label for photo in fresh)),
        "skipped": skipped,
    }


def tidy(folder: Path) -> None:
    """Removes from a data set the photos of an adding that was killed before its end.

    Call it with the data set's `LOCK` held, or when nobody can be adding.
    """
    if not (folder / JOURNAL).exists():
        return
    batch = Path(str(read_json(folder / JOURNAL)["batch"])).name
    # Newest first: it is nearly always the one. A version that was undone counts as well,
    # since a training may have learnt from it.
    if not any(_holds(path, batch) for path in reversed(versions(folder).values())):
        shutil.rmtree(folder / "photos" / batch, ignore_errors=True)
    (folder / JOURNAL).unlink()


def _holds(manifest: Path, batch: str) -> bool:
    files = pd.read_parquet(manifest, columns=["file"])["file"]
    return bool(files.str.startswith(f"photos/{batch}/").any())


def _labelled(candidates: Sequence[Candidate], label: str) -> list[Candidate]:
    if not label:
        return list(candidates)
    return [replace(candidate, label=checked_label(label)) for candidate in candidates]


def _fresh(taken: list[Photo], dataset: Dataset) -> tuple[list[Photo], list[dict[str, str]]]:
    """The photos that are not yet in the data set, once each, and a word on the others."""
    labels = dict(zip(dataset.manifest["content_hash"], dataset.manifest["label"], strict=True))
    fresh, known = [], []
    for photo in taken:
        there = labels.get(photo.content_hash)
        if there is None:
            labels[photo.content_hash] = photo.label
            fresh.append(photo)
        else:
            reason = f"The same photo is in the data set already, in the class {there!r}."
            known.append({"file": photo.candidate.file.name, "reason": reason})
    return fresh, known


def _require_some(fresh: Sequence[Photo], skipped: Sequence[dict[str, str]]) -> None:
    if not fresh:
        first = f"{skipped[0]['file']}: {skipped[0]['reason']}" if skipped else ""
        raise UnusableSource("There is no new photo in it that can be used.", first)


def _bring_up(staging: Path) -> None:
    """Moves what lies in `photos/` up into the staging folder itself."""
    inner = staging / f".{secrets.token_hex(4)}"
    os.rename(staging / "photos", inner)
    for folder in inner.iterdir():
        os.rename(folder, staging / folder.name)
    inner.rmdir()


def _save(workspace: Workspace, dataset: Dataset, fresh: list[Photo], batch: str) -> Dataset:
    """The version with the new photos; tried again when an edit came between."""
    while True:
        try:
            manifest = _extended(dataset, fresh, batch)
            return save_version(dataset, manifest, f"{photos(len(fresh))} added")
        except LoupeError:
            current = open_dataset(workspace, dataset.name)
            if current.version == dataset.version:
                raise
            dataset = current


def _extended(dataset: Dataset, fresh: list[Photo], batch: str) -> pd.DataFrame:
    said = [{"label": photo.label, "group": photo.group} for photo in fresh]
    places = join_in(dataset, said)
    taken = set(dataset.manifest["id"])
    added = manifest_of(fresh, [split for split, _ in places], taken)
    added["fold"] = [fold for _, fold in places]
    added["file"] = added["file"].str.replace("photos/", f"photos/{batch}/", n=1)
    return pd.concat([dataset.manifest, added], ignore_index=True)
