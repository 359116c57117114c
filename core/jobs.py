"""Long work in a folder of its own: what is to be done, how far it is, how it ended.

A job folder holds `job.json` (what to call), `status.json` (how far it is), `lock`
(held by the process that works on it, so that its death is noticed), `stop` (present
once somebody asked it to stop) and `log.txt`. A run folder is a job folder.
"""

import importlib
import secrets
import shutil
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from core.disk import room_on_disk
from core.endings import Ending
from core.errors import LoupeError, NotFound, Stopped
from core.foreign_errors import explained
from core.locks import locked
from core.memory import memory_kills
from core.reporter import Listener, Reporter
from core.slots import slot
from core.status import JobStatus, State, read_status, write_status
from core.workspace import Workspace, read_json, slugify, write_bytes, write_json

__all__ = [
    "JobStatus",
    "Reporter",
    "State",
    "create_job",
    "list_jobs",
    "mark_launched",
    "new_job",
    "read_status",
    "request_stop",
    "resolve",
    "run_job",
]


def create_job(
    folder: Path,
    function: str,
    arguments: Mapping[str, Any],
    title: str,
    needs_slot: bool = False,
) -> None:
    """Writes down what is to be done in `folder`; `core.launcher.launch` starts it.

    Args:
        folder: Three levels below the workspace's root: `runs/NAME` or `jobs/ID`.
        function: `core.module:name`, called as `name(folder, reporter, **arguments)`.
        arguments: JSON values.
        title: What a person calls this work.
        needs_slot: Whether it waits while `LOUPE_PARALLEL_RUNS` others are at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    job = {"function": function, "arguments": dict(arguments), "needs_slot": needs_slot}
    write_json(folder / "job.json", job)
    write_status(folder, JobStatus(title=title, phase="Waiting", created=time.time()))


def new_job(workspace: Workspace, function: str, arguments: Mapping[str, Any], title: str) -> Path:
    """A fresh job folder in the workspace, ready to be launched."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = workspace.jobs / f"{stamp}-{slugify(title)[:40]}-{secrets.token_hex(2)}"
    with room_on_disk(title):
        try:
            create_job(folder, function, arguments, title)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return folder


def list_jobs(workspace: Workspace) -> list[tuple[Path, JobStatus]]:
    """The workspace's jobs, newest first; folders that hold none are passed over."""
    found = []
    for folder in sorted(workspace.jobs.glob("*/"), reverse=True):
        try:
            found.append((folder, read_status(folder)))
        except LoupeError:
            continue
    return found


def mark_launched(folder: Path) -> None:
    """Resets the job to the beginning of its life: a process for it is on its way."""
    (folder / "stop").unlink(missing_ok=True)
    old = read_status(folder)
    fresh = JobStatus(
        title=old.title,
        phase="Waiting",
        message="Waiting for its process.",
        created=old.created,
        launched=time.time(),
    )
    write_status(folder, fresh)


def request_stop(folder: Path) -> None:
    """Asks the job in `folder` to stop without losing what it has."""
    if not (folder / "job.json").exists():
        raise NotFound(f"There is no job in {folder.name!r}.")
    write_bytes(folder / "stop", b"")


def resolve(function: str) -> Callable[..., Any]:
    """The function that `core.module:name` names.

    Raises:
        LoupeError: If it is not a function of `core`.
    """
    module, _, name = function.partition(":")
    if not module.startswith("core.") or not name.isidentifier():
        raise LoupeError(f"{function!r} is not a function of Loupe's core.")
    return getattr(importlib.import_module(module), name)


def run_job(folder: Path, listener: Listener | None = None) -> JobStatus:
    """Does the job in `folder` here and now, and returns how it ended.

    Never raises for a job that fails: its status holds the sentence, `log.txt` the traceback.

    Args:
        folder: A folder that `create_job` wrote.
        listener: Is told every status that is written, at most ten a second.

    Raises:
        NotFound: If `folder` holds no job.
    """
    folder = folder.resolve()
    job = read_json(folder / "job.json")
    with locked(folder / "lock"):
        status = read_status(folder)
        status.launched, status.started = status.launched or time.time(), time.time()
        status.memory_kills = memory_kills()
        reporter = Reporter(folder, status, listener)
        reporter.write()
        _conclude(reporter, job)
    return reporter.status


def _conclude(reporter: Reporter, job: dict[str, Any]) -> None:
    """Does the work and writes down how it ended, whatever happens."""
    try:
        reporter.status.result = _work(reporter, job)
    except Stopped:
        reporter.end(State.STOPPED, Ending.STOPPED, "Stopped on request.")
    except Exception as error:
        _tidy(reporter.folder)
        _log_traceback(reporter.folder)
        said = explained(error) or _our_fault(error)
        reporter.end(State.FAILED, said.ending, said.message, said.next_step)
    else:
        if reporter.stopped:
            words = "Stopped on request. What it had is kept."
            reporter.end(State.STOPPED, Ending.STOPPED, words)
        else:
            reporter.end(State.FINISHED, Ending.FINISHED)


def _work(reporter: Reporter, job: dict[str, Any]) -> Any:
    def wait() -> None:
        reporter.raise_if_stopped()
        reporter.update(phase="Waiting", message="Waiting for another training to end.")

    workspace = Workspace(reporter.folder.parent.parent)
    with slot(workspace, wait) if job.get("needs_slot") else nullcontext():
        reporter.update(state=State.RUNNING, phase="Starting", message="Starting.")
        reporter.status.started = time.time()
        reporter.write()
        function = resolve(job["function"])
        return function(reporter.folder, reporter, **job["arguments"])


class _Fault(LoupeError):
    ending = Ending.FAULT


def _our_fault(error: Exception) -> LoupeError:
    return _Fault(
        f"Something went wrong in Loupe itself ({_brief(error)}).",
        "The file log.txt in its folder tells developers what.",
    )


def _brief(error: Exception) -> str:
    first_line = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first_line}"[:200].rstrip(": ")


def _tidy(folder: Path) -> None:
    """Removes half-written files, which may be what fills the disk."""
    for file in folder.glob("**/.*.tmp*"):
        file.unlink(missing_ok=True)


def _log_traceback(folder: Path) -> None:
    # On a full disk the sentence in the status is all that is left.
    with suppress(OSError), open(folder / "log.txt", "a", encoding="utf-8") as log:
        log.write(traceback.format_exc())
