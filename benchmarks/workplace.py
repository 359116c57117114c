"""Workspaces, runs and servers that some benchmarks need before they can measure."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.photos import photo_folder
from core.datasets.importing import import_dataset
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import Run, create_run
from core.workspace import Workspace, open_workspace
from tests.journeys.app_server import free_port

DATASET = "photos"
EMPTY_APP = "import streamlit as st\n\nst.title('Empty')\n"


def imported(folder: Path, count: int) -> Workspace:
    """A workspace in `folder` that holds the benchmark's photos."""
    workspace = open_workspace(folder / "workspace")
    import_dataset(workspace, photo_folder(folder / "photos", count), DATASET)
    return workspace


def new_run(workspace: Workspace, budget_seconds: float = 600) -> Run:
    """A training that goes on until it is stopped, not yet launched."""
    recipe = apply_overrides(get_recipe("small-cnn"), {"budget_seconds": budget_seconds})
    return create_run(workspace, DATASET, recipe)


@contextmanager
def empty_app(folder: Path) -> Iterator[str]:
    """The address of a Streamlit app that shows a title and nothing else."""
    script, port = folder / "empty_app.py", free_port()
    script.write_text(EMPTY_APP)
    options = ["--server.headless=true", "--server.fileWatcherType=none"]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_healthy(f"http://localhost:{port}")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_healthy(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The empty Streamlit app did not start.")
