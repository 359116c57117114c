"""Candidates into photos: each file read, checked to its end and brought to its place."""

import hashlib
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core.datasets import crew
from core.datasets.layout import Candidate
from core.datasets.naming import FreeNames, folder_name, safe_file_name
from core.decoding import content
from core.errors import UnusablePicture
from core.images import PictureFacts, check_picture
from core.progress import Progress

BYTES_WORTH_A_CREW = 20_000_000
KILLER = "The program that reads pictures broke down over it: it is damaged, or made to do harm."


@dataclass(frozen=True, slots=True)
class Photo:
    """A candidate that is usable.

    Attributes:
        file: Where it lies now, relative to the data set's folder.
        content_hash: SHA-256 of its bytes, in hexadecimal.
    """

    candidate: Candidate
    file: str
    content_hash: str
    facts: PictureFacts

    @property
    def label(self) -> str:
        return self.candidate.label

    @property
    def group(self) -> str:
        """What it must stay together with, as its candidate says; empty for nothing."""
        return str(self.candidate.facts.get("group") or "")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A candidate that is not."""

    candidate: Candidate
    reason: str

    def as_skipped(self) -> dict[str, str]:
        return {"file": self.candidate.file.name, "reason": self.reason}


def take_in(
    candidates: Sequence[Candidate],
    folder: Path,
    progress: Progress,
    ours: Iterable[Path] = (),
) -> Iterator[Photo | Refusal]:
    """Brings every usable candidate below `folder/photos`, bytes untouched, in order.

    Args:
        folder: What lies in it already is moved, not copied.
        ours: Folders of ours, whose files never change: they are linked, where the file
            system can, so that they take no room twice.

    Yields:
        One `Photo` or `Refusal` per candidate.
    """
    targets = _targets(candidates)
    for place in {os.path.dirname(target) for target in targets}:
        (folder / place).mkdir(parents=True, exist_ok=True)
    shelf = _Shelf(folder, tuple(f"{place.resolve()}{os.sep}" for place in ours))
    work = list(zip(candidates, targets, strict=True))
    progress(0, len(work), "Checking photos")
    with closing(_results(shelf, work)) as results:
        for done, ((candidate, target), seen) in enumerate(zip(work, results, strict=True), 1):
            if isinstance(seen, crew.Died):
                yield Refusal(candidate, KILLER)
            elif isinstance(seen, str):
                yield Refusal(candidate, seen)
            else:
                shelf.settle(candidate, target)
                yield Photo(candidate, target, *seen)
            progress(done, len(work), "Checking photos")


Seen = tuple[str, PictureFacts]


def _results(
    shelf: "_Shelf", work: list[tuple[Candidate, str]]
) -> Generator[Seen | str | crew.Died, None, None]:
    workers = crew.processors()
    if crew.CAN_FORK and workers > 1 and _is_much([candidate for candidate, _ in work]):
        yield from crew.in_order(shelf.look, work, workers)
    else:
        yield from map(shelf.look, work)


def _is_much(candidates: Sequence[Candidate]) -> bool:
    if len(candidates) >= crew.WORTH_A_CREW:
        return True
    return sum(_size(candidate.file.path) for candidate in candidates) >= BYTES_WORTH_A_CREW


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _targets(candidates: Iterable[Candidate]) -> list[str]:
    """A free path for each candidate, relative to the data set's folder."""
    labels = FreeNames()
    folders: dict[str, str] = {}
    names: dict[str, FreeNames] = {}
    targets = []
    for candidate in candidates:
        label = candidate.label
        if label not in folders:
            folders[label], names[label] = labels.take(folder_name(label)), FreeNames()
        name = names[label].take(safe_file_name(candidate.file.parts[-1]))
        targets.append(f"photos/{folders[label]}/{name}")
    return targets


class _Shelf:
    """Where photos come to lie: `folder`, and what may be linked into it."""

    def __init__(self, folder: Path, ours: tuple[str, ...]):
        self._folder = folder
        self._inside = f"{folder}{os.sep}"
        self._ours = ours

    def look(self, work: tuple[Candidate, str]) -> Seen | str:
        """Reads, checks and, where need be, copies one file; or the reason why not."""
        candidate, target = work
        path = candidate.file.path
        try:
            data = content(path)
            facts = check_picture(data, candidate.file.parts[-1])
        except UnusablePicture as error:
            return error.message
        if not self._holds(path):
            place = self._folder / target
            if not self._linked(path, place):
                place.write_bytes(data)
        return hashlib.sha256(data).hexdigest(), facts

    def settle(self, candidate: Candidate, target: str) -> None:
        """Moves a file that lies in the folder already to its place."""
        if self._holds(candidate.file.path):
            os.rename(candidate.file.path, f"{self._inside}{target}")

    def _holds(self, path: Path) -> bool:
        return str(path).startswith(self._inside)

    def _linked(self, path: Path, target: Path) -> bool:
        if not str(path).startswith(self._ours):
            return False
        try:
            target.unlink(missing_ok=True)
            os.link(path, target)
        except OSError:
            return False
        return True
