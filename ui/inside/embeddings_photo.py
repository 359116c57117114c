"""The photo that was clicked on the plane: what the network answers, and its nearest photos."""

from html import escape

import streamlit as st

from core.datasets.dataset import Dataset
from core.training.runs import Run
from ui import charts, messages, state
from ui.answers import headline, verdict
from ui.galleries import photo_grid, photo_url
from ui.galleries import rows_of as table_rows
from ui.inside.embeddings_data import Flat, nearest_photos
from ui.photo_sources import TEST
from ui.photos.words import SPLIT_WORDS
from ui.view_switch import go_to_view

NEAREST = 5


def show_opened(run: Run, dataset: Dataset, made: Flat) -> None:
    """What belongs to the photo in the address, if it is on the plane."""
    opened = state.address("near")
    if not opened:
        st.caption("Click a photo to see what the network answers and which photos are nearest.")
        return
    if opened not in made.known.ids or opened not in dataset.places:
        st.caption("The photo in the address is not on this plane.")
        return
    row = dataset.photo(opened)
    with st.container(border=True, key="embeddings-opened"):
        shown, said = st.columns([2, 3], gap="large")
        with shown:
            label, name = str(row["label"]), str(row["source_file"])
            address = photo_url(dataset.name, opened, 480)
            st.html(
                f"<style>{CSS}</style><img class='lp-opened' src='{escape(address, quote=True)}' "
                f"alt='{escape(f'{label}, {name}', quote=True)}'>"
            )
            split = SPLIT_WORDS.get(str(row["split"]), str(row["split"]))
            st.caption(messages.literal(f"{name}, {split}"))
        with said:
            _answer(run, made, opened, label)
            if st.button(
                "Look inside this photo",
                icon=":material/search:",
                key="embeddings-look",
                on_click=_look_inside,
                args=(opened,),
            ):
                st.rerun()
        near = nearest_photos(dataset, made, opened, NEAREST)
        if near:
            st.markdown("**Nearest to it in all numbers**")
            photos = dataset.manifest.iloc[[dataset.places[one] for one in near]]
            st.html(photo_grid(dataset.name, table_rows(photos), dataset.class_names))


def _answer(run: Run, made: Flat, photo_id: str, label: str) -> None:
    if made.known.probabilities is None:
        st.markdown(f"It is {messages.literal(label)}.")
        return
    shares = made.known.probabilities[made.known.ids.index(photo_id)].tolist()
    names = run.config.class_names
    probabilities = dict(zip(names, shares, strict=True))
    first = max(probabilities, key=lambda name: probabilities[name])
    answer = {
        "label": first,
        "probability": probabilities[first],
        "probabilities": probabilities,
    }
    st.markdown(f"#### {messages.literal(headline(answer))}")
    st.markdown(verdict(messages.literal(first), messages.literal(label)))
    st.html(charts.probability_bars(probabilities, names, label))


def _look_inside(photo_id: str) -> None:
    state.set_address("photo", photo_id)
    state.set_address("near", None)
    state.set_widget("inside-where", TEST)
    go_to_view("maps")


CSS = ".lp-opened {display: block; max-width: 100%; max-height: 20rem; border-radius: .5rem}"
