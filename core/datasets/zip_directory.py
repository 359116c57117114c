"""How many members a ZIP holds, told before a table of them is built in memory.

The records are those of PKWARE's APPNOTE 6.3.10, sections 4.3.12 to 4.3.16, found
the way Python's `zipfile` finds them, so that both look at the same directory.
"""

import os
import struct
from typing import IO

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
ENTRY_SIZE = 46
LONGEST_COMMENT = (1 << 16) - 1
# 200,000 members with long names need about 40 MB.
MAX_DIRECTORY_BYTES = 100_000_000


def has_more_members_than(file: IO[bytes], limit: int) -> bool:
    """Whether a ZIP's directory has more than `limit` entries, in flat memory.

    Raises:
        ValueError: If the file has no directory.
    """
    start, size = _directory(file)
    if size > MAX_DIRECTORY_BYTES:
        return True
    file.seek(start)
    count, read = 0, 0
    while read < size and count <= limit:
        entry = file.read(ENTRY_SIZE)
        if entry[:4] != b"PK\x01\x02" or len(entry) < ENTRY_SIZE:
            raise ValueError("an entry of the directory is damaged")
        extra = sum(struct.unpack_from("<3H", entry, 28))
        file.seek(extra, os.SEEK_CUR)
        read += ENTRY_SIZE + extra
        count += 1
    return count > limit


def _directory(file: IO[bytes]) -> tuple[int, int]:
    """Position and size of the directory."""
    end = _end_position(file)
    file.seek(end)
    size = END.unpack(file.read(END.size))[5]
    before = end - LOCATOR_64.size - END_64.size
    if before >= 0:
        file.seek(before)
        record = file.read(END_64.size)
        if file.read(4) == b"PK\x06\x07" and record[:4] == b"PK\x06\x06":
            end, size = before, END_64.unpack(record)[8]
    if size > end:
        raise ValueError("the directory is larger than the file")
    return end - size, size


def _end_position(file: IO[bytes]) -> int:
    length = file.seek(0, os.SEEK_END)
    start = max(0, length - END.size - LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    plain = len(tail) - END.size
    if plain >= 0 and tail[plain : plain + 4] == b"PK\x05\x06" and tail[-2:] == b"\0\0":
        return start + plain
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or found > plain:
        raise ValueError("the end of the directory is missing")
    return start + found
