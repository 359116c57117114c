"""A well-known set into the workspace: fetched once, checked, unpacked, imported."""

import hashlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from core.datasets.archives import unpack
from core.datasets.importing import import_dataset, import_result
from core.datasets.sources import SourceFile
from core.datasets.web import known_set_photos
from core.datasets.web.addresses import RefusedAddress
from core.datasets.web.fetching import Clock, Fetcher, FetchError, Patience
from core.datasets.web.known_sets import KNOWN_SETS, KnownSet, PublishedFile
from core.disk import room_on_disk
from core.errors import LoupeError
from core.reporter import Reporter
from core.workspace import Workspace

READ_AT_ONCE = 1_000_000
# Hundreds of megabytes over a slow line take their time.
PATIENCE = Patience(whole=6 * 3600, attempts=4)
DAMAGE = (OSError, ValueError, EOFError, KeyError)


class WatchfulClock(Clock):
    """A clock whose waiting ends when the job is asked to stop."""

    def __init__(self, reporter: Reporter):
        super().__init__()
        self._reporter = reporter

    def sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._reporter.raise_if_stopped()
        while (left := end - time.monotonic()) > 0:
            super().sleep(min(left, 0.2))
            self._reporter.raise_if_stopped()


def make_fetcher(reporter: Reporter) -> Fetcher:
    return Fetcher(patience=PATIENCE, clock=WatchfulClock(reporter))


def import_known_set(
    workspace: Workspace, name: str, title: str, per_class: int, reporter: Reporter
) -> dict[str, Any]:
    """Makes a data set of the known set `name`.

    Its files are looked for in Keras' folder first, and kept there.

    Args:
        title: What the new data set is called.
        per_class: How many photos of a class go into training, the test in proportion; 0
            for all of them.

    Returns:
        `core.datasets.importing.import_result` of it.

    Raises:
        LoupeError: If a file is neither there nor can be fetched.
    """
    known = KNOWN_SETS.get(name)
    if known is None:
        raise LoupeError(f"There is no well-known set {name!r}.", f"Try {', '.join(KNOWN_SETS)}.")
    with room_on_disk(title):
        for file in known.files:
            ensure(known, file, make_fetcher(reporter), reporter)
        workspace.uploads.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=workspace.uploads, prefix="known-set-") as folder:
            photos = Path(folder, "photos")
            credited = _write(known, photos, Path(folder), per_class, reporter)
            reporter.update(unit="")
            dataset = import_dataset(
                workspace,
                photos,
                title,
                progress=reporter,
                facts=lambda file: known_set_photos.facts_of(known, credited, file),
            )
    return import_result(dataset)


def ensure(known: KnownSet, file: PublishedFile, fetcher: Fetcher, reporter: Reporter) -> None:
    """Sees to it that `file` lies whole where Keras looks for it.

    Raises:
        LoupeError: If it does not, and cannot be fetched. Says where it was looked for.
    """
    there = file.path.is_file()
    if there and digest_of(file.path, len(file.digest)) == file.digest:
        return
    file.path.parent.mkdir(parents=True, exist_ok=True)
    part = file.path.with_name(f"{file.path.name}.part")

    def tell(done: int, total: int) -> None:
        reporter.update(unit="MB")
        megabytes = round((total or file.size) / 1e6)
        reporter(min(round(done / 1e6), megabytes), megabytes, f"Fetching {known.title}")

    try:
        tell(0, file.size)
        fetcher.download(file.url, part, int(file.size * 1.1) + 1_000_000, tell)
        if digest_of(part, len(file.digest)) != file.digest:
            raise FetchError("What came is not the file that was published.")
        part.replace(file.path)
    except (FetchError, RefusedAddress) as error:
        raise LoupeError(_what_is_missing(known, file, there, error), _way_out(file)) from None
    finally:
        part.unlink(missing_ok=True)


def _what_is_missing(known: KnownSet, file: PublishedFile, there: bool, error: LoupeError) -> str:
    before = f" The file {file.path} is there, but it is not the published one." if there else ""
    return f"{known.title} could not be fetched from {file.url}: {error.message}{before}"


def _way_out(file: PublishedFile) -> str:
    return (
        f"Loupe looks for it at {file.path}. Fetch it on a computer that has a connection, put "
        "it there under that name, and press the button again. Or bring photos as an archive or "
        "folder of your own."
    )


def digest_of(path: Path, digits: int) -> str:
    """The SHA-256 of a file, or its MD5 when `digits` is 32, in hex."""
    # MD5 is what Fashion-MNIST was published with; it finds damage, not ill will.
    digest = hashlib.sha256() if digits == 64 else hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(READ_AT_ONCE):
            digest.update(chunk)
    return digest.hexdigest()


def _write(
    known: KnownSet, photos: Path, scratch: Path, per_class: int, reporter: Reporter
) -> dict[str, dict[str, str]]:
    """The photos as files in class folders, and whose each one is where that is known."""
    reporter.update(unit="photos")
    if known.loader:
        _write_arrays(known, photos, per_class, reporter)
        return {}
    files: list[SourceFile] = []
    for number, (file, split) in enumerate(
        zip(known.files, known.splits or ("",) * len(known.files), strict=True)
    ):
        place = scratch / f"unpacked-{number}"
        place.mkdir()
        reporter.update(unit="")
        found = unpack(file.path, place, reporter).files
        files += [one for one in found if one.parts[-1].lower() == "license.txt"]
        known_set_photos.place_files(known, found, split, photos, per_class)
        if not files:
            shutil.rmtree(place)
    return known_set_photos.credits(files)


def _write_arrays(known: KnownSet, photos: Path, per_class: int, reporter: Reporter) -> None:
    reporter(0, 0, f"Unpacking {known.title}")
    try:
        parts = known_set_photos.load(known)
    except DAMAGE as error:
        names = ", ".join(str(file.path) for file in known.files)
        raise LoupeError(
            f"{known.title} cannot be read from {names}.",
            "Delete these files and press the button again: they are then fetched anew.",
        ) from error
    classes = len(known.classes)
    total = sum(
        min(len(part.labels), known_set_photos.most_of(part.split, per_class) * classes)
        for part in parts
    )
    for done in known_set_photos.write_arrays(known, parts, photos, per_class):
        reporter(min(done, total), total, f"Unpacking {known.title}")
