"""'Start training' to the first metrics, against a cold process that does the same."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, in_turns, share_of
from benchmarks.workplace import imported, new_run
from core.jobs import mark_launched
from core.launcher import get_fork_server, launch
from core.training.runs import Run

TITLE = "'Start training' to the first metrics, against a cold python process doing the same"
TARGET = 0.4


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 30 if quick else 120)
        try:
            seconds = in_turns(
                lambda: warm(new_run(workspace)),
                lambda: cold(new_run(workspace)),
                rounds=1 if quick else 5,
            )
        finally:
            get_fork_server().close()
    return [share_of("small-cnn, photos already prepared", seconds, TARGET)]


def warm(run: Run) -> None:
    """As the button does it: from a process that has Keras already."""
    launch(run.folder)
    wait_for_metrics(run)
    run.stop()
    _wait_for_end(run)


def cold(run: Run) -> None:
    """The same job in a fresh interpreter."""
    mark_launched(run.folder)
    command = [sys.executable, "-m", "core.launcher", str(run.folder)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    wait_for_metrics(run)
    process.kill()
    process.wait()


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


def _wait_for_end(run: Run, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not run.status().state.is_over and time.monotonic() < deadline:
        time.sleep(0.05)
