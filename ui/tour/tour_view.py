"""The tour on the page How it works: what it is, how far one is, and what comes after it."""

from dataclasses import replace

import streamlit as st

from ui import cache, messages, state
from ui.road import percent
from ui.tour import journey as tour
from ui.tour.journey import Journey
from ui.tour.steps import MINUTES, STEPS

ONWARDS: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("concepts", "Understand it: the labs", {"view": "labs"}, ":material/science:"),
    ("photos", "Better photos: checks and labels", {"view": "checks"}, ":material/troubleshoot:"),
    ("training", "Train once more, and compare", {}, ":material/model_training:"),
    ("feature_maps", "Why this answer?", {"view": "why"}, ":material/center_focus_strong:"),
)


def show_tour(_: None) -> None:
    """Its steps, with the button that starts it, goes on or ends it."""
    journey = tour.current_journey()
    if journey is not None and journey.is_over:
        _finale(journey)
        return
    st.header("From photos to a model of your own", anchor=False)
    st.markdown(
        f"Nine steps on the real pages, about **{MINUTES} minutes**. A bar at the foot of every "
        "page says what to do, notices by itself when it is done, and can be put away at any time. "
        "Photos of your own make it more fun; the insects that Loupe draws will do."
    )
    _list(journey)
    with st.container(horizontal=True):
        if journey is None:
            if st.button(
                "Start the tour", type="primary", icon=":material/tour:", key="tour-start"
            ):
                start()
            return
        if st.button("Go on", type="primary", icon=":material/arrow_forward:", key="tour-resume"):
            tour.keep(replace(journey, folded=False))
            state.go_to(journey.step.page, _view(journey))
        st.button(
            "Begin again", icon=":material/restart_alt:", key="tour-again", on_click=tour.begin
        )


def start() -> None:
    """Begins the tour at its first step."""
    tour.begin()
    state.go_to(STEPS[0].page)


def _view(journey: Journey) -> dict[str, str]:
    return {"view": journey.step.view} if journey.step.view else {}


def _list(journey: Journey | None) -> None:
    lines = []
    for place, step in enumerate(STEPS):
        icon = ":material/radio_button_unchecked:"
        if journey is not None and place < journey.place:
            skipped = step.name in journey.skipped
            icon = ":material/remove:" if skipped else ":material/check_circle:"
        elif journey is not None and place == journey.place:
            icon = ":material/arrow_circle_right:"
        lines.append(f"{icon} **{step.title}** :gray[· {step.minutes} min]  \n{step.task}")
    left, right = st.columns(2, gap="large")
    half = -(-len(lines) // 2)
    left.markdown("\n\n".join(lines[:half]))
    right.markdown("\n\n".join(lines[half:]))


def _finale(journey: Journey) -> None:
    """The model that was made, and where to go from here."""
    run = journey.facts().run
    st.header(":material/celebration: The tour is over", anchor=False)
    if run is None:
        st.markdown(
            "No network was trained on the way, so there is no model of yours yet. That takes "
            "about a minute."
        )
        state.page_link("training", "Train one", icon=":material/arrow_forward:", as_button=True)
    else:
        accuracy = run["test_accuracy"]
        said = (
            f"names **{percent(accuracy)}** of new photos rightly"
            if accuracy is not None
            else "has not been tested yet"
        )
        classes = messages.literal(", ".join(cache.run(run["name"]).config.class_names))
        name = messages.literal(run["title"])
        st.markdown(f"**{name}** is your own model. It tells {classes} apart and {said}.")
    st.markdown("Where to go next:")
    params = {"run": str(run["name"]), "dataset": str(run["dataset"])} if run else {}
    with st.container(horizontal=True):
        for page, words, more, icon in ONWARDS:
            state.page_link(page, words, icon=icon, params={**params, **more})
    with st.container(horizontal=True):
        st.button(
            "Take it again", icon=":material/restart_alt:", key="tour-again", on_click=tour.begin
        )
        st.button("Close", icon=":material/close:", key="tour-close", on_click=tour.end)
