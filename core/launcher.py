"""Starts jobs in processes of their own, in well under a second, without waiting for them."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.jobs import mark_launched
from core.training.device import ENVIRONMENT
from core.workspace import APP_FOLDER

# Elsewhere a fork after the import of Keras is not safe (macOS) or not there (Windows).
CAN_FORK = sys.platform.startswith("linux")


def launch(folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Starts the job in `folder`; returns at once. The job outlives this process.

    A training waits as `queued` while `LOUPE_PARALLEL_RUNS` others are at work.

    Args:
        environment: More environment variables for the job alone: what it needs and no
            file may hold, such as a key.

    Raises:
        NotFound: If `folder` holds no job.
    """
    folder = Path(folder).resolve()
    mark_launched(folder)
    if not CAN_FORK:
        _spawn(folder, environment or {})
        return
    ours = {name: value for name, value in os.environ.items() if name.startswith("LOUPE_")}
    ours |= {"LOUPE_HOME": str(folder.parent.parent), **(environment or {})}
    request = {"kind": "job", "folder": str(folder), "environment": ours}
    get_fork_server().send(request)


def warm_up() -> None:
    """Lets the import of Keras begin now, in the background, so that launching is quick."""
    if CAN_FORK:
        get_fork_server().start()


class ForkServer:
    """This process's end of a `core.forkserver`, started when first needed and when it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts it unless it runs. Does not wait until Keras is imported."""
        with self._lock:
            self._ensure()

    def send(self, request: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Hands a request over; it is answered once Keras is imported."""
        message = json.dumps(request).encode()
        with self._lock:
            control = self._ensure()
            try:
                socket.send_fds(control, [message], descriptors)
            except OSError:
                self._drop()
                socket.send_fds(self._ensure(), [message], descriptors)

    def close(self) -> None:
        """Ends it, and every engine it made; jobs go on."""
        with self._lock:
            self._drop()

    def _ensure(self) -> socket.socket:
        if self._control and self._process and self._process.poll() is None:
            return self._control
        self._drop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "core.forkserver", str(theirs.fileno())]
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_environment(),
            start_new_session=True,
        )
        theirs.close()
        self._control = ours
        return ours

    def _drop(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None


_FORK_SERVER = ForkServer()
atexit.register(_FORK_SERVER.close)


def get_fork_server() -> ForkServer:
    """The one fork server of this process."""
    return _FORK_SERVER


def _environment() -> dict[str, str]:
    paths = [str(APP_FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    return ENVIRONMENT | dict(os.environ) | {"PYTHONPATH": os.pathsep.join(paths)}


def _spawn(folder: Path, environment: Mapping[str, str]) -> None:
    with open(folder / "log.txt", "ab") as log:
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "core.launcher", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**_environment(), **environment},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


if __name__ == "__main__":
    from core.jobs import run_job

    run_job(Path(sys.argv[1]))
