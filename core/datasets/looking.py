"""A look at a source before it is imported: what its classes could be, with small pictures."""

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.datasets.archives import unpack
from core.datasets.importing import find
from core.datasets.proposals import Proposal, propose
from core.datasets.sources import Found
from core.datasets.tables import is_table
from core.errors import UnusablePicture, UnusableSource
from core.images import encode_jpeg, load_thumbnail
from core.progress import Progress

THUMBNAIL = 96
MOST_THUMBNAILS = 72
CLASSES_SHOWN = 12


def look(source: Path | str, into: Path, progress: Progress) -> dict[str, Any]:
    """What `source` could be.

    Args:
        into: An empty folder of ours for what has to be taken out of an archive.

    Returns:
        `{"proposals": [Proposal as JSON], "thumbnails": {file: data URI}}`; pictures only
        for the first examples, and none for a tar archive, which would have to be read twice.

    Raises:
        UnusableSource: If it cannot be read, or no file in it is called like a picture.
    """
    tables = into / "tables"
    tables.mkdir()
    found = find(source, tables, progress, is_table)
    proposals = propose(found)
    if not proposals:
        raise UnusableSource(
            "No file in it is called like a picture.",
            "Choose a folder, an archive or files with photos: .jpg, .png, .webp and so on.",
        )
    progress(0, 0, "Looking at a few photos")
    thumbnails = _thumbnails(_wanted(proposals), found, Path(source), into)
    return {"proposals": [each.as_json() for each in proposals], "thumbnails": thumbnails}


def _wanted(proposals: Iterable[Proposal]) -> list[str]:
    """The files to show, the likeliest proposal's first."""
    names: dict[str, None] = {}
    for proposal in proposals:
        for label in list(proposal.examples)[:CLASSES_SHOWN]:
            names |= dict.fromkeys(proposal.examples[label])
    return list(names)[:MOST_THUMBNAILS]


def _thumbnails(names: list[str], found: Found, source: Path, into: Path) -> dict[str, str]:
    wanted = set(names)
    if source.is_file():
        if source.suffix.lower() != ".zip":
            return {}
        pictures = into / "pictures"
        pictures.mkdir()
        found = unpack(source, pictures, _hush, lambda name: name in wanted)
    paths = {file.name: file.path for file in found.files if file.name in wanted}
    drawn = ((name, _thumbnail(paths[name])) for name in names if name in paths)
    return {name: address for name, address in drawn if address}


def _thumbnail(path: Path) -> str:
    try:
        small = encode_jpeg(load_thumbnail(path, THUMBNAIL), 80)
    except UnusablePicture:
        return ""
    return f"data:image/jpeg;base64,{base64.b64encode(small).decode()}"


def _hush(done: int, total: int, message: str) -> None:
    """The second, short pass over an archive is not worth a word."""
