"""Files on their way from the browser into a data set: kept in the workspace's `uploads/`."""

import secrets
import shutil
import time
from pathlib import Path

from core.errors import NotFound
from core.workspace import slugify
from ui import cache

# What a file chooser offers; what is inside decides.
PICTURE_TYPES = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif"]
DAY = 24 * 3600
COLLECTION = "collection-"
LONGEST_ENDING = 16


def upload_path(name: str) -> Path:
    """A free path in `uploads/` for a file that its sender calls `name`."""
    folder = cache.workspace().uploads
    folder.mkdir(parents=True, exist_ok=True)
    forget_old(folder)
    stem, ending = split_name(Path(name).name)
    plain = slugify(stem) if any(map(str.isalnum, stem)) else "upload"
    return folder / f"{secrets.token_hex(4)}-{plain}{ending[:LONGEST_ENDING]}"


def received(file_name: str) -> Path:
    """The path of a file or folder that was uploaded in a stream.

    Raises:
        NotFound: If there is none.
    """
    path = cache.workspace().uploads / Path(file_name).name
    if path.name.startswith(".") or not path.exists():
        raise NotFound("The upload is not there any more.", "Upload it again.")
    return path


def remove(file_name: str) -> None:
    """Removes an upload, if it is still there."""
    path = cache.workspace().uploads / Path(file_name).name
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def split_name(name: str) -> tuple[str, str]:
    """`"my.bears.tar.gz"` → `("my.bears", ".tar.gz")`."""
    suffixes = Path(name).suffixes
    kept = suffixes[-2:] if len(suffixes) > 1 and suffixes[-2] == ".tar" else suffixes[-1:]
    ending = "".join(kept)
    return name[: len(name) - len(ending)] if ending else name, ending.lower()


def forget_old(folder: Path) -> None:
    """Removes uploads that are older than a day: they were imported, or given up.

    A collection that is still being made stays, however long that takes.
    """
    for path in folder.iterdir():
        if path.name.startswith(COLLECTION):
            continue
        if time.time() - path.stat().st_mtime > DAY:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
