"""What an import finds: files with the name they had, and where their bytes lie now."""

import os
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from core.errors import UnusableSource

MAX_MEMBERS = 200_000
NOT_FOR_PEOPLE = {"__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"}


@dataclass(frozen=True)
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
    whole = name.encode("utf-8", "replace").decode("utf-8")
    composed = unicodedata.normalize("NFC", whole)
    return "".join(letter if letter.isprintable() else "�" for letter in composed)


def parts_of(name: str) -> tuple[str, ...]:
    """A path in a source as its readable parts; Windows' separators count too."""
    plain = PurePosixPath(name.replace("\\", "/"))
    return tuple(readable(part) for part in plain.parts)


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
    for place, folders, names in os.walk(root):
        inside = Path(place).relative_to(root).parts
        folders[:] = sorted(_folders_to_enter(found, Path(place), inside, folders))
        for name in sorted(names):
            _add(found, root, Path(place, name), parts_of("/".join((*inside, name))))
        if len(found.files) + len(found.folders) + len(found.skipped) > MAX_MEMBERS:
            raise too_many()
    return found


def _folders_to_enter(
    found: Found, place: Path, inside: tuple[str, ...], names: list[str]
) -> list[str]:
    entered = []
    for name in names:
        parts = parts_of("/".join((*inside, name)))
        if is_hidden(parts):
            continue
        if (place / name).is_symlink():
            found.skip("/".join(parts), "It is a link to a folder; links are not followed.")
            continue
        found.folders.add(parts)
        entered.append(name)
    return entered


def _add(found: Found, root: Path, path: Path, parts: tuple[str, ...]) -> None:
    if is_hidden(parts):
        return
    name = "/".join(parts)
    target = path.resolve()
    if not target.is_relative_to(root):
        found.skip(name, "It is a link that leads out of the folder, so it was not followed.")
    elif not target.exists():
        found.skip(name, "It is a link to a file that does not exist.")
    elif not stat.S_ISREG(target.stat().st_mode):
        found.skip(name, "It is not an ordinary file.")
    else:
        found.files.append(SourceFile(parts, target))
