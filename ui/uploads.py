"""Files on their way from the browser into a data set: kept in the workspace's `uploads/`."""

import secrets
import shutil
import time
from pathlib import Path
from typing import BinaryIO

from core.disk import room_on_disk
from core.errors import NotFound
from core.workspace import slugify, write_bytes
from ui import cache

# What a file chooser offers; what is inside decides.
PICTURE_TYPES = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif"]
DAY = 24 * 3600
COLLECTION = "collection-"
LONGEST_ENDING = 16


def keep_archive(name: str, file: BinaryIO) -> Path:
    """Writes an uploaded archive into `uploads/` and returns its path."""
    with room_on_disk(name):
        target = upload_path(name)
        try:
            with target.open("wb") as kept:
                shutil.copyfileobj(file, kept)
        except OSError:
            target.unlink(missing_ok=True)
            raise
    return target


def upload_path(name: str) -> Path:
    """A free path in `uploads/` for a file that its sender calls `name`."""
    folder = cache.workspace().uploads
    folder.mkdir(parents=True, exist_ok=True)
    forget_old(folder)
    stem, ending = split_name(Path(name).name)
    plain = slugify(stem) if any(map(str.isalnum, stem)) else "upload"
    return folder / f"{secrets.token_hex(4)}-{plain}{ending[:LONGEST_ENDING]}"


def received(file_name: str) -> Path:
    """The path of a file that was uploaded in a stream.

    Raises:
        NotFound: If there is none.
    """
    path = cache.workspace().uploads / Path(file_name).name
    if not path.is_file():
        raise NotFound("The uploaded file is not there any more.", "Upload it again.")
    return path


def split_name(name: str) -> tuple[str, str]:
    """`"my.bears.tar.gz"` → `("my.bears", ".tar.gz")`."""
    suffixes = Path(name).suffixes
    kept = suffixes[-2:] if len(suffixes) > 1 and suffixes[-2] == ".tar" else suffixes[-1:]
    ending = "".join(kept)
    return name[: len(name) - len(ending)] if ending else name, ending.lower()


def add_pictures(draft: str, label: str, files: list) -> int:
    """Puts uploaded pictures into the class `label` of the collection `draft`."""
    folder = draft_folder(draft) / label_folder(label)
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        stem, ending = split_name(Path(file.name).name)
        name = f"{stem[:60]}-{secrets.token_hex(3)}{ending}"
        with room_on_disk(file.name):
            write_bytes(folder / name, file.getvalue())
    return len(files)


def label_folder(label: str) -> str:
    """The label as a folder name: as written, without what a path would take for itself."""
    plain = "".join("-" if sign in '/\\:*?"<>|\0' else sign for sign in label.strip())
    return plain.strip(". ")[:60] or slugify(label)


def draft_folder(draft: str) -> Path:
    """Where the pictures of a collection wait for their import."""
    return cache.workspace().uploads / f"{COLLECTION}{slugify(draft)}"


def draft_counts(draft: str) -> dict[str, int]:
    """How many pictures wait, per class."""
    folder = draft_folder(draft)
    if not folder.is_dir():
        return {}
    return {sub.name: len(list(sub.iterdir())) for sub in sorted(folder.iterdir()) if sub.is_dir()}


def forget_old(folder: Path) -> None:
    """Removes uploads that are older than a day: they were imported, or given up.

    A collection that is still being made stays, however long that takes.
    """
    for path in folder.iterdir():
        if path.name.startswith(COLLECTION):
            continue
        if time.time() - path.stat().st_mtime > DAY:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def close_draft(draft: str) -> Path:
    """Hands a collection over to its import: the next pictures start a new one."""
    target = upload_path(f"{COLLECTION}{draft}")
    draft_folder(draft).rename(target)
    return target
