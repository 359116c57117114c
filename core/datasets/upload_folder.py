"""Files on their way in, one by one, into a folder that is handed over when it is whole."""

import os
import re
import secrets
import shutil
from pathlib import Path

from core.datasets.sources import is_hidden, parts_of
from core.disk import NoSpace
from core.errors import LoupeError, NotFound
from core.workspace import slugify

MAX_PART_BYTES = 200
MAX_PATH_LENGTH = 1000
MAX_DEPTH = 30
TOKEN_BYTES = 8
# Left free on the disk: a full one stops more than Loupe.
SPARE_BYTES = 200_000_000


class UploadFolder:
    """A folder that is being filled; hidden under its token until `finish`.

    Args:
        parent: The workspace's `uploads/`.
        token: What `begin_upload` gave.

    Raises:
        NotFound: If there is no such upload, or it is finished or cancelled.
    """

    def __init__(self, parent: Path, token: str):
        self.token = token if re.fullmatch(r"[0-9a-f]+-[\w-]+", token) else "?"
        self._parent = parent
        self.folder = parent / f".{self.token}.part"
        if not self.folder.is_dir():
            raise NotFound("This upload is over, or was cancelled.", "Start it again.")

    def place(self, path: str) -> Path:
        """Where the file that its sender calls `path` will lie; its folders are made.

        Raises:
            LoupeError: If the path leads elsewhere, is hidden, too long or too deep.
        """
        parts = checked_parts(path)
        target = self.folder.joinpath(*parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise LoupeError("A file and a folder of the upload have the same name.") from error
        if target.is_dir():
            raise LoupeError("A file and a folder of the upload have the same name.")
        return _beside(target) if _is_another(target) else target

    def finish(self) -> tuple[Path, int]:
        """Hands the folder over, under its final name; with the number of its files."""
        final = self._parent / self.token
        os.rename(self.folder, final)
        return final, sum(len(files) for _, _, files in os.walk(final))

    def cancel(self) -> None:
        """Removes everything."""
        gone = self.folder.with_suffix(".gone")
        os.rename(self.folder, gone)
        shutil.rmtree(gone, ignore_errors=True)


def begin_upload(parent: Path, title: str, size: int) -> UploadFolder:
    """An empty upload folder.

    Args:
        title: What its sender calls it.
        size: Bytes that will come.

    Raises:
        LoupeError: If the disk has no room for them.
    """
    parent.mkdir(parents=True, exist_ok=True)
    require_room(parent, size)
    plain = slugify(title)[:60] if any(map(str.isalnum, title)) else "photos"
    token = f"{secrets.token_hex(TOKEN_BYTES)}-{plain}"
    (parent / f".{token}.part").mkdir()
    return UploadFolder(parent, token)


def require_room(folder: Path, size: int) -> None:
    """Raises `LoupeError` unless `size` bytes more fit on the disk of `folder`."""
    free = max(0, shutil.disk_usage(folder).free - SPARE_BYTES)
    if size > free:
        raise no_room(f"{size / 1e9:.1f} GB do not fit: {free / 1e9:.1f} GB are free.")


def no_room(details: str = "") -> NoSpace:
    """What to say of a full disk."""
    return NoSpace(
        f"There is no space left on the disk of the workspace. {details}".strip(),
        "Free some space, or set LOUPE_HOME to a folder on a larger disk.",
    )


def checked_parts(path: str) -> tuple[str, ...]:
    """A sender's relative path as the folders and name it may have here.

    Raises:
        LoupeError: Why it may not.
    """
    if len(path) > MAX_PATH_LENGTH:
        raise LoupeError("Its path is too long.")
    parts = parts_of(path)
    if not parts:
        raise LoupeError("It has no name.")
    if ".." in parts or parts[0] in ("/", "//") or re.fullmatch(r"[A-Za-z]:", parts[0]):
        raise LoupeError("Its path leads out of the folder.")
    if is_hidden(parts):
        raise LoupeError("It belongs to the computer, not to your photos.")
    if len(parts) > MAX_DEPTH:
        raise LoupeError(f"It lies more than {MAX_DEPTH} folders deep.")
    if any(len(part.encode()) > MAX_PART_BYTES for part in parts):
        raise LoupeError("Its name is too long.")
    return parts


def _is_another(target: Path) -> bool:
    """Whether another file answers to this name: where case does not count."""
    return target.exists() and target.name not in os.listdir(target.parent)


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.stem}-{secrets.token_hex(2)}{target.suffix}")
