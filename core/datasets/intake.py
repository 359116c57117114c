"""Candidates into photos: each file read, checked to its end and copied, several at once."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from core.datasets.layout import Candidate
from core.datasets.naming import FreeNames, folder_name, safe_file_name
from core.datasets.pooled import in_order
from core.decoding import content
from core.errors import UnusablePicture
from core.images import read_picture
from core.progress import Progress

# Decoding is outside Python's lock, so two threads use two cores; but with small files
# they mostly wait for the lock: 12,000 of 1 KB took 4.7 s with one thread, 7 s with two.
WORKERS = 2
BYTES_WORTH_A_THREAD = 10_000
SAMPLE_SIZE = 200


@dataclass(frozen=True)
class Photo:
    """A candidate that is usable: its manifest row, without id and split."""

    candidate: Candidate
    row: dict[str, Any]
    repairs: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """A candidate that is not."""

    candidate: Candidate
    reason: str

    def as_skipped(self) -> dict[str, str]:
        return {"file": self.candidate.file.name, "reason": self.reason}


def take_in(
    candidates: list[Candidate], folder: Path, progress: Progress
) -> Iterator[Photo | Refusal]:
    """Copies every usable candidate below `folder/photos`, bytes untouched, in order.

    Yields:
        One `Photo` or `Refusal` per candidate.
    """
    targets = _targets(candidates)
    for place in {target.parent for target in targets}:
        (folder / place).mkdir(parents=True, exist_ok=True)
    progress(0, len(candidates), "Checking photos")
    work = list(zip(candidates, targets, strict=True))
    with closing(
        in_order(lambda item: _take(*item, folder), work, _workers(candidates))
    ) as results:
        for done, result in enumerate(results, start=1):
            yield result
            progress(done, len(candidates), "Checking photos")


def _workers(candidates: list[Candidate]) -> int:
    sample = candidates[:: max(1, len(candidates) // SAMPLE_SIZE)]
    sizes = [os.stat(candidate.file.path).st_size for candidate in sample] or [0]
    return WORKERS if median(sizes) >= BYTES_WORTH_A_THREAD else 1


def _targets(candidates: list[Candidate]) -> list[Path]:
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
        targets.append(Path("photos", folders[label], name))
    return targets


def _take(candidate: Candidate, target: Path, folder: Path) -> Photo | Refusal:
    try:
        data = content(candidate.file.path)
        picture = read_picture(data, candidate.file.parts[-1])
    except UnusablePicture as error:
        return Refusal(candidate, error.message)
    (folder / target).write_bytes(data)
    height, width = picture.array.shape[:2]
    row = {
        **candidate.facts,
        "file": target.as_posix(),
        "source_file": candidate.file.name,
        "label": candidate.label,
        "width": width,
        "height": height,
        "content_hash": hashlib.sha256(data).hexdigest(),
        "format": picture.format,
        "repairs": "; ".join(picture.repairs),
    }
    return Photo(candidate, row, picture.repairs)
