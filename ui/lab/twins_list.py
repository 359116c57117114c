"""The comparisons so far: what each found, show one, delete one, take that back."""

from datetime import datetime

import streamlit as st

from core.evaluation.twin_words import headline
from core.training.twins import Twins
from core.workspace import restore
from ui import cache, job_view, messages, state
from ui.galleries import page_of

PER_PAGE = 6
DELETED = "deleted-twins"


def earlier(known: list[Twins], current: Twins | None) -> None:
    """All comparisons, the newest first."""
    if len(known) < 2 and (current is None or job_view.is_running(current.folder)):
        return
    st.subheader("Comparisons so far", anchor=False)
    for place in page_of(len(known), PER_PAGE, key="twins-page"):
        _row(known[place], current is not None and known[place].name == current.name)


def _row(twins: Twins, shown: bool) -> None:
    found, running = twins.comparison(), job_view.is_running(twins.folder)
    verdict = headline(twins.plan, found) if found else "No pair is complete."
    with st.container(border=True, key=f"twins-row-{twins.name}"):
        words, buttons = st.columns([7, 4], vertical_alignment="center")
        words.markdown(
            f"**{title_words(twins)}**  \n:gray[:small[{_when(twins)}. "
            f"{'At work.' if running else messages.literal(verdict)}]]"
        )
        with buttons.container(horizontal=True, horizontal_alignment="right"):
            st.button(
                "Shown" if shown else "Show",
                key=f"twins-open-{twins.name}",
                disabled=shown,
                type="tertiary" if shown else "secondary",
                on_click=show,
                args=(twins,),
            )
            if not running:
                st.button(
                    "Delete",
                    key=f"twins-delete-{twins.name}",
                    icon=":material/delete:",
                    type="tertiary",
                    help="You can take it back.",
                    on_click=_delete,
                    args=(twins,),
                )


def title_words(twins: Twins) -> str:
    """What was compared, in Markdown: "With Gentle or without augmentation"."""
    plan = twins.plan
    words = f"{plan.words('with')} or {plan.words('without')}"
    return messages.literal(words[:1].upper() + words[1:])


def _when(twins: Twins) -> str:
    return datetime.fromisoformat(twins.plan.created).strftime("%d %b %Y, %H:%M")


def show(twins: Twins) -> None:
    """Puts a comparison into the address; for callbacks."""
    state.set_address("twins", twins.name)


def _delete(twins: Twins) -> None:
    state.put(DELETED, twins.delete())
    if state.address("twins") == twins.name:
        state.set_address("twins", None)


def _restore(token: str) -> None:
    state.set_address("twins", restore(cache.workspace(), token).name)
    state.put(DELETED, None)


def undo_offer() -> None:
    """Brings back the comparison that was deleted last, if one was."""
    token = state.get(DELETED)
    if not token:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="twins-undo"):
        st.markdown("The comparison is in the bin.", width="content")
        st.button(
            "Undo", icon=":material/undo:", key="twins-undelete", on_click=_restore, args=(token,)
        )
