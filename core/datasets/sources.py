"""What an import finds: files with the name they had, and where their bytes lie now."""

import os
import unicodedata
from dataclasses import dataclass, field
from os.path import splitext
from pathlib import Path, PurePosixPath

from core.errors import UnusableSource

MAX_MEMBERS = 200_000
NOT_FOR_PEOPLE = {"__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the source: `parts` is its path there, `path` where it can be read."""

    parts: tuple[str, ...]
    path: Path

    @property
    def name(self) -> str:
        return "/".join(self.parts)


@dataclass
class Found:
    """Everything an import has to look at.

    Attributes:
        files: What may be photos.
        folders: Folders, empty ones too, as paths in the source.
        skipped: `{"file", "reason"}` of what could not even be looked at.
    """

    files: list[SourceFile] = field(default_factory=list)
    folders: set[tuple[str, ...]] = field(default_factory=set)
    skipped: list[dict[str, str]] = field(default_factory=list)

    def skip(self, name: str, reason: str) -> None:
        self.skipped.append({"file": readable(name), "reason": reason})


def readable(name: str) -> str:
    """`name` as it can be shown and stored: composed Unicode without control characters."""
    if name.isascii() and name.isprintable():
        return name
    whole = name.encode("utf-8", "replace").decode("utf-8")
    composed = unicodedata.normalize("NFC", whole)
    return "".join(letter if letter.isprintable() else "�" for letter in composed)


def parts_of(name: str) -> tuple[str, ...]:
    """A path in a source as its readable parts; Windows' separators count too."""
    plain = name.replace("\\", "/")
    pieces = plain.split("/")
    if "" in pieces or "." in pieces:
        pieces = list(PurePosixPath(plain).parts)
    return tuple(map(readable, pieces))


def ending(name: str) -> str:
    """The ending of a file's name in lower case, such as `".jpg"`; empty when it has none."""
    return splitext(name)[1].lower().rstrip(".")


def is_hidden(parts: tuple[str, ...]) -> bool:
    """Whether a path belongs to the computer, not to its user: `.DS_Store`, `__MACOSX`, …"""
    return any(part.startswith(".") or part.lower() in NOT_FOR_PEOPLE for part in parts)


def too_many() -> UnusableSource:
    return UnusableSource(
        f"It holds more than {MAX_MEMBERS:,} files and folders.",
        "Import a part of it.",
    )


def walk(folder: Path) -> Found:
    """The files below a folder, in order. Links that lead out of it are not followed.

    Raises:
        UnusableSource: If there are more than `MAX_MEMBERS`.
    """
    root, found = folder.resolve(), Found()
    places: list[tuple[str, tuple[str, ...]]] = [(str(root), ())]
    while places:
        place, inside = places.pop()
        places += reversed(_look_into(found, root, place, inside))
        if len(found.files) + len(found.folders) + len(found.skipped) > MAX_MEMBERS:
            raise too_many()
    return found


def _look_into(
    found: Found, root: Path, place: str, inside: tuple[str, ...]
) -> list[tuple[str, tuple[str, ...]]]:
    """Notes the files of one folder and returns the folders in it that are to be entered."""
    folders = []
    for entry in _entries(place):
        own = parts_of(entry.name)
        if is_hidden(own):
            continue
        if entry.is_symlink():
            _follow(found, root, entry.path, (*inside, *own))
        elif entry.is_dir():
            found.folders.add((*inside, *own))
            folders.append((entry.path, (*inside, *own)))
        elif entry.is_file():
            found.files.append(SourceFile((*inside, *own), Path(entry.path)))
        else:
            found.skip("/".join((*inside, *own)), "It is not an ordinary file.")
    return folders


def _entries(place: str) -> list[os.DirEntry[str]]:
    """What lies in a folder, by name; nothing when it may not be read."""
    try:
        with os.scandir(place) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _follow(found: Found, root: Path, link: str, parts: tuple[str, ...]) -> None:
    name, target = "/".join(parts), Path(os.path.realpath(link))
    if target.is_dir():
        found.skip(name, "It is a link to a folder; links are not followed.")
    elif not target.is_relative_to(root):
        found.skip(name, "It is a link that leads out of the folder, so it was not followed.")
    elif not target.exists():
        found.skip(name, "It is a link to a file that does not exist.")
    elif not target.is_file():
        found.skip(name, "It is not an ordinary file.")
    else:
        found.files.append(SourceFile(parts, target))
