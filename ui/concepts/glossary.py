"""The glossary of How it works: search, one word large, and all of them."""

import streamlit as st

from core.concepts.glossary import TERMS, Term, get_term, search_terms
from core.errors import NotFound
from ui import jargon, messages, state
from ui.concepts.labs_view import go_to_lab

SEARCH = "concept-search"


@st.fragment
@messages.guarded
def show_glossary(_: None) -> None:
    """All words, or those that contain what is searched; `?word=epoch` shows one of them."""
    wanted = st.text_input(
        "Find a word",
        key=SEARCH,
        placeholder="learning rate",
        icon=":material/search:",
        on_change=_searched,
    )
    asked = state.address("word")
    if asked and not wanted:
        _show_asked(asked)
    found = search_terms(wanted or "")
    if not found:
        st.markdown(f"No entry contains “{messages.literal(wanted)}”. Try a shorter word.")
        return
    st.caption(f"{len(found)} of {len(TERMS)} words" if wanted else f"{len(TERMS)} words")
    columns = st.columns(2, gap="large")
    for place, term in enumerate(found):
        with columns[place * 2 // len(found)]:
            _entry(term, bool(wanted))


def _show_asked(anchor: str) -> None:
    """The word in the address, above all others."""
    try:
        term = get_term(anchor)
    except NotFound as error:
        messages.show_error(error)
        return
    with st.container(border=True, key="concept-word"):
        st.header(term.title, anchor=False)
        st.markdown(term.meaning)
        with st.container(horizontal=True, vertical_alignment="center"):
            for other in term.see:
                st.button(
                    get_term(other).title,
                    key=f"concept-see-{other}",
                    type="tertiary",
                    icon=":material/arrow_forward:",
                    on_click=go_to_word,
                    args=(other,),
                )
            _try_it(term, "concept-asked-lab")
        st.button(
            "Close",
            key="concept-word-close",
            icon=":material/close:",
            on_click=go_to_word,
            args=("",),
        )


def _try_it(term: Term, key: str) -> None:
    if jargon.shown_in_lab(term) and st.button(
        "See it move", key=key, icon=":material/science:", type="tertiary"
    ):
        go_to_lab(term.lab)
        st.rerun()


def _entry(term: Term, searched: bool) -> None:
    """A word; where all of them are on the page, its relatives are one jump away."""
    st.subheader(term.title, anchor=term.anchor)
    links = (
        jargon.jargon(other) if searched else f"[{get_term(other).title}](#{other})"
        for other in term.see
    )
    see = ", ".join(links)
    moving = f" [See it move](/concepts?lab={term.lab})" if jargon.shown_in_lab(term) else ""
    also = f"\n\n:small[See also: {see}]" if see else ""
    st.markdown(f"{term.meaning}{moving}{also}")


def go_to_word(anchor: str) -> None:
    """Shows one word above the others, or none; for callbacks."""
    state.set_address("word", anchor or None)
    state.set_widget(SEARCH, "")


def _searched() -> None:
    state.set_address("word", None)
