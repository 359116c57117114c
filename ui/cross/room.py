"""A cross-validation on the training page: at work, ended early, or with its result."""

from pathlib import Path

import streamlit as st

from core.errors import LoupeError
from core.evaluation.cross_folder import CrossValidation, list_cross, open_cross
from core.evaluation.cross_words import headline
from core.jobs import JobStatus, State
from core.launcher import launch
from ui import cache, job_view, messages, state
from ui.cross.photos import predictions
from ui.cross.result import dots, result


def current_check() -> CrossValidation | None:
    """The cross-validation in the address, or None.

    Raises:
        LoupeError: If it does not exist or cannot be read.
    """
    name = state.address("cv")
    if not name:
        return None
    check = open_cross(cache.workspace(), name)
    _ = check.plan  # a damaged one is told now, before anything of it is drawn
    return check


def checks_of(dataset_name: str) -> list[CrossValidation]:
    """All cross-validations on a data set, newest first."""
    return list_cross(cache.workspace(), dataset_name)


def title(cross: CrossValidation) -> str:
    """What was checked, in Markdown."""
    plan = cross.plan
    rounds = "" if plan.repeats == 1 else f", {plan.repeats} rounds"
    return messages.literal(f"{plan.recipe.title} in {plan.folds} parts{rounds}")


def check_room(cross: CrossValidation) -> None:
    """Shows it; looks again every second for as long as it is not over."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f":material/checklist: {title(cross)}", anchor=False)
        st.button(
            "Back to the trainings",
            icon=":material/arrow_back:",
            type="tertiary",
            key="cross-back",
            on_click=state.set_address,
            args=("cv", None),
        )
    if job_view.is_running(cross.folder):
        job_view.follow(cross.folder, _progress, key=f"cross-progress-{cross.name}")
        return
    damaged = _damage(cross)
    _ending(cross, damaged)
    if damaged is None and cross.report() is not None:
        result(cross)


def _progress(folder: Path, status: JobStatus) -> None:
    cross = CrossValidation(folder)
    job_view.progress(folder, status, "Stop and keep the parts that are done")
    st.caption(
        "You can leave this page. Stopped or cut short, it goes on where it was: parts that are "
        "done are not trained again."
    )
    report = cross.report()
    if report is not None:
        st.markdown(f"So far: {messages.literal(headline(report))}")
    dots(cross)


def _ending(cross: CrossValidation, damaged: LoupeError | None) -> None:
    """Why it is not complete, and the way on; nothing where it is."""
    status = cross.status()
    done, of = len(cross.done()), len(cross.plan.order())
    if status.state is State.FINISHED and damaged is None:
        return
    if damaged is not None:
        messages.show_error(damaged)
    elif status.state is State.STOPPED and not done:
        st.info(
            "You stopped it before the first part was done. Nothing is known yet.",
            icon=":material/pause_circle:",
        )
    elif status.state is State.STOPPED:
        st.info(
            f"You stopped it. {done} of {of} parts are done and kept.",
            icon=":material/pause_circle:",
        )
    else:
        job_view.ending(status)
    st.button(
        "Go on",
        icon=":material/play_arrow:",
        key="cross-go-on",
        on_click=launch,
        args=(cross.folder,),
        help="Trains what is missing. What is done is not repeated.",
    )


def _damage(cross: CrossValidation) -> LoupeError | None:
    """What cannot be read, when it is over."""
    try:
        if cross.report() is not None:
            predictions(cross)
    except LoupeError as error:
        return error
    return None
