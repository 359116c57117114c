"""The glossary of How it works."""

import streamlit as st

from core.concepts.glossary import search_terms
from ui import messages, state


@st.fragment
@messages.guarded
def show_glossary(_: None) -> None:
    """All words, or those that contain what is searched; `?word=epoch` searches for one."""
    wanted = st.text_input(
        "Find a word",
        value=state.address("word") or "",
        key="concept-search",
        placeholder="learning rate",
    )
    found = search_terms(wanted)
    if not found:
        st.markdown(f"No entry contains “{messages.literal(wanted)}”. Try a shorter word.")
    columns = st.columns(2, gap="large")
    for place, term in enumerate(found):
        with columns[place * 2 // len(found)]:
            st.subheader(term.title, anchor=term.anchor)
            st.markdown(term.meaning)
