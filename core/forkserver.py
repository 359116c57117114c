"""A process that has Keras imported and makes copies of itself for whoever needs one.

`python -m core.forkserver FD` reads requests from the socket FD: a job to be done
by a detached process that outlives everything, or an engine that lives as long as
the server. It ends when the socket's other end is closed, however that happens.

Python's own `multiprocessing.forkserver` is not used: its children import the main
script again (with Streamlit in it), keep it alive as long as a training lives, and it
looks for what to preload only in the working directory.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.training.device import prepare_environment, quiet_import

PRELOADED = (
    "keras",
    "core.datasets.prepared",
    "core.training.worker",
    "core.evaluation.results",
    "core.evaluation.prediction",
    "core.inspection.activations",
    "core.inspection.near",
    "core.inspection.probe",
)
# Trainings use every core they get; the server must still answer at once.
JOB_NICENESS = 2
MAX_MESSAGE_BYTES = 65536


def main(descriptor: int) -> None:
    """Serves requests until the other end of the socket is gone."""
    control = socket.socket(fileno=descriptor)
    prepare_environment()
    _preload()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE_BYTES, 2)
        if not message:
            return
        request = json.loads(message)
        if request["kind"] == "job":
            _fork(control, _become_job, request)
        else:
            _fork(control, _become_engine, descriptors)
        for received in descriptors:
            os.close(received)


def _preload() -> None:
    for module in PRELOADED:
        try:
            with quiet_import():
                importlib.import_module(module)
        except Exception as error:
            # The job that needs it says so in its own status; the others still run.
            print(f"Loupe: {module} cannot be imported: {error}", file=sys.stderr)


def _fork(control: socket.socket, become: Callable[[Any], None], argument: Any) -> None:
    if os.fork():
        return
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        become(argument)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        leave()


def _become_job(request: dict[str, Any]) -> None:
    os.setsid()
    if os.fork():
        return
    os.environ.update(request["environment"])
    os.nice(JOB_NICENESS)
    folder = Path(request["folder"])
    _redirect_output(folder / "log.txt")

    from core.jobs import run_job

    run_job(folder)


def _become_engine(descriptors: list[int]) -> None:
    from multiprocessing.connection import Connection

    from core.engine_process import serve

    line, beside = descriptors
    serve(Connection(line), Connection(beside))


def _redirect_output(log: Path) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)


def leave() -> None:
    """Ends this process at once: what was imported before the fork needs no farewell."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
