"""'Start training' to the first metrics, against a cold process that does the same."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, share_of
from benchmarks.workplace import imported, new_run
from core.jobs import mark_launched
from core.launcher import get_fork_server, launch
from core.training.runs import Run

TITLE = "'Start training' to the first metrics, against a cold python process doing the same"
TARGET = 0.4


def measure(quick: bool = False) -> list[Row]:
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 30 if quick else 120)
        try:
            warm(new_run(workspace))  # waits for the import of Keras and prepares the photos
            for _ in range(1 if quick else 6):
                ours.append(warm(new_run(workspace)))
                theirs.append(cold(new_run(workspace)))
        finally:
            get_fork_server().close()
    return [share_of("small-cnn, photos already prepared", (ours, theirs), TARGET)]


def warm(run: Run) -> float:
    """Seconds as the button does it: from a process that has Keras already."""
    start = time.perf_counter()
    launch(run.folder)
    wait_for_metrics(run)
    seconds = time.perf_counter() - start
    run.stop()
    wait_for_end(run)
    return seconds


def cold(run: Run) -> float:
    """Seconds of the same job in a fresh interpreter."""
    mark_launched(run.folder)
    command = [sys.executable, "-m", "core.launcher", str(run.folder)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    wait_for_metrics(run)
    seconds = time.perf_counter() - start
    process.kill()
    process.wait()
    return seconds


def wait_for_metrics(run: Run, seconds: float = 120) -> None:
    """Until the status holds a loss: what the training page shows first."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status = run.status()
        if status.extra.get("live"):
            return
        if status.state.is_over:
            raise RuntimeError(f"The training ended without metrics: {status.message}")
        time.sleep(0.01)
    raise RuntimeError("The training did not begin in time.")


def wait_for_end(run: Run, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not run.status().state.is_over and time.monotonic() < deadline:
        time.sleep(0.05)
