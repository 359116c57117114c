"""From the files of a well-known set to photos in class folders."""

import importlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.datasets.sources import SourceFile
from core.datasets.web.known_sets import KnownSet
from core.images import encode_png


class Labelled(NamedTuple):
    """Photos of one split: uint8 (N, height, width[, 3]) and their labels, integers (N,)."""

    split: str
    pictures: np.ndarray
    labels: np.ndarray


def load(known: KnownSet) -> list[Labelled]:
    """The arrays of a set that Keras has a loader for; its files must lie where it looks."""
    loader = importlib.import_module(f"keras.datasets.{known.loader}")
    (train, train_labels), (test, test_labels) = loader.load_data()
    return [
        Labelled("train", train, np.ravel(train_labels)),
        Labelled("test", test, np.ravel(test_labels)),
    ]


def most_of(split: str, per_class: int) -> int:
    """How many photos of a class a split gets: the others a fifth of what training gets."""
    if not per_class:
        return sys.maxsize
    return per_class if split in ("", "train") else max(1, per_class // 5)


def write_arrays(
    known: KnownSet, parts: list[Labelled], folder: Path, per_class: int
) -> Iterator[int]:
    """Writes `folder/SPLIT/CLASS/NUMBER.png`; yields after each how many there are."""
    written = 0
    for part in parts:
        most = most_of(part.split, per_class)
        for label, name in enumerate(known.classes):
            place = folder / part.split / name.replace("/", " or ")
            place.mkdir(parents=True, exist_ok=True)
            for index in np.flatnonzero(part.labels == label)[:most]:
                (place / f"{index:05d}.png").write_bytes(encode_png(part.pictures[index]))
                written += 1
                yield written


def place_files(
    known: KnownSet, files: list[SourceFile], split: str, folder: Path, per_class: int
) -> int:
    """Moves unpacked photos to `folder/[SPLIT/]CLASS/NAME`, at most `per_class` per class.

    Args:
        split: The split that the whole archive is; empty when the archive has folders for them.
    """
    counts: dict[tuple[str, ...], int] = {}
    for file in files:
        where = _place(known, file.parts, split)
        if where is None or counts.get(where[:-1], 0) >= most_of(
            where[0] if len(where) == 3 else "", per_class
        ):
            continue
        counts[where[:-1]] = counts.get(where[:-1], 0) + 1
        target = folder.joinpath(*where)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(file.path, target)
    return sum(counts.values())


def _place(known: KnownSet, parts: tuple[str, ...], split: str) -> tuple[str, ...] | None:
    if len(parts) < 2 or parts[-2] not in known.folders:
        return None
    inner = parts[-3] if not split and len(parts) > 2 and parts[-3] in ("train", "val") else split
    return (*((inner,) if inner else ()), known.folders[parts[-2]], parts[-1])


# `daisy/7568630428_8cf0fc16ff_n.jpg CC-BY by A Name - https://www.flickr.com/photos/…`
CREDIT = re.compile(r"^(\S+\.jpe?g)\s+CC\S*\s+by\s+(.+?)\s+-\s+(https?://\S+)\s*$", re.IGNORECASE)


def credits(files: list[SourceFile]) -> dict[str, dict[str, str]]:
    """Author and page of each photo, by its `class/name`, from an archive's LICENSE.txt."""
    found: dict[str, dict[str, str]] = {}
    for file in files:
        if file.parts[-1].lower() != "license.txt":
            continue
        for line in file.path.read_text(encoding="utf-8", errors="replace").splitlines():
            if (match := CREDIT.match(line)) is not None:
                name = "/".join(match[1].split("/")[-2:])
                found[name] = {"author": match[2][:120], "source_page": match[3][:300]}
    return found


def facts_of(
    known: KnownSet, credited: Mapping[str, Mapping[str, str]], name: str
) -> dict[str, str]:
    """What is known of the photo `[split/]class/file` of a set."""
    return known.facts | dict(credited.get("/".join(name.split("/")[-2:]), {}))
