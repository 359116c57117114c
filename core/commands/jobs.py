"""Jobs that a command runs in its own process and waits for."""

from pathlib import Path

from core.errors import LoupeError
from core.jobs import JobStatus, State, run_job
from core.progress import Progress


def run_telling(folder: Path, progress: Progress) -> JobStatus:
    """Runs the job in `folder` to its end and passes on what it says of its progress."""

    def tell(status: JobStatus) -> None:
        if status.message and not status.state.is_over:
            progress(status.done, status.total, status.message)

    return run_job(folder, tell)


def run_to_end(folder: Path, progress: Progress) -> JobStatus:
    """As `run_telling`.

    Raises:
        LoupeError: If it did not finish.
    """
    status = run_telling(folder, progress)
    if status.state is not State.FINISHED:
        raise LoupeError(status.message, status.next_step)
    return status
