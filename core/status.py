"""Where a job stands, as everybody reads it from `status.json`."""

import os
import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.endings import Ending
from core.errors import LoupeError
from core.foreign_errors import speaks_of_memory
from core.locks import is_locked
from core.memory import memory_kills, size_text
from core.workspace import read_json, write_bytes

# A process that was asked for is up within this time, even where Keras is imported cold.
LAUNCH_GRACE_SECONDS = 60.0
# Of what a process wrote before it died.
LAST_WORDS_BYTES = 4000


class State(StrEnum):
    """The states of a job. Stopped is an ending, not an error."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_over(self) -> bool:
        return self not in (State.QUEUED, State.RUNNING)


class JobStatus(BaseModel):
    """How far a job is, or how it ended.

    Attributes:
        ending: How it ended, one of `core.endings.Ending`; empty while it is not over.
        phase: What it is doing, in a few words: "Training".
        message: A plain sentence; for a failed job, what went wrong.
        next_step: What the person can do about it, may be empty.
        done, total: Progress within the phase; `total` is 0 while unknown.
        unit: What `done` and `total` count, may be empty: "seconds".
        seconds_elapsed: Since the work began, waiting in the queue not counted.
        seconds_left: An estimate for the phase, None while unknown.
        device: What computes: "CPU, 2 cores".
        result: What the job's function returned.
        extra: What else the job shows while it runs.
        created, launched, started, updated: Seconds since 1970, 0 if not yet.
        memory_used: Bytes that its process held when this was written, 0 if nobody tells.
        memory_kills: Processes that the system had ended for lack of memory when it began.
    """

    model_config = ConfigDict(extra="ignore")

    state: State = State.QUEUED
    ending: str = ""
    title: str = ""
    phase: str = ""
    message: str = ""
    next_step: str = ""
    done: int = 0
    total: int = 0
    unit: str = ""
    seconds_elapsed: float = 0.0
    seconds_left: float | None = None
    device: str = ""
    result: Any = None
    extra: dict[str, Any] = Field(default_factory=dict)
    created: float = 0.0
    launched: float = 0.0
    started: float = 0.0
    updated: float = 0.0
    memory_used: int = 0
    memory_kills: int | None = None

    @property
    def share(self) -> float:
        """How much of the phase is done, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


def write_status(folder: Path, status: JobStatus) -> None:
    """Replaces `status.json` so that no reader sees half of it."""
    write_bytes(folder / "status.json", status.model_dump_json().encode())


def write_last_status(folder: Path, status: JobStatus) -> None:
    """`write_status`, also on a disk that is full.

    What there is of the file is then written over, which takes no new space: better a reader
    who sees half of it for an instant than a job that never says how it ended.
    """
    try:
        write_status(folder, status)
    except OSError:
        brief = status.model_copy(update={"extra": {}})
        with open(folder / "status.json", "r+b") as file:
            file.write(brief.model_dump_json().encode())
            file.truncate()


def read_status(folder: Path) -> JobStatus:
    """Where the job in `folder` stands. A job whose process died is `interrupted`.

    Raises:
        NotFound: If `folder` holds no job.
        LoupeError: If its status is damaged.
    """
    status = _stored(folder)
    if status.state.is_over or is_locked(folder / "lock"):
        return status
    # It may have ended between the two looks: what it wrote last is what counts.
    status = _stored(folder)
    if status.state.is_over or not _is_lost(status):
        return status
    return status.model_copy(update=_lost(folder, status) | {"seconds_left": None})


def _lost(folder: Path, status: JobStatus) -> dict[str, Any]:
    """What is said of a job whose process is gone and left no word of its end."""
    held = f", which held {size_text(status.memory_used)}," if status.memory_used else ""
    if _lacked_memory(folder, status):
        return {
            "state": State.INTERRUPTED,
            "ending": Ending.OUT_OF_MEMORY,
            "message": "The computer ran out of memory, and the process that worked on this"
            f"{held} was ended.",
            "next_step": "Close other programs, or use smaller pictures, a smaller batch size or "
            "a smaller network, and start it again.",
        }
    return {
        "state": State.INTERRUPTED,
        "ending": Ending.INTERRUPTED,
        "message": "The process that worked on it ended before it was done, perhaps because the "
        "computer was switched off or short of memory.",
        "next_step": "Start it again.",
    }


def _lacked_memory(folder: Path, status: JobStatus) -> bool:
    """Whether the system has ended processes for lack of memory since the job began, or the
    job's last words say so."""
    if status.memory_kills is not None and memory_kills() > status.memory_kills:
        return True
    try:
        with open(folder / "log.txt", "rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - LAST_WORDS_BYTES))
            return speaks_of_memory(log.read().decode(errors="replace"))
    except OSError:
        return False


def _stored(folder: Path) -> JobStatus:
    try:
        status = JobStatus.model_validate(read_json(folder / "status.json"))
    except ValidationError as error:
        raise LoupeError(f"The status of {folder.name!r} is damaged.") from error
    if status.state.is_over and not status.ending:  # as earlier versions of Loupe wrote it
        status.ending = _NAMELESS.get(status.state, str(status.state))
    return status


_NAMELESS = {State.FAILED: str(Ending.REFUSED)}


def _is_lost(status: JobStatus) -> bool:
    if not status.launched:
        return False
    return bool(status.started) or time.time() - status.launched > LAUNCH_GRACE_SECONDS
