"""How much memory there is, as far as the operating system tells; in bytes."""

import os
from pathlib import Path

SETTING = "LOUPE_MEMORY_GB"
GIGABYTE = 1e9
_CGROUPS = Path("/sys/fs/cgroup")
# Version 2 and version 1 of control groups call the same things differently.
_LIMITS = (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes"))
_FILE_PAGES = ("active_file", "inactive_file", "total_active_file", "total_inactive_file")


def memory_allowed() -> int | None:
    """What a person says a training may take: `LOUPE_MEMORY_GB`; None when it is not set."""
    try:
        return round(float(os.environ.get(SETTING, "")) * GIGABYTE)
    except ValueError:
        return None


def memory_available() -> int | None:
    """What a new process can take now without anybody being ended; None if nobody tells.

    The least of what the computer has left and of what the control groups around this
    process (a container's limit) have left. Pages of files do not count as taken: the
    system gives them up when memory is asked for.
    """
    left = [amount for amount in (_computer_has_left(), *_groups_have_left()) if amount is not None]
    return max(0, min(left)) if left else None


def memory_used() -> int:
    """What this process holds and nothing but itself can give back; 0 if nobody tells."""
    found = _fields(Path("/proc/self/status"))
    return found.get("RssAnon", 0) + found.get("RssShmem", 0)


def memory_kills() -> int:
    """How many processes the system has ended for lack of memory since it was started."""
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def size_text(amount: float) -> str:
    """ "340 MB", "1.2 GB", "20 GB"."""
    if amount < 0.95 * GIGABYTE:
        return f"{max(10, round(amount / 1e7) * 10)} MB"
    gigabytes = amount / GIGABYTE
    return f"{gigabytes:.1f} GB" if gigabytes < 10 else f"{gigabytes:.0f} GB"


def _computer_has_left() -> int | None:
    found = _fields(Path("/proc/meminfo"))
    if "MemAvailable" in found:
        return found["MemAvailable"]
    try:  # macOS tells how much there is, not how much of it is free
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _groups_have_left() -> list[int]:
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            found += _left_up_from(_CGROUPS, path)
        elif "memory" in controllers.split(","):
            found += _left_up_from(_CGROUPS / "memory", path)
    return found


def _left_up_from(root: Path, path: str) -> list[int]:
    """In a container the path may be the host's, which is not there: then the root's counts."""
    folder = root / path.lstrip("/")
    folders = [folder, *folder.parents]
    inside = folders[: folders.index(root) + 1] if root in folders else [root]
    return [left for one in inside if (left := _left_in(one)) is not None]


def _left_in(folder: Path) -> int | None:
    for limit_name, usage_name in _LIMITS:
        try:
            limit = (folder / limit_name).read_text(encoding="ascii").strip()
            usage = int((folder / usage_name).read_text(encoding="ascii"))
            if limit == "max":
                return None
            return int(limit) - max(0, usage - _file_pages(folder))
        except (OSError, ValueError):
            continue
    return None


def _file_pages(folder: Path) -> int:
    lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
    known = {name: int(value) for name, value in (line.split() for line in lines)}
    totals = [known[name] for name in _FILE_PAGES[2:] if name in known]
    return sum(totals or [known.get(name, 0) for name in _FILE_PAGES[:2]])


def _fields(path: Path) -> dict[str, int]:
    """The lines "Name: 12 kB" of a file of the kernel's, in bytes."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines if line.endswith(" kB"))
    return {name: int(value.split()[0]) * 1024 for name, value in pairs}
