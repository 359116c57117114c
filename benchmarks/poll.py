"""What a tab that watches a training costs the server."""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, share_of
from benchmarks.start import wait_for_end, wait_for_metrics
from benchmarks.workplace import DATASET, imported, new_run
from core.launcher import get_fork_server, launch
from tests.journeys.app_server import app_server
from tests.journeys.browser import chromium

TITLE = "The server's processor time while a tab watches a training, against the time that passes"
TARGET = 0.04


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 30 if quick else 300)
        run = new_run(workspace)
        launch(run.folder)
        try:
            with app_server(workspace.root) as server, chromium() as browser:
                wait_for_metrics(run)
                page = browser.new_page()
                page.goto(f"{server.url}/training?dataset={DATASET}&run={run.name}")
                page.locator("h1").first.wait_for(timeout=60_000)
                page.wait_for_timeout(1_000 if quick else 8_000)
                seconds = _watch(server.process.pid, 1 if quick else 8, 1 if quick else 5)
        finally:
            run.stop()
            wait_for_end(run)
            get_fork_server().close()
    return [share_of("one tab", seconds, TARGET)]


def _watch(process: int, spans: int, length: float) -> tuple[list[float], list[float]]:
    """Processor seconds and seconds of several spans of time."""
    used, passed = [], []
    for _ in range(spans):
        start, before = time.perf_counter(), processor_seconds(process)
        time.sleep(length)
        passed.append(time.perf_counter() - start)
        used.append(processor_seconds(process) - before)
    return used, passed


def processor_seconds(process: int) -> float:
    """User and system time that all threads of a process took so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
