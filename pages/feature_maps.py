"""Look inside: what the model makes of a photo, layer by layer, and why it answers as it does."""

import streamlit as st

from core.training.runs import Run
from ui import messages
from ui.asked_size import choose_asked_size
from ui.finished_run import finished_run
from ui.inside import warming
from ui.inside.inside import Inside
from ui.inside.views import show_view
from ui.photo_sources import choose_photos, dataset_of


def show_page(run: Run) -> None:
    warming.begin(run)
    dataset = dataset_of(run)
    photos = choose_photos(dataset, key="inside", several=False)
    if not photos:
        st.caption("The maps appear as soon as there is a photo.")
        return
    size = choose_asked_size(run, "inside")
    warming.wait_until_open(run)
    with st.spinner("Looking at the photo through every layer", show_time=True):
        show_view(Inside(run, photos[0], dataset, size))


messages.page_header(
    "Look inside",
    "See what every layer of the model makes of a photo, and why it answers so.",
    page="feature_maps",
)
with messages.guard():
    run = finished_run("Here you see a photo through the eyes of the model")
    if run is not None:
        show_page(run)
