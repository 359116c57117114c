"""Jobs that look at every photo once, so that a view can go on: offered, watched, stopped."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.datasets.dataset import Dataset
from core.jobs import new_job, read_status
from core.launcher import launch
from ui import cache, job_view, state

MEASURE = "core.datasets.jobs:measure_job"
MAP = "core.datasets.jobs:map_job"
CLASS_PICTURES = "core.datasets.jobs:class_pictures_job"
EMBED = "core.inspection.embeddings:embeddings_job"


def offer_measuring(dataset: Dataset, why: str) -> None:
    """Offers to measure all photos of a data set."""
    offer(MEASURE, {"dataset": dataset.name}, f"Measure {dataset.title}", why, "Measure the photos")


def offer_embedding(run: str) -> None:
    """Offers to ask a run what it makes of every photo."""
    why = f"{run} has not looked at all photos yet."
    offer(EMBED, {"run": run}, f"Look with {run}", why, f"Let {run} look at them")


def offer(
    function: str, arguments: Mapping[str, Any], title: str, why: str, button: str, key: str = ""
) -> None:
    """A sentence and a button that starts a job, or the job at work.

    Args:
        function: What the job calls.
        arguments: What it is called with; other jobs of the same function are not shown.
        title: What the job is called.
        why: What the job is good for, in a sentence.
        button: The words on the button.
        key: Identity of this offer on its page, where the function alone does not give one.
    """
    key = key or function.rpartition(":")[2]
    folder = job_view.find_job(function, arguments)
    last = cache.workspace().jobs / str(state.get(f"job-{key}-{_name(arguments)}") or "")
    with st.container(border=True, key=f"offer-{key}"):
        if folder is not None:
            job_view.follow(folder, job_view.progress, key=f"follow-{key}")
            return
        if last != cache.workspace().jobs and last.is_dir():
            job_view.ending(read_status(last))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(why, width="stretch")
            st.button(
                button,
                type="primary",
                icon=":material/play_arrow:",
                key=f"start-{key}",
                on_click=_start,
                args=(function, dict(arguments), title, key),
            )


def _start(function: str, arguments: dict[str, Any], title: str, key: str) -> None:
    folder = new_job(cache.workspace(), function, arguments, title)
    launch(folder)
    state.put(f"job-{key}-{_name(arguments)}", folder.name)


def _name(arguments: Mapping[str, Any]) -> str:
    return "-".join(str(value) for value in arguments.values())
