"""What comes out of an archive: under numbers, counted, and never more than allowed."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from core.datasets.sources import Found, SourceFile, is_hidden, parts_of
from core.decoding import MAX_FILE_BYTES
from core.errors import UnusablePicture, UnusableSource
from core.progress import Progress

# Photos hardly compress: more than this times the archive's size is a trap.
MAX_RATIO = 100
ALWAYS_ALLOWED_BYTES = 1_000_000_000
MAX_TOTAL_BYTES = 50_000_000_000
MAX_NAME_LENGTH = 1000
CHUNK = 1 << 16


class Crate:
    """An archive being unpacked into a folder of ours.

    No name from the archive touches the file system: files are called 000000,
    000001, … Sizes are those of the bytes that really come out.

    Args:
        path: The archive.
        into: An existing folder to unpack into.
        progress: Told how far the unpacking is.
        keeps: Whether a member's bytes are wanted, by its name; all are when it is None.
    """

    def __init__(
        self,
        path: Path,
        into: Path,
        progress: Progress,
        keeps: Callable[[str], bool] | None = None,
    ):
        self.path = path
        self.keeps = keeps
        self.into = into
        self.progress = progress
        self.found = Found()
        self.size = path.stat().st_size
        free = int(shutil.disk_usage(into).free * 0.9)
        self.max_bytes = min(max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * self.size), MAX_TOTAL_BYTES)
        self.max_bytes = min(self.max_bytes, free)
        self._bytes = 0

    def wants(self, name: str, is_folder: bool) -> bool:
        """Whether a member is a file to take out; notes folders and unsafe names."""
        if not name:
            self.found.skip("?", "It has no name.")
            return False
        if len(name) > MAX_NAME_LENGTH:
            self.found.skip(name[:100] + "…", "Its name is too long.")
            return False
        parts = parts_of(name)
        if ".." in parts or parts[:1] in (("/",), ("//",)) or _names_a_drive(parts):
            self.found.skip(name, "Its path leads out of the archive, so it was left out.")
            return False
        if not parts or is_hidden(parts):
            return False
        if is_folder:
            self.found.folders.add(parts)
        return not is_folder

    def wants_bytes(self, name: str) -> bool:
        """Whether a member is to be copied out, and not only named."""
        return self.keeps is None or self.keeps("/".join(parts_of(name)))

    def take(self, name: str, size: int, member: IO[bytes]) -> None:
        """`copy_out` under the next number if it is wanted, and `note`."""
        number = len(self.found.files)
        if self.wants_bytes(name):
            self.copy_out(number, size, member)
        self.note(name, number)

    def copy_out(self, number: int, size: int, member: IO[bytes]) -> None:
        """Copies one member out.

        Args:
            number: What its file is called.
            size: What the archive says; only used to turn away what is empty or too large.

        Raises:
            UnusablePicture: If this member is empty or too large.
            UnusableSource: If everything together is too large.
        """
        if size == 0:
            raise UnusablePicture("The file is empty (0 bytes).")
        if size > MAX_FILE_BYTES:
            raise _too_large()
        target = self._target(number)
        try:
            with open(target, "wb") as file:
                self._copy(member, file)
        except BaseException:
            Path(target).unlink(missing_ok=True)
            raise

    def note(self, name: str, number: int) -> None:
        """Tells that the member `name` was copied out as `number`."""
        self.found.files.append(SourceFile(parts_of(name), Path(self._target(number))))

    def _target(self, number: int) -> str:
        return f"{self.into}/{number:06d}"

    def check_total(self, size: int) -> None:
        """Raises `UnusableSource` if `size` bytes are more than this archive may unpack to."""
        if size > self.max_bytes:
            raise UnusableSource(
                f"{self.path.name} unpacks to more than {self.max_bytes / 1e9:.1f} GB, "
                "far more than its size, or more than the disk has room for.",
                "Unpack it yourself and import the folder.",
            )

    def _copy(self, member: IO[bytes], file: IO[bytes]) -> None:
        size = 0
        while chunk := member.read(CHUNK):
            size += len(chunk)
            self._bytes += len(chunk)
            if size > MAX_FILE_BYTES:
                raise _too_large()
            self.check_total(self._bytes)
            file.write(chunk)


def _names_a_drive(parts: tuple[str, ...]) -> bool:
    return bool(parts) and re.fullmatch(r"[A-Za-z]:", parts[0]) is not None


def _too_large() -> UnusablePicture:
    return UnusablePicture(f"It is larger than {MAX_FILE_BYTES / 1e6:,.0f} MB.")
