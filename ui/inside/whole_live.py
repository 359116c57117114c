"""A small network that reacts while one draws: which one, and how to get one."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import streamlit as st

from core.errors import LoupeError
from core.jobs import JobStatus, new_job
from core.launcher import launch
from core.live_digits import FIGURES
from core.training.runs import Run
from ui import cache, job_view, messages, state
from ui.components.live_network import live_network
from ui.inside.inside import Inside
from ui.palette import class_color
from ui.photo_sources import picture_address

FITNESS = "core.inspection.live:fitness"
MAKE = "core.live_digits:make"
MOST_ASKED = 4  # runs on digits; older ones are not looked at


def show_live(inside: Inside) -> None:
    """The pad and the layers of the run at hand if it is small enough, else of one on digits."""
    own = fitness(inside.run)
    runs = [inside.run] if own["fits"] else []
    digits = newest_digits(inside.run)
    runs += [digits] if digits is not None else []
    if not own["fits"]:
        _tell_why_not(inside.run, own["problems"], digits)
    if not runs:
        _offer_digits()
        return
    run = _choose(runs)
    is_digits = _knows_figures(run)
    photo = None
    if run == inside.run and not is_digits:
        photo = picture_address(inside.photo, run.config.dataset)
    live_network(
        key="whole-live",
        address=f"/api/runs/{quote(run.name)}/live?stamp={run.model_path.stat().st_mtime_ns}",
        run=run.name,
        colors=[class_color(index) for index in range(len(run.config.class_names))],
        digits=is_digits,
        photo=photo,
    )
    st.caption(
        "Every stroke goes through all layers at once, right here in your browser: the numbers "
        "are the very ones that the trained network computes."
    )


def fitness(run: Run) -> dict[str, Any]:
    """What `core.inspection.live.fitness` says of a run; kept until its model changes."""
    folder, stamp = str(run.folder), run.model_path.stat().st_mtime_ns
    return dict(cache.remembered(_fitness, folder, stamp))


def newest_digits(besides: Run) -> Run | None:
    """The newest other run that knows the ten figures and can be computed in a browser."""
    asked = 0
    for summary in cache.runs():
        if not summary["has_model"] or summary["name"] == besides.name or asked >= MOST_ASKED:
            continue
        try:
            run = cache.run(str(summary["name"]))
            if not _knows_figures(run):
                continue
            asked += 1
            if fitness(run)["fits"]:
                return run
        except LoupeError:
            continue
    return None


def _fitness(folder: str, stamp: int) -> dict[str, Any]:
    return dict(cache.engine().call(FITNESS, folder))


def _knows_figures(run: Run) -> bool:
    return tuple(run.config.class_names) == FIGURES


def _choose(runs: list[Run]) -> Run:
    """Which of them; the address says so: `?live=RUN`."""
    by_name = {run.name: run for run in runs}
    if len(runs) == 1:
        return runs[0]
    asked = state.address("live")
    current = asked if asked in by_name else runs[0].name
    state.set_widget("whole-live-run", current)
    st.segmented_control(
        "Which network",
        list(by_name),
        required=True,
        key="whole-live-run",
        on_change=_run_chosen,
        wrap=True,
    )
    return by_name[str(current)]


def _run_chosen() -> None:
    state.set_address("live", state.widget("whole-live-run"))


def _tell_why_not(run: Run, problems: list[str], instead: Run | None) -> None:
    words = f"**{messages.literal(run.name)}** cannot react while one draws. "
    words += messages.literal(problems[0])
    if instead is not None:
        words += f" So this is **{messages.literal(instead.name)}**, which can."
    st.info(words, icon=":material/info:")
    if len(problems) > 1:
        every = "\n".join(f"- {messages.literal(problem)}" for problem in problems)
        messages.why(every, "Everything that forbids it")


def _offer_digits() -> None:
    """One click: figures and a small network that has learnt them."""
    folder = job_view.find_job(MAKE) or _job_of_visit()
    if folder is not None:
        job_view.follow(folder, _progress, key="whole-live-job")
        if job_view.is_running(folder):
            return
    with st.container(border=True, key="whole-live-empty"):
        st.subheader(":material/draw: A network to draw for", anchor=False)
        st.markdown(
            "Draw a figure and watch every layer light up while you draw. It takes a small "
            "network that knows handwritten figures: Loupe brings 1,797 of them and trains one "
            "in about half a minute."
        )
        if st.button("Make one now", type="primary", icon=":material/bolt:", key="whole-live-make"):
            start_making()
            st.rerun()


def start_making() -> None:
    """Launches the job, unless it is at work already."""
    folder = job_view.find_job(MAKE)
    if folder is None:
        folder = new_job(cache.workspace(), MAKE, {}, "Make a network for digits")
        launch(folder)
    state.put("whole-live-job", folder.name)


def _job_of_visit() -> Path | None:
    name = state.get("whole-live-job")
    folder = cache.workspace().jobs / Path(str(name)).name
    return folder if name and (folder / "job.json").is_file() else None


def _progress(folder: Path, status: JobStatus) -> None:
    job_view.progress(folder, status)
