"""Training: start one, watch it, find it again, see the earlier ones."""

import streamlit as st

from core.errors import NotFound
from core.evaluation.cross_folder import CrossValidation
from core.status import State
from core.training.runs import Run
from ui import cache, messages, state
from ui.cross.listing import check_list
from ui.cross.listing import undo_offer as undo_check_offer
from ui.cross.room import check_room, checks_of, current_check
from ui.run_list import run_list, undo_offer
from ui.training_room import training_room
from ui.training_start import repeat_button, start_form


def show_current(name: str) -> Run | None:
    try:
        run = cache.run(name)
    except NotFound as error:
        messages.show_error(error)
        return None
    training_room(run)
    return run


def tell_of_others(runs: list[dict], shown: str | None) -> None:
    """A training at work that is not the one shown must not be forgotten."""
    for other in runs:
        if other["name"] != shown and not State(other["state"]).is_over:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"Another training is at work: **{other['name']}**", width="content")
                if st.button("Show it", key=f"show-{other['name']}"):
                    state.select_run(other["name"])
                    st.rerun()


def offer_start(dataset_name: str, run: Run | None) -> None:
    if run is None:
        st.subheader("A new training", anchor=False)
        start_form(dataset_name)
        return
    if not run.status().state.is_over:
        return
    st.subheader("Train again", anchor=False)
    repeat_button(run)
    start_form(dataset_name)


def show_page(dataset_name: str, check: CrossValidation | None) -> None:
    """A check takes the place of the training while the address names it."""
    runs = cache.runs(dataset_name)
    run_name = state.current_run_name() if check is None else None
    if check is not None:
        check_room(check)
        tell_of_others(runs, None)
    else:
        run = show_current(run_name) if run_name else None
        tell_of_others(runs, run_name)
        offer_start(dataset_name, run)
    undo_offer()
    if runs:
        st.subheader("Trainings so far", anchor=False)
        run_list(runs, run_name)
    undo_check_offer()
    check_list(checks_of(dataset_name), check.name if check else None)


def named_check() -> CrossValidation | None:
    """The check in the address, with its data set on show; says so where there is none."""
    check = None
    with messages.guard():
        check = current_check()
    if check is not None and check.plan.dataset != state.current_dataset_name():
        state.select_dataset(check.plan.dataset)
        state.set_address("cv", check.name)
        st.rerun()
    return check


messages.page_header(
    "Training",
    "The network looks at your photos again and again until it can tell them apart.",
    page="training",
)
with messages.guard():
    check = named_check()
    dataset_name = state.current_dataset_name()
    if dataset_name is None:
        messages.empty_state(
            "There is nothing to train on yet",
            "Bring a folder of photos for each class first. Training then takes about a minute.",
            page="photos",
            label="Bring your photos",
        )
    else:
        show_page(dataset_name, check)
