"""Where a job stands, as everybody reads it from `status.json`."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import LoupeError
from core.locks import is_locked
from core.workspace import read_json, write_bytes

# A process that was asked for is up within this time, even where Keras is imported cold.
LAUNCH_GRACE_SECONDS = 60.0


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
    """

    model_config = ConfigDict(extra="ignore")

    state: State = State.QUEUED
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

    @property
    def share(self) -> float:
        """How much of the phase is done, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


def write_status(folder: Path, status: JobStatus) -> None:
    """Replaces `status.json` so that no reader sees half of it."""
    write_bytes(folder / "status.json", status.model_dump_json().encode())


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
    return status.model_copy(
        update={
            "state": State.INTERRUPTED,
            "message": "The process that worked on it ended before it was done.",
            "next_step": "Start it again.",
            "seconds_left": None,
        }
    )


def _stored(folder: Path) -> JobStatus:
    try:
        return JobStatus.model_validate(read_json(folder / "status.json"))
    except ValidationError as error:
        raise LoupeError(f"The status of {folder.name!r} is damaged.") from error


def _is_lost(status: JobStatus) -> bool:
    if not status.launched:
        return False
    return bool(status.started) or time.time() - status.launched > LAUNCH_GRACE_SECONDS
