"""Folder, archive or sample in; a data set, whole or not at all, out."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.datasets import collections
from core.datasets.archives import unpack
from core.datasets.intake import Photo, Refusal, take_in
from core.datasets.labelling import AUTO, Labelling, lay_out
from core.datasets.layout import Layout
from core.datasets.manifest import Dataset, create_dataset, open_dataset
from core.datasets.outcome import (
    empty_classes,
    manifest_of,
    repairs,
    require_two_classes,
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
    labelling: Labelling = AUTO,
    facts: Callable[[str], Mapping[str, str]] | None = None,
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
        labelling: What says which class a photo belongs to; a collection says it itself.
        facts: Tells of a file, by its path in the source, what else is known of it, by the
            manifest's columns: author, licence, …

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
        _fill(workspace, staging, source, name, shares, seed, progress, labelling, facts)
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
    labelling: Labelling,
    facts: Callable[[str], Mapping[str, str]] | None,
) -> None:
    """Photos, manifest and description into `staging`."""
    unpacked = staging / "unpacked"
    unpacked.mkdir()
    layout = gather(workspace, source, unpacked, progress, labelling)
    if facts is not None:
        layout.candidates = [replace(c, facts=facts(c.file.name)) for c in layout.candidates]
    intake = [*take_in(layout.candidates, staging, progress, own_folders(workspace))]
    progress(len(intake), len(intake), "Writing the list of photos")
    shutil.rmtree(unpacked, ignore_errors=True)
    photos = [result for result in intake if isinstance(result, Photo)]
    refused = [result.as_skipped() for result in intake if isinstance(result, Refusal)]
    skipped = [*layout.skipped, *refused, *empty_classes(layout, photos)]
    require_two_classes(photos, skipped)
    splits = share_out(photos, shares, seed)
    create_dataset(
        staging,
        manifest_of(photos, splits),
        name=slugify(title),
        title=title.strip(),
        source=str(source),
        skipped=skipped,
        repaired=[*repairs(photos), *thin_classes(layout, photos, splits)],
        choices={
            "seed": seed,
            "split": "source" if layout.splits else shares.model_dump(),
            "labelling": labelling.model_dump(),
        },
    )


def own_folders(workspace: Workspace) -> tuple[Path, ...]:
    """Where files of ours lie that nobody changes and that go once they are imported."""
    return workspace.uploads, collections.collections_folder(workspace)


def gather(
    workspace: Workspace,
    source: Path | str,
    unpacked: Path,
    progress: Progress,
    labelling: Labelling = AUTO,
) -> Layout:
    """What a source holds, with archives and samples unpacked into the folder `unpacked`.

    Raises:
        UnusableSource: If there is no such source or it cannot be read.
    """
    if str(source).startswith(collections.PREFIX):
        name = str(source).removeprefix(collections.PREFIX)
        return collections.open_collection(workspace, name).layout()
    found = find(source, unpacked, progress)
    layout = lay_out(found, labelling)
    layout.skipped[:0] = found.skipped
    return layout


def find(
    source: Path | str,
    unpacked: Path,
    progress: Progress,
    keeps: Callable[[str], bool] | None = None,
) -> Found:
    """The files of a folder, archive or sample; `keeps` as for `core.datasets.archives.unpack`.

    Raises:
        UnusableSource: If there is no such source or it cannot be read.
    """
    if str(source).startswith(SAMPLE):
        _write_sample(str(source).removeprefix(SAMPLE), unpacked, progress)
        return walk(unpacked)
    path = Path(source).expanduser()
    try:
        if path.is_dir():
            return walk(path)
        if path.is_file():
            return unpack(path, unpacked, progress, keeps)
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
