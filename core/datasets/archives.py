"""ZIP and tar archives, read with suspicion: what is unsafe in them is named and left out."""

import bz2
import contextlib
import errno
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from core.datasets import crew, sources
from core.datasets.crate import Crate
from core.datasets.crew import WORTH_A_CREW
from core.datasets.sources import Found
from core.datasets.zip_directory import has_more_members_than
from core.errors import UnusablePicture, UnusableSource
from core.progress import Progress

# What tarfile may read for one member's headers: long names, extended attributes.
MAX_HEADER_BYTES = 1_000_000
NOT_A_FILE = "It is a link or a device, so it was left out."
DAMAGED_INSIDE = "It is damaged inside the archive."

DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RecursionError,
    NotImplementedError,
    OverflowError,
    ValueError,
)

OPENERS: dict[str, Callable[..., Any]] = {
    "tar": contextlib.nullcontext,
    "gz": gzip.open,
    "bz2": bz2.open,
    "xz": lzma.open,
}
MAGIC = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ\x00"}


def unpack(
    path: Path, into: Path, progress: Progress, keeps: Callable[[str], bool] | None = None
) -> Found:
    """Unpacks the ordinary files of an archive into the folder `into`.

    With `keeps`, only the files whose names it wants; the others are found but not there.

    Members whose path leads out of the archive, links, devices, empty, locked and
    damaged ones are named in `skipped`; the others go on.

    Raises:
        UnusableSource: If it is no archive, is cut off or damaged as a whole, holds more
            than `MAX_MEMBERS` members or unpacks to far more than its size.
    """
    kind = _kind(path)
    if kind is None:
        raise UnusableSource(
            f"{path.name} is neither a folder nor a ZIP or tar archive.",
            "Import a folder, a .zip, or a .tar, .tar.gz, .tar.xz or .tar.bz2 file.",
        )
    crate = Crate(path, into, progress, keeps)
    try:
        if kind == "zip":
            _unpack_zip(crate)
        else:
            _unpack_tar(crate, OPENERS[kind])
    except DAMAGED as error:
        if _is_ours(error):
            raise
        raise UnusableSource(
            f"{path.name} is cut off or damaged: it cannot be read to its end.",
            "Download or pack it again.",
        ) from error
    return crate.found


def _kind(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(tarfile.BLOCKSIZE)
    for kind, magic in MAGIC.items():
        if start.startswith(magic):
            return kind
    try:
        tarfile.TarInfo.frombuf(start, "utf-8", "surrogateescape")
        return "tar"
    except tarfile.HeaderError:
        return "zip" if start[:2] == b"PK" or zipfile.is_zipfile(path) else None


def _is_ours(error: BaseException) -> bool:
    """Whether the system failed (no space, no permission) rather than the archive.

    A damaged ZIP may point before its own beginning: the system calls that invalid.
    """
    return isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)


def _unpack_zip(crate: Crate) -> None:
    with crate.path.open("rb") as file:
        if has_more_members_than(file, sources.MAX_MEMBERS):
            raise sources.too_many()
    with zipfile.ZipFile(crate.path) as archive:
        wanted = [
            info
            for info in archive.infolist()
            if crate.wants(info.filename, info.filename.endswith(("/", "\\")))
        ]
        work = list(enumerate(wanted))
        crate.progress(0, len(work), "Unpacking")
        with closing(_reasons(_Unpacker(crate, archive), work)) as reasons:
            for (number, info), reason in zip(work, reasons, strict=True):
                if reason is None:
                    crate.note(info.filename, number)
                else:
                    died = isinstance(reason, crew.Died)
                    crate.found.skip(info.filename, DAMAGED_INSIDE if died else reason)
                crate.progress(number + 1, len(work), "Unpacking")


def _reasons(
    unpacker: "_Unpacker", work: list[tuple[int, zipfile.ZipInfo]]
) -> Generator[Any, None, None]:
    """For each member why it was left out, or None when it was not."""
    # A member never gives more than the size it claims: what is safe in sum needs no count.
    claimed = sum(info.file_size for _, info in work)
    many = len(work) >= WORTH_A_CREW and claimed <= unpacker.crate.max_bytes
    if many and unpacker.all_wanted and crew.CAN_FORK and crew.processors() > 1:
        yield from crew.in_order(unpacker, work, crew.processors())
    else:
        yield from map(unpacker, work)


class _Unpacker:
    """Takes members out of a ZIP, here or in a forked process."""

    def __init__(self, crate: Crate, archive: zipfile.ZipFile):
        self.crate = crate
        self.all_wanted = crate.keeps is None
        self._archive = archive
        self._process = os.getpid()

    def __call__(self, work: tuple[int, zipfile.ZipInfo]) -> str | None:
        """Copies one member out; why not, or None when it worked."""
        number, info = work
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            return NOT_A_FILE
        if info.flag_bits & 1:
            return "It is locked with a password."
        if not self.crate.wants_bytes(info.filename):
            return None
        if self._process != os.getpid():  # a fork shares the place in the file
            self._archive.fp, self._process = self.crate.path.open("rb"), os.getpid()
        try:
            with self._archive.open(info) as member:
                self.crate.copy_out(number, info.file_size, member)
        except UnusablePicture as error:
            return error.message
        except NotImplementedError:
            return "It is packed in a way that cannot be read."
        except DAMAGED as error:
            if _is_ours(error):
                raise
            return DAMAGED_INSIDE
        return None


def _unpack_tar(crate: Crate, opener: Callable[..., Any]) -> None:
    with crate.path.open("rb") as packed, opener(packed) as stream:
        meter = _Meter(stream, crate)
        with tarfile.open(fileobj=meter, mode="r|") as archive:
            count = 0
            while (member := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # tarfile would keep them all
                count += 1
                if count > sources.MAX_MEMBERS:
                    raise sources.too_many()
                meter.allow(member.size)
                crate.progress(packed.tell(), crate.size, "Unpacking")
                _take_from_tar(crate, archive, member)


def _take_from_tar(crate: Crate, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    if not crate.wants(member.name, member.isdir()):
        return
    if not member.isreg() or member.issparse():
        return crate.found.skip(member.name, NOT_A_FILE)
    content = archive.extractfile(member)
    if content is None:
        return crate.found.skip(member.name, NOT_A_FILE)
    try:
        crate.take(member.name, member.size, content)
    except UnusablePicture as error:
        crate.found.skip(member.name, error.message)


class _Meter(io.RawIOBase):
    """A tar's bytes, counted: in total, and between one member and the next.

    tarfile reads a member's headers into memory whole, however long they say they are.
    """

    def __init__(self, stream: IO[bytes], crate: Crate):
        self._stream = stream
        self._crate = crate
        self._total = 0
        self._allowed = MAX_HEADER_BYTES

    def allow(self, size: int) -> None:
        """Lets a member of `size` bytes pass, and the headers of the one after it."""
        self._allowed = self._total + max(0, size) + MAX_HEADER_BYTES

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._total += len(data)
        self._crate.check_total(self._total)
        if self._total > self._allowed:
            raise UnusableSource(
                f"{self._crate.path.name} has a file name or note of more than "
                f"{MAX_HEADER_BYTES / 1e6:.0f} MB in it.",
                "Pack it again.",
            )
        return data
