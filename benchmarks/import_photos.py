"""Importing 100,000 photos as a job, against a bare loop over the same files."""

import hashlib
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from benchmarks.many_photos import unpacked, write_zip
from benchmarks.measure import Row
from benchmarks.process_memory import processes_of
from core.datasets.manifest import open_dataset
from core.jobs import new_job, read_status, request_stop
from core.launcher import get_fork_server, launch
from core.workspace import Workspace, open_workspace

TITLE = "Importing 100,000 photos, against a bare loop of read, hash and open"
TARGET = 0.5
MOST_MEGABYTES = 300
# Reading a process's memory map costs it some milliseconds.
WATCH_SECONDS = 1.0
COUNT, QUICK_COUNT = 100_000, 300
WARM_UP = {"source": "sample:digits", "name": "warm-up"}
IMPORT = "core.datasets.jobs:import_job"


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        archive = write_zip(place / "photos.zip", QUICK_COUNT if quick else COUNT)
        folder = unpacked(archive, place / "photos")
        workspace = open_workspace(place / "workspace")
        finished(new_job(workspace, IMPORT, WARM_UP, "Warm up"))
        try:
            return [
                *_speed(workspace, folder, "folder"),
                *_speed(workspace, archive, "ZIP", folder),
                _leftovers(workspace, archive),
            ]
        finally:
            get_fork_server().close()


def _speed(workspace: Workspace, source: Path, kind: str, folder: Path | None = None) -> list[Row]:
    """Seconds and memory of an import, beside those of the loops over the same photos."""
    folder = folder or source
    opening = _seconds(lambda: bare_loop(folder, decode=False))
    job = new_job(workspace, IMPORT, {"source": str(source), "name": kind}, f"Import {kind}")
    with Memory(job) as memory:
        ours = _seconds(lambda: finished(job))
    decoding = _seconds(lambda: bare_loop(folder, decode=True))
    opening = min(opening, _seconds(lambda: bare_loop(folder, decode=False)))
    count = len(open_dataset(workspace, read_status(job).result["dataset"]).used)
    rows = [
        Row(f"{kind}, {count:,} photos, opened", ours, opening, "s", opening / ours, TARGET, True),
        Row(f"{kind}, the same, decoded", ours, decoding, "s", decoding / ours, TARGET, True),
        Row(
            f"{kind}, memory of the job and its processes",
            memory.peak,
            MOST_MEGABYTES,
            "MB",
            memory.peak,
            MOST_MEGABYTES,
            False,
        ),
    ]
    shutil.rmtree(workspace.datasets / read_status(job).result["dataset"])
    return rows


def bare_loop(folder: Path, decode: bool) -> int:
    """Reads, hashes and opens every file of `folder`, and nothing else."""
    seen = 0
    for path in folder.rglob("*.jpg"):
        data = path.read_bytes()
        hashlib.sha256(data).hexdigest()
        with Image.open(BytesIO(data)) as image:
            if decode:
                image.load()
            seen += image.width > 0
    return seen


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def finished(job: Path) -> None:
    """Launches a job and waits until it is over."""
    launch(job)
    while not read_status(job).state.is_over:
        time.sleep(0.05)
    if read_status(job).state != "finished":
        raise RuntimeError(f"The import ended: {read_status(job)}")


class Memory:
    """The most memory of a job and of its processes, while the block runs.

    Attributes:
        peak: MB that are its own, summed over its processes: not what it shares with the
            process that it was forked from.
    """

    def __init__(self, job: Path):
        self._job = job
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak = 0.0

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(WATCH_SECONDS):
            now = sum(map(_private_megabytes, processes_of(self._job)))
            self.peak = max(self.peak, now)


def _private_megabytes(process: int) -> float:
    """What would be free again if the process ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    private = (line for line in lines if line.startswith("Private_"))
    return sum(int(line.split()[1]) for line in private) / 1024


def _leftovers(workspace: Workspace, archive: Path) -> Row:
    """How many files an import leaves that is stopped half-way."""
    arguments = {"source": str(archive), "name": "stopped"}
    job = new_job(workspace, IMPORT, arguments, "Import to stop")
    launch(job)
    while not (status := read_status(job)).state.is_over:
        if status.message == "Checking photos" and status.done * 2 >= status.total:
            request_stop(job)
        time.sleep(0.02)
    left = sum(1 for path in workspace.datasets.rglob("*") if "warm-up" not in path.parts)
    kept = int(archive.exists())
    case = f"files left by an import that was stopped ({status.state}), source kept"
    return Row(case, left, kept, "files", left, 0, at_least=False)
