"""What a job tells the world while it works, and how it hears that it should stop."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.errors import Stopped
from core.memory import memory_used
from core.status import JobStatus, State, write_last_status, write_status

Listener = Callable[[JobStatus], None]
SHORTEST_PAUSE_SECONDS = 0.1


class Reporter:
    """Writes a job's status at most ten times a second; a `core.progress.Progress` too.

    Args:
        folder: The job's folder.
        status: Where the job stands now.
        listener: Is told every status that is written.
    """

    def __init__(self, folder: Path, status: JobStatus, listener: Listener | None = None):
        self.folder = folder
        self.status = status
        self.stopped = False
        self._listener = listener
        self._written = 0.0
        self._looked = 0.0
        self._begun = time.time()

    def __call__(self, done: int, total: int, message: str) -> None:
        """Reports progress within the phase.

        Raises:
            Stopped: If somebody asked the job to stop.
        """
        if message != self.status.message or done < self.status.done:
            self._begun = time.time()
        self.status.done, self.status.total, self.status.message = done, total, message
        self.status.seconds_left = self._estimate()
        self._write_if_due()
        self.raise_if_stopped()

    def phase(self, name: str, message: str = "") -> None:
        """Begins a new phase of the work, told at once.

        Raises:
            Stopped: If somebody asked the job to stop.
        """
        self.status.phase, self.status.message = name, message or name
        self.status.done = self.status.total = 0
        self.status.unit = ""
        self.status.seconds_left = None
        self._begun = time.time()
        self.write()
        self.raise_if_stopped()

    def update(self, **fields: Any) -> None:
        """Changes fields of the status; `extra` is merged into what it holds. Never raises
        `Stopped`."""
        self.status.extra = self.status.extra | fields.pop("extra", {})
        for field, value in fields.items():
            setattr(self.status, field, value)
        self._write_if_due()

    def stop_requested(self) -> bool:
        """Whether somebody asked the job to stop and it has not yet taken note."""
        if self.stopped:
            return False
        if time.time() - self._looked < SHORTEST_PAUSE_SECONDS:
            return False
        self._looked = time.time()
        return (self.folder / "stop").exists()

    def accept_stop(self) -> None:
        """Takes note of the request: what is left runs to its end and the job ends `stopped`."""
        self.stopped = True

    def raise_if_stopped(self) -> None:
        if self.stop_requested():
            raise Stopped("The work was stopped.")

    def write(self) -> None:
        """Writes the status now."""
        self._stamp()
        write_status(self.folder, self.status)
        self._tell()

    def end(self, state: State, ending: str, message: str = "", next_step: str = "") -> None:
        """Writes how the job ended, also where the disk is full."""
        self.status.state, self.status.ending, self.status.seconds_left = state, ending, None
        self.status.message, self.status.next_step = message, next_step
        self._stamp()
        self.status.seconds_elapsed = time.time() - self.status.started
        write_last_status(self.folder, self.status)
        self._tell()

    def _stamp(self) -> None:
        now = time.time()
        self.status.updated = self._written = now
        self.status.memory_used = memory_used()
        if self.status.started and self.status.state is State.RUNNING:
            self.status.seconds_elapsed = now - self.status.started

    def _tell(self) -> None:
        if self._listener:
            self._listener(self.status)

    def _write_if_due(self) -> None:
        if time.time() - self._written >= SHORTEST_PAUSE_SECONDS:
            self.write()

    def _estimate(self) -> float | None:
        elapsed = time.time() - self._begun
        if not self.status.done or not self.status.total or elapsed < 0.5:
            return None
        return elapsed * (self.status.total - self.status.done) / self.status.done
