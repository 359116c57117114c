"""A job as people see it: what it is doing, how far it is, how long it takes, and stop."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import LoupeError
from core.jobs import JobStatus, State, read_status, request_stop
from core.workspace import read_json
from ui import cache, messages

POLL_SECONDS = 1.0
LOOK_BACK = 30  # jobs; older ones have ended long ago
ENDINGS = {
    State.FINISHED: "Done.",
    State.STOPPED: "Stopped. You can start again at any time.",
    State.FAILED: "It did not work.",
    State.INTERRUPTED: "It was interrupted: its process ended before it was done.",
}


def find_job(function: str, arguments: Mapping[str, Any] | None = None) -> Path | None:
    """The newest job at work that calls `function`, in whichever window it was started.

    Args:
        arguments: What it is called with; None for any.
    """
    newest = sorted(cache.workspace().jobs.glob("*/job.json"), reverse=True)[:LOOK_BACK]
    for file in newest:
        try:
            job = read_json(file)
            mine = arguments is None or job["arguments"] == dict(arguments)
            if mine and job["function"] == function and is_running(file.parent):
                return file.parent
        except (LoupeError, KeyError):
            continue
    return None


def is_running(folder: Path | None) -> bool:
    """Whether the job in `folder` is waiting or at work."""
    return folder is not None and folder.exists() and not read_status(folder).state.is_over


def follow(folder: Path, draw: Callable[[Path, JobStatus], None], key: str) -> None:
    """Draws a job again and again while it runs, and reruns the page once when it ends."""
    live = is_running(folder)

    @messages.guarded
    def tick() -> None:
        status = read_status(folder)
        draw(folder, status)
        if live and status.state.is_over:
            st.rerun()

    st.fragment(tick, run_every=POLL_SECONDS if live else None, key=key)()


def progress(folder: Path, status: JobStatus, stop_label: str = "Stop") -> None:
    """The bar, the words and the button of a job at work; the ending of one that is over."""
    if status.state.is_over:
        ending(status)
        return
    words = status.message or status.phase or "Starting"
    if status.total:
        words = f"{words} · {status.done:,} of {status.total:,} {status.unit}".rstrip()
    if status.seconds_left:
        words = f"{words} · {duration(status.seconds_left)} left"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(status.share, text=words)
        st.button(
            stop_label,
            icon=":material/stop_circle:",
            key=f"stop-{folder.name}",
            on_click=request_stop,
            args=(folder,),
        )


def ending(status: JobStatus) -> None:
    """How a job ended, in a sentence; nothing for one that simply finished."""
    if status.state is State.FAILED:
        messages.show_error(LoupeError(status.message or ENDINGS[status.state], status.next_step))
    elif status.state in (State.STOPPED, State.INTERRUPTED):
        st.info(ENDINGS[status.state], icon=":material/info:")


def duration(seconds: float) -> str:
    """`"8 s"`, `"2 min"`, `"1 h 5 min"`."""
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
