"""Feature maps: what every layer of the model makes of a photo."""

import streamlit as st

from core.training.runs import Run
from ui import messages
from ui.asked_size import choose_asked_size
from ui.finished_run import finished_run
from ui.map_viewer import map_viewer
from ui.photo_sources import choose_photos, dataset_of


def show_page(run: Run) -> None:
    photos = choose_photos(dataset_of(run), key="inside", several=False)
    if not photos:
        st.caption("The maps appear as soon as there is a photo.")
        return
    size = choose_asked_size(run, "inside")
    with st.spinner("Looking at the photo through every layer", show_time=True):
        st.fragment(messages.guarded(map_viewer))(run, photos[0], size)


messages.page_header(
    "Look inside", "See what every layer of the model makes of a photo, map by map."
)
with messages.guard():
    run = finished_run("Here you see a photo through the eyes of the model")
    if run is not None:
        show_page(run)
