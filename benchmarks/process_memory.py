"""The memory of a process that works for us, watched from outside (Linux)."""

import threading
from collections.abc import Iterator
from pathlib import Path

WATCH_SECONDS = 0.02
FIND_SECONDS = 0.2
MEGABYTE = 1024  # in the kernel's unit, KiB


class Peak:
    """The most memory of a job's process while the block runs, in MB.

    Anonymous memory is the process's own: nothing but the process can give it back. Pages of
    mapped files (libraries, the prepared array) the kernel drops and reads again as it likes:
    they are counted by themselves.

    Attributes:
        anonymous: Peak of `RssAnon` + `RssShmem`, looked at every 20 ms.
        file: Peak of `RssFile`.
        total: `VmHWM`, the kernel's own record of the two together.
    """

    def __init__(self, job: Path):
        self._job = job
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.anonymous = self.file = self.total = 0.0

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        process: int | None = None
        while not self._over.wait(FIND_SECONDS if process is None else WATCH_SECONDS):
            process = process or next(processes_of(self._job), None)
            now = memory_of(process) if process else {}
            own = now.get("RssAnon", 0.0) + now.get("RssShmem", 0.0)
            self.anonymous = max(self.anonymous, own)
            self.file = max(self.file, now.get("RssFile", 0.0))
            self.total = max(self.total, now.get("VmHWM", 0.0))


def memory_of(process: int) -> dict[str, float]:
    """What `/proc/PID/status` says of a process's memory, in MB; empty once it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines if line.endswith(" kB"))
    return {name: int(value.split()[0]) / MEGABYTE for name, value in pairs}


def processes_of(job: Path) -> Iterator[int]:
    """Who writes to the job's log: the job, and the processes it forked."""
    log = (job / "log.txt").resolve()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "fd" / "1").resolve() == log:
                yield int(process.name)
        except OSError:
            continue
