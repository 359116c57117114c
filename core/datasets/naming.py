"""Names for files and folders of ours, made from names people chose."""

import re
import unicodedata
from collections import defaultdict
from pathlib import PurePosixPath

from core.errors import LoupeError
from core.workspace import slugify

MAX_STEM_LENGTH = 60
RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)
}


class FreeNames:
    """Hands out names for one folder, no two of which differ only in case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = defaultdict(lambda: 2)

    def take(self, name: str) -> str:
        """`name`, or `name-2`, `name-3`, … (before the extension) when it is taken."""
        path = PurePosixPath(name)
        candidate, key = name, name.casefold()
        while candidate.casefold() in self._taken:
            candidate = f"{path.stem}-{self._next[key]}{path.suffix}"
            self._next[key] += 1
        self._taken.add(candidate.casefold())
        return candidate


def safe_file_name(name: str) -> str:
    """`name` without anything a file system, a shell or a browser could trip over.

    Letters and digits of every script stay, so that people recognise their files.
    """
    plain = unicodedata.normalize("NFKC", name)
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        stem, extension = plain, ""
    stem = _letters(stem)[:MAX_STEM_LENGTH].strip("-_") or "photo"
    extension = re.sub(r"[^a-z0-9]", "", extension.lower())[:8]
    if stem.lower() in RESERVED:
        stem = f"{stem}-file"
    return f"{stem}.{extension}" if extension else stem


def folder_name(label: str) -> str:
    """`label` as a folder name: `slugify`, or `class` when nothing is left of it."""
    try:
        slug = slugify(label)
    except LoupeError:
        return "class"
    return f"{slug[:MAX_STEM_LENGTH]}-class" if slug in RESERVED else slug[:MAX_STEM_LENGTH]


def _letters(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text)
