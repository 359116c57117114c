"""What the gallery is sorted by likeness to, and by whose eyes."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.selection import Query
from core.errors import NotFound
from ui import cache, state
from ui.galleries import photo_url
from ui.photos.facts import BY_EYE, run_for
from ui.photos.gallery_filters import show
from ui.photos.measuring import offer_embedding

PICTURE = "<img class='loupe-similar' alt='the photo that others are compared with' src='{}'>"


def similar_note(dataset: Dataset, query: Query) -> None:
    """The photo that others are compared with, and the way out; nothing without one."""
    if not query.similar:
        return
    try:
        photo = dataset.photo(query.similar)
    except NotFound:
        show(query.model_copy(update={"similar": "", "sort": "turns"}))
        return
    run = run_for(dataset)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.html(PICTURE.format(photo_url(dataset.name, photo["id"], 160)), width=64)
        st.markdown(f"**Most similar to this photo of {photo['label']}**", width="stretch")
        if run:
            _eyes(run)
        st.button(
            "Stop comparing",
            icon=":material/close:",
            type="tertiary",
            key="similar-stop",
            on_click=show,
            args=(query.model_copy(update={"similar": "", "sort": "turns"}),),
        )
    if run and state.address("by") == run and cache.embeddings(run) is None:
        offer_embedding(run)


def _eyes(run: str) -> None:
    key = "similar-by"
    asked = state.address("by") or BY_EYE
    state.set_widget(key, asked if asked in (BY_EYE, run) else BY_EYE)
    st.segmented_control(
        "Compared by",
        [BY_EYE, run],
        key=key,
        required=True,
        format_func=lambda name: "colour and form" if name == BY_EYE else f"what {name} learnt",
        label_visibility="collapsed",
        on_change=lambda: state.set_address("by", state.widget(key)),
    )
