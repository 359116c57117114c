"""Plain files in one folder: the only thing Loupe's processes share.

Files are written under a temporary name and renamed; folders appear whole or
not at all; what is deleted goes to the bin and can be brought back.
"""

import json
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.disk import flush_file, flush_folder, room_on_disk
from core.errors import LoupeError, NotFound

APP_FOLDER = Path(__file__).resolve().parent.parent
MAX_NAME_LENGTH = 80
# File systems allow 255 bytes; staging folders add to a name.
MAX_NAME_BYTES = 200


@dataclass(frozen=True)
class Workspace:
    """The folders of one workspace. Build it with `open_workspace`."""

    root: Path

    @property
    def datasets(self) -> Path:
        return self.root / "datasets"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def twins(self) -> Path:
        return self.root / "twins"

    @property
    def cross_validations(self) -> Path:
        return self.root / "cross-validations"

    @property
    def jobs(self) -> Path:
        return self.root / "jobs"

    @property
    def uploads(self) -> Path:
        return self.root / "uploads"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def bin(self) -> Path:
        return self.root / "bin"


def open_workspace(root: Path | str | None = None) -> Workspace:
    """The workspace at `root`, else at `LOUPE_HOME`, else `workspace/` beside the app.

    Raises:
        LoupeError: If the folder cannot be created or written.
    """
    named = root or os.environ.get("LOUPE_HOME") or APP_FOLDER / "workspace"
    chosen = _resolved(Path.cwd() / named)
    workspace = Workspace(chosen)
    try:
        for folder in (workspace.datasets, workspace.runs, workspace.jobs):
            if not os.path.isdir(folder):
                folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LoupeError(
            f"The workspace {chosen} cannot be written: {error.strerror}.",
            "Choose another folder with the environment variable LOUPE_HOME.",
        ) from error
    return workspace


@lru_cache(maxsize=16)
def _resolved(path: Path) -> Path:
    # A page asks two dozen times, and the kernel is asked about every folder on the way.
    return path.resolve()


def slugify(name: str) -> str:
    """`name` as a safe folder name: letters, digits, `-`, `_`, in lower case.

    Raises:
        LoupeError: If nothing is left of it.
    """
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    slug = re.sub(r"[^\w-]+", "-", plain).strip("-_")[:MAX_NAME_LENGTH]
    slug = slug.encode()[:MAX_NAME_BYTES].decode(errors="ignore").rstrip("-_")
    if not slug:
        raise LoupeError(
            f"The name {name!r} has no letter or digit in it.",
            "Choose a name such as 'pond insects'.",
        )
    return slug


def free_name(parent: Path, name: str) -> str:
    """`name` as a slug that is not yet taken in `parent`: `bears`, `bears-2`, …"""
    slug, number = slugify(name), 2
    candidate = slug
    while (parent / candidate).exists():
        candidate, number = f"{slug}-{number}", number + 1
    return candidate


def write_bytes(path: Path, data: bytes, durable: bool = False) -> None:
    """Writes `data` so that a reader sees the old file or the new one, never half.

    Args:
        durable: Whether that also holds after a power cut. Takes a few milliseconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            if durable:
                flush_file(file)
        os.replace(temporary, path)
        if durable:
            flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, value: Any, durable: bool = False) -> None:
    """`write_bytes` for a JSON value."""
    write_bytes(path, json.dumps(value, ensure_ascii=False, indent=1).encode(), durable)


def read_json(path: Path) -> Any:
    """The JSON value in `path`.

    Raises:
        NotFound: If there is no such file.
        LoupeError: If the file does not hold JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path.name} in {path.parent.name}.") from error
    except ValueError as error:
        raise LoupeError(f"The file {path} is damaged: it does not hold JSON.") from error


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A staging folder that becomes `folder` when the block ends well, else vanishes.

    Raises:
        LoupeError: If `folder` already exists.
    """
    if folder.exists():
        raise LoupeError(f"{folder.name!r} already exists.", "Choose another name.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    staging.mkdir()
    try:
        yield staging
        os.rename(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def move_to_bin(workspace: Workspace, folder: Path) -> str:
    """Takes `folder` out of sight and returns the token that `restore` needs."""
    if not folder.exists():
        raise NotFound(f"{folder.name!r} does not exist.")
    token = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
    place = workspace.bin / token
    with room_on_disk(folder.name):
        try:
            place.mkdir(parents=True)
            write_json(place / "origin.json", str(folder.relative_to(workspace.root)))
            os.rename(folder, place / folder.name)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
    return token


def restore(workspace: Workspace, token: str) -> Path:
    """Brings back what `move_to_bin` took away, under its old name if that is free."""
    place = workspace.bin / Path(token).name
    if not place.is_dir():
        raise NotFound(f"The bin holds nothing called {token!r}.")
    origin = workspace.root / read_json(place / "origin.json")
    target = origin.with_name(free_name(origin.parent, origin.name))
    os.rename(place / origin.name, target)
    shutil.rmtree(place)
    return target
