"""Prediction: show the model a photo and see what it takes it for."""

import streamlit as st

from core.training.runs import Run
from ui import answers, messages, state
from ui.asked_size import choose_asked_size
from ui.finished_run import finished_run
from ui.photo_sources import choose_photos, dataset_of

MIRRORED = (
    "The model looks at the photo and at its mirror image, and the answer is the mean of the "
    "two. It is often a little better; not where left and right mean different things."
)


def show_page(run: Run) -> None:
    photos = choose_photos(dataset_of(run), key="predict")
    mirrored = bool(photos) and st.toggle(
        "Ask about its mirror image too", key="mirrored", help=MIRRORED
    )
    with messages.guard():
        size = choose_asked_size(run, "predict") if photos else None
        if len(photos) == 1:
            answers.show_answer(run, photos[0], mirrored, size)
        elif photos:
            answers.show_table(run, photos, mirrored, size)
        else:
            st.caption(f"It knows {', '.join(run.config.class_names)}, and nothing else.")
    if photos:
        link_to_maps(photos[0].photo_id)


def link_to_maps(photo_id: str | None) -> None:
    state.page_link(
        "feature_maps",
        "Look inside: what it sees in this photo" if photo_id else "Look inside",
        icon=":material/visibility:",
        params={"photo": photo_id} if photo_id else None,
    )


messages.page_header(
    "Prediction",
    "Show the model a photo it has never seen, and see what it takes it for.",
    page="prediction",
)
with messages.guard():
    run = finished_run("Here you try it on photos of your own")
    if run is not None:
        show_page(run)
