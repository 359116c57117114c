"""Folder, archive or sample in; a data set, whole or not at all, out."""

import shutil
from pathlib import Path
from typing import Any

from core.datasets import collections
from core.datasets.archives import unpack
from core.datasets.intake import Photo, Refusal, take_in
from core.datasets.layout import Layout, read_layout
from core.datasets.manifest import Dataset, as_manifest, create_dataset, open_dataset
from core.datasets.outcome import (
    empty_classes,
    repairs,
    require_two_classes,
    rows,
    share_out,
    thin_classes,
)
from core.datasets.sources import Found, walk
from core.datasets.splits import SplitShares
from core.datasets.staging import staging_folder
from core.disk import room_on_disk
from core.errors import LoupeError, UnusableSource
from core.progress import Progress, silent
from core.workspace import Workspace, slugify

SAMPLE = "sample:"
EVEN_SPLIT = SplitShares()


def import_dataset(
    workspace: Workspace,
    source: Path | str,
    name: str,
    shares: SplitShares = EVEN_SPLIT,
    seed: int = 0,
    progress: Progress | None = None,
) -> Dataset:
    """Makes a data set of everything usable in `source`; names the rest in `skipped`.

    Args:
        workspace: Where the data set appears, whole or not at all.
        source: A folder or archive with a folder per class, with or without
            `train`/`validation`/`test` folders above; `"sample:NAME"`; or `"collection:NAME"`.
        name: What people call it; its slug is the data set's name.
        shares: How the photos are shared out, where the source has no splits.
        seed: Draws the split, and a sample's pictures.
        progress: Told how far it is. May raise `Stopped`: then nothing is left behind.

    Raises:
        UnusableSource: If there are no two classes with usable photos in it.
        LoupeError: If the name is taken.
    """
    slug = slugify(name)
    target = workspace.datasets / slug
    if target.exists():
        raise LoupeError(
            f"There is already a data set called {slug!r}.", "Choose another name, or delete it."
        )
    progress = progress or silent
    with room_on_disk(name), staging_folder(target) as staging:
        _fill(workspace, staging, source, name, shares, seed, progress)
    return open_dataset(workspace, slug)


def import_result(dataset: Dataset) -> dict[str, Any]:
    """What the import did, as the command line prints it."""
    return {
        "dataset": dataset.name,
        "images": len(dataset.used),
        "classes": dataset.class_counts(),
        "splits": dataset.split_counts(),
        "skipped": dataset.skipped,
        "repaired": dataset.repaired,
    }


def _fill(
    workspace: Workspace,
    staging: Path,
    source: Path | str,
    title: str,
    shares: SplitShares,
    seed: int,
    progress: Progress,
) -> None:
    """Photos, manifest and description into `staging`."""
    unpacked = staging / "unpacked"
    unpacked.mkdir()
    layout = gather(workspace, source, unpacked, progress)
    intake = [*take_in(layout.candidates, staging, progress)]
    progress(len(intake), len(intake), "Writing the list of photos")
    shutil.rmtree(unpacked, ignore_errors=True)
    photos = [result for result in intake if isinstance(result, Photo)]
    refused = [result.as_skipped() for result in intake if isinstance(result, Refusal)]
    skipped = [*layout.skipped, *refused, *empty_classes(layout, photos)]
    require_two_classes(photos, skipped)
    splits = share_out(photos, shares, seed)
    create_dataset(
        staging,
        as_manifest(rows(photos, splits)),
        name=slugify(title),
        title=title.strip(),
        source=str(source),
        skipped=skipped,
        repaired=[*repairs(photos), *thin_classes(layout, photos, splits)],
        choices={"seed": seed, "split": "source" if layout.splits else shares.model_dump()},
    )


def gather(workspace: Workspace, source: Path | str, unpacked: Path, progress: Progress) -> Layout:
    """What a source holds, with archives and samples unpacked into the folder `unpacked`.

    Raises:
        UnusableSource: If there is no such source or it cannot be read.
    """
    if str(source).startswith(collections.PREFIX):
        name = str(source).removeprefix(collections.PREFIX)
        return collections.open_collection(workspace, name).layout()
    found = _find(source, unpacked, progress)
    layout = read_layout(found)
    layout.skipped[:0] = found.skipped
    return layout


def _find(source: Path | str, unpacked: Path, progress: Progress) -> Found:
    if str(source).startswith(SAMPLE):
        _write_sample(str(source).removeprefix(SAMPLE), unpacked, progress)
        return walk(unpacked)
    path = Path(source).expanduser()
    try:
        if path.is_dir():
            return walk(path)
        if path.is_file():
            return unpack(path, unpacked, progress)
    except PermissionError as error:
        raise UnusableSource(f"{source} may not be read by you.", "Ask for permission.") from error
    raise UnusableSource(f"There is no folder or archive {source}.", "Check the path for typos.")


def _write_sample(name: str, folder: Path, progress: Progress) -> None:
    from core.datasets.samples import SAMPLES  # draws its pictures: of no use to other imports

    if name not in SAMPLES:
        raise UnusableSource(
            f"There is no sample called {name!r}.", f"The samples are {', '.join(SAMPLES)}."
        )
    SAMPLES[name].write(folder, progress)
