"""The cross-validations so far: how good, show one, delete one, take that back."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.errors import LoupeError
from core.evaluation.cross_folder import CrossValidation
from core.evaluation.cross_words import headline
from core.jobs import State
from core.workspace import restore
from ui import cache, job_view, messages, state
from ui.cross.room import title
from ui.galleries import page_of
from ui.training_room import badge

PER_PAGE = 6
DELETED = "deleted-cross"


def check_list(known: Sequence[CrossValidation], current: str | None) -> None:
    """All cross-validations on a data set, the newest first."""
    if not known:
        return
    st.subheader("Cross-validations so far", anchor=False)
    for place in page_of(len(known), PER_PAGE, key="cross-page"):
        _row(known[place], known[place].name == current)


def _row(cross: CrossValidation, shown: bool) -> None:
    state_now = cross.status().state
    with st.container(border=True, key=f"cross-row-{cross.name}"):
        words, figures, buttons = st.columns([4, 4, 3], vertical_alignment="center")
        mark = badge(state_now) if state_now.is_over else ""
        words.markdown(f"**{title(cross)}** {mark}  \n:gray[{_when(cross)}]")
        figures.markdown(_figures(cross, state_now))
        with buttons.container(horizontal=True, horizontal_alignment="right"):
            st.button(
                "Shown" if shown else "Show",
                key=f"cross-open-{cross.name}",
                disabled=shown,
                type="tertiary" if shown else "secondary",
                on_click=show,
                args=(cross.name,),
            )
            if state_now.is_over:
                st.button(
                    "Delete",
                    key=f"cross-delete-{cross.name}",
                    icon=":material/delete:",
                    type="tertiary",
                    help="You can take it back.",
                    on_click=_delete,
                    args=(cross,),
                )


def _figures(cross: CrossValidation, state_now: State) -> str:
    try:
        report = cross.report()
    except LoupeError:
        return "Its results cannot be read."
    if not state_now.is_over:
        return f"at work, {len(cross.done())} of {len(cross.plan.order())} parts done"
    if report is None:
        return "No part is done."
    time = job_view.duration(report["seconds"])
    return f"{messages.literal(headline(report))}  \n:gray[{report['photos']:,} photos, {time}]"


def _when(cross: CrossValidation) -> str:
    return datetime.fromisoformat(cross.plan.created).strftime("%d %b %Y, %H:%M")


def show(name: str) -> None:
    """Puts a cross-validation into the address; for callbacks."""
    state.set_address("cv", name)
    state.set_address("beside", None)


def _delete(cross: CrossValidation) -> None:
    with messages.guard():
        state.put(DELETED, cross.delete())
        if state.address("cv") == cross.name:
            state.set_address("cv", None)


def _restore(token: str) -> None:
    show(restore(cache.workspace(), token).name)
    state.put(DELETED, None)


def undo_offer() -> None:
    """Brings back the cross-validation that was deleted last, if one was."""
    token = state.get(DELETED)
    if not token:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="cross-undo"):
        st.markdown("The check is in the bin.", width="content")
        st.button(
            "Undo", icon=":material/undo:", key="cross-undelete", on_click=_restore, args=(token,)
        )
