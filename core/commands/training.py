"""`train`: a training in a process of its own, followed until it ends."""

import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.errors import LoupeError
from core.jobs import JobStatus, State, read_status, request_stop
from core.progress import Progress
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.runs import Run, create_run
from core.workspace import APP_FOLDER, Workspace

SECONDS_BETWEEN_LOOKS = 0.2
RUN_JOB = """
import sys
from pathlib import Path
from core.jobs import run_job
run_job(Path(sys.argv[1]))
"""


def run_train(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    run = create_run(workspace, options.dataset, _recipe(options), options.name)
    status = _train(run, progress)
    if status.state not in (State.FINISHED, State.STOPPED):
        raise LoupeError(
            f"The training {run.name!r} {status.state}: {status.message}".rstrip(": "),
            status.next_step or f"Its log is {run.folder / 'log.txt'}.",
        )
    return _result(run, status)


def _recipe(options: Namespace) -> Recipe:
    overrides: dict[str, Any] = dict(_assignment(text) for text in options.set)
    asked = {"budget_seconds": options.budget, "epochs": options.epochs, "seed": options.seed}
    overrides |= {field: value for field, value in asked.items() if value is not None}
    return apply_overrides(get_recipe(options.recipe), overrides)


def _assignment(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals or not field.strip():
        raise LoupeError(
            f"--set expects field=value, received {text!r}.", "Write for example --set epochs=3."
        )
    return field.strip(), value.strip()


def _train(run: Run, progress: Progress) -> JobStatus:
    """Runs the training to its end; Ctrl-C or a polite kill stops it without loss."""
    worker = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", RUN_JOB, str(run.folder)],
        cwd=APP_FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno() if _has_descriptor() else subprocess.DEVNULL,
        start_new_session=True,
    )
    with _stop_on_signals(run, worker):
        while worker.poll() is None:
            _tell(read_status(run.folder), progress)
            time.sleep(SECONDS_BETWEEN_LOOKS)
    return read_status(run.folder)


def _has_descriptor() -> bool:
    try:
        return sys.stderr.fileno() >= 0
    except (OSError, ValueError):
        return False


def _tell(status: JobStatus, progress: Progress) -> None:
    if status.message:
        progress(status.done, status.total, status.message)


@contextmanager
def _stop_on_signals(run: Run, worker: subprocess.Popen) -> Iterator[None]:
    """The first Ctrl-C asks the training to stop, the second ends it."""
    asked = False

    def stop(number: int, frame: Any) -> None:
        nonlocal asked
        if asked:
            worker.kill()
        asked = True
        print("Stopping; what was learnt so far is kept.", file=sys.stderr, flush=True)
        request_stop(run.folder)

    kept = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _result(run: Run, status: JobStatus) -> dict[str, Any]:
    epochs = run.metrics()
    last = epochs[-1] if epochs else {}
    return {
        "run": run.name,
        "status": str(status.state),
        "epochs": len(epochs),
        "train_accuracy": last.get("accuracy"),
        "val_accuracy": last.get("val_accuracy"),
        "seconds": round(status.seconds_elapsed or 0.0, 2),
    }
