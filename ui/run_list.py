"""The trainings so far: how good each is, open one, delete one, take that back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from core.status import State
from core.workspace import restore
from ui import cache, state
from ui.galleries import page_of
from ui.training_room import badge, percent, seconds_text

PER_PAGE = 8
DELETED = "deleted-run"


def run_list(runs: Sequence[dict[str, Any]], current: str | None) -> None:
    """All trainings on a data set, the newest first."""
    for place in page_of(len(runs), PER_PAGE, key="runs-page"):
        _row(runs[place], runs[place]["name"] == current)


def _row(run: dict[str, Any], is_current: bool) -> None:
    name = run["name"]
    with st.container(border=True, key=f"row-{name}"):
        words, figures, buttons = st.columns([4, 4, 3], vertical_alignment="center")
        mark = badge(run["state"], run["ending"]) if State(run["state"]).is_over else ""
        words.markdown(f"**{name}** {mark}  \n:gray[{_when(run['created'])}]")
        figures.markdown(f"{_accuracy(run)}  \n:gray[{_effort(run)}]")
        with buttons.container(horizontal=True, horizontal_alignment="right"):
            if is_current:
                st.button("Shown", key=f"open-{name}", disabled=True, type="tertiary")
            elif st.button("Show", key=f"open-{name}", help=f"Show {name} on every page"):
                state.select_run(name)
                st.rerun()
            if State(run["state"]).is_over:
                st.button(
                    "Delete",
                    key=f"delete-{name}",
                    icon=":material/delete:",
                    type="tertiary",
                    help=f"Delete {name}; you can take it back",
                    on_click=_delete,
                    args=(name,),
                )


def _delete(name: str) -> None:
    token = cache.run(name).delete()
    state.put(DELETED, (name, token))
    if state.current_run_name() == name:
        state.select_run(None)


def _restore(token: str) -> None:
    state.select_run(restore(cache.workspace(), token).name)
    state.put(DELETED, None)


def undo_offer() -> None:
    """Brings back the training that was deleted last, if one was."""
    deleted = state.get(DELETED)
    if not deleted:
        return
    name, token = deleted
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo-row"):
        st.markdown(f"{name} was deleted.", width="content")
        st.button("Undo", icon=":material/undo:", on_click=_restore, args=(token,), key="undo")


def _accuracy(run: dict[str, Any]) -> str:
    if not State(run["state"]).is_over:
        return "at work"
    if run["test_accuracy"] is not None:
        return f"**{percent(run['test_accuracy'])}** right on test photos"
    if run["val_accuracy"] is not None:
        return f"**{percent(run['val_accuracy'])}** right on unseen photos"
    return "no accuracy"


def _effort(run: dict[str, Any]) -> str:
    if not State(run["state"]).is_over:
        return str(run["recipe"])
    epochs = f"{run['epochs']} epochs, " if run.get("epochs") else ""
    return f"{run['recipe']}, {epochs}{seconds_text(run['seconds'])}"


def _when(created: str) -> str:
    return datetime.fromisoformat(created).strftime("%d %b %Y, %H:%M")
