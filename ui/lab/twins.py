"""Does it help? Twins trained with and without, live and afterwards, and all that were."""

from pathlib import Path

import streamlit as st

from core.evaluation.twin_words import headline
from core.jobs import JobStatus, State
from core.launcher import launch
from core.training.twins import Twins, list_twins
from ui import cache, job_view, messages, state
from ui.lab.lab import Lab
from ui.lab.twins_form import start_form
from ui.lab.twins_list import earlier, show, title_words, undo_offer
from ui.lab.twins_result import result
from ui.lab.twins_trainings import curves

INTRODUCTION = (
    "The same network is trained **twice from the same start, for the same time**: with the "
    "recipe beside the pictures, and without it. Then both are asked about photos that neither "
    "has seen. That is done for several starts, because a lucky start can look like a good recipe."
)


def show_twins(lab: Lab) -> None:
    """The comparison on show, the form that starts one, and the earlier ones."""
    if lab.dataset_name is None:
        _nothing_to_train("Twins learn from your own photos, and there are none yet.")
        return
    dataset = cache.dataset(lab.dataset_name)
    if len(dataset.class_names) < 2:
        _nothing_to_train(
            "With a single class there is nothing to tell apart. Add photos of a second class."
        )
        return
    known = list_twins(cache.workspace(), dataset.name)
    running = [twins for twins in known if not twins.status().state.is_over]
    current = _current(known)
    if current is None:
        st.markdown(INTRODUCTION)
    else:
        _one(lab, current)
    _others(running, current)
    if not running:
        _form(lab, current is None)
    undo_offer()
    earlier(known, current)


def _nothing_to_train(sentence: str) -> None:
    with st.container(border=True, key="twins-empty"):
        st.subheader(":material/balance: Nothing to compare yet", anchor=False)
        st.markdown(sentence)
        state.page_link(
            "photos", "Go to the photos", icon=":material/arrow_forward:", key="twins-to-photos"
        )


def _current(known: list[Twins]) -> Twins | None:
    """The comparison in the address, else the newest."""
    asked = state.address("twins")
    return next((twins for twins in known if twins.name == asked), known[0] if known else None)


def _one(lab: Lab, twins: Twins) -> None:
    if job_view.is_running(twins.folder):
        st.subheader(f":material/balance: {title_words(twins)}", anchor=False)
        job_view.follow(twins.folder, _progress, key=f"twins-progress-{twins.name}")
        return
    if twins.comparison() is None:
        st.subheader(f":material/balance: {title_words(twins)}", anchor=False)
    _ending(twins)
    if twins.comparison() is not None:
        result(lab, twins)


def _progress(folder: Path, status: JobStatus) -> None:
    twins = Twins(folder)
    job_view.progress(folder, status, "Stop and compare what is done")
    st.caption(
        "You can leave this page. Stopped or cut short, it goes on where it was: trainings that "
        "are done are not repeated."
    )
    found = twins.comparison()
    if found is not None:
        pairs = len(found["seeds"])
        so_far = "the first pair" if pairs == 1 else f"the first {pairs} pairs"
        st.markdown(f"After {so_far}: {messages.literal(headline(twins.plan, found))}")
    curves(twins)


def _ending(twins: Twins) -> None:
    """Why it is not complete, and the way on; nothing where it is."""
    status = twins.status()
    if status.state is State.FINISHED:
        return
    if status.state is State.STOPPED:
        pairs = f"{len(twins.finished_seeds())} of {len(twins.plan.seeds)}"
        st.info(
            f"Stopped. Pairs that are complete: {pairs}. What is done is kept.",
            icon=":material/pause_circle:",
        )
    else:
        job_view.ending(status)
    st.button(
        "Go on",
        icon=":material/play_arrow:",
        key="twins-go-on",
        on_click=launch,
        args=(twins.folder,),
        help="Trains what is missing. What is done is not repeated.",
    )


def _others(running: list[Twins], current: Twins | None) -> None:
    """A comparison at work that is not the one shown must not be forgotten."""
    for twins in running:
        if current is None or twins.name != current.name:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"Another comparison is at work: {title_words(twins)}", width="content")
                st.button("Show it", key=f"twins-show-{twins.name}", on_click=show, args=(twins,))


def _form(lab: Lab, first: bool) -> None:
    if first:
        start_form(lab)
        return
    with st.expander("Compare the recipe as it is now", icon=":material/balance:"):
        start_form(lab)
