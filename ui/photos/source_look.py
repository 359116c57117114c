"""A look at a source before it is imported: begun when it is named, kept while it lasts."""

import time
from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.jobs import LOOK_FILE
from core.jobs import State, new_job, read_status
from core.launcher import launch
from core.workspace import read_json
from ui import cache, job_view, state

LOOK = "core.datasets.jobs:look_job"
# Most sources are looked at in less: then no waiting is shown at all.
PATIENCE_SECONDS = 1.5


def looked_at(source: Path, key: str) -> dict[str, Any] | None:
    """What `core.datasets.looking.look` saw in `source`; None while it looks or when it failed.

    Draws how far it is, or why it failed.
    """
    folder = _job(source, key)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (status := read_status(folder)).state.is_over and time.monotonic() < deadline:
        time.sleep(0.05)
    if status.state is State.FINISHED:
        return cache.remembered(_read, str(folder / LOOK_FILE))
    with st.container(border=True):
        job_view.follow(folder, job_view.progress, key=f"{key}-look")
        if status.state.is_over:
            st.button(
                "Look again",
                icon=":material/refresh:",
                key=f"{key}-look-again",
                on_click=forget,
                args=(key,),
            )
    return None


def forget(key: str) -> None:
    """The next look is a fresh one."""
    state.put(f"{key}-look", None)


def _job(source: Path, key: str) -> Path:
    """The job that looks at the source as it is now."""
    wanted = (str(source), source.stat().st_mtime_ns)
    known = state.get(f"{key}-look")
    if known and known[0] == wanted and (cache.workspace().jobs / known[1]).is_dir():
        return cache.workspace().jobs / known[1]
    folder = new_job(cache.workspace(), LOOK, {"source": str(source)}, f"Look at {source.name}")
    launch(folder)
    state.put(f"{key}-look", (wanted, folder.name))
    return folder


def _read(path: str) -> dict[str, Any]:
    return read_json(Path(path))
