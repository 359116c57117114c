"""A Loupe server of one's own: free port, own workspace, ended with its block."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The browser that the journeys drive: `CHROMIUM`, else the first one installed."""
    return os.environ.get("CHROMIUM") or next(
        (path for path in map(shutil.which, CHROMIUM_NAMES) if path), None
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass
class AppServer:
    """A running server: where it is, whose process it is, what it works on."""

    url: str
    process: subprocess.Popen
    workspace: Path
    log: Path

    def kill(self) -> None:
        """What a power cut does: no chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def resident_megabytes(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def maps(self) -> str:
        """The files mapped into the server's memory, as the kernel lists them."""
        return Path(f"/proc/{self.process.pid}/maps").read_text()


@contextmanager
def app_server(
    workspace: Path, port: int | None = None, module: str = "streamlit"
) -> Iterator[AppServer]:
    """Starts Loupe on `workspace` as its README says, and ends it with the block.

    Args:
        module: What starts it, given the arguments of `streamlit`.
    """
    port = port or free_port()
    workspace.mkdir(parents=True, exist_ok=True)
    log = workspace.with_name(f"{workspace.name}-{port}.log")
    environment = os.environ | {
        "LOUPE_HOME": str(workspace),
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    }
    command = [sys.executable, "-m", module, "run", "streamlit_app.py"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    server = AppServer(f"http://localhost:{port}", process, workspace, log)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_until_healthy(server: AppServer, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{server.log.read_text()[-4000:]}")
