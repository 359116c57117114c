"""The slim bar that goes along with the visitor: the step, what to do, and the way on."""

from dataclasses import replace

import streamlit as st

from core.datasets.splits import SplitShares
from ui import cache, messages, road, state
from ui.tour import journey as tour
from ui.tour.journey import Journey
from ui.tour.steps import STEPS, Step

POLL_SECONDS = 2.0
SAMPLE = "pond-insects"


def show_bar(page: str) -> None:
    """At the foot of `page` while a tour is under way; nothing otherwise."""
    journey = tour.current_journey()
    if journey is None:
        return
    if journey.is_over:
        if page == "concepts":  # its end is shown there, also after a reload
            tour.keep(journey)
        return
    journey = tour.note(journey, page)
    waits = not journey.folded and not journey.step.noticed(journey.facts())
    with st.bottom:
        # What is waited for, such as the end of a training, comes without a click.
        st.fragment(_bar, run_every=POLL_SECONDS if waits else None, key="tour")(page)


@messages.guarded
def _bar(page: str) -> None:
    journey = tour.current_journey()
    if journey is None or journey.is_over:
        return
    journey = tour.note(journey, page)
    place = journey.place + 1
    if journey.folded:
        words = f"Tour: step {place} of {len(STEPS)}"
        if st.button(words, icon=":material/tour:", key="tour-unfold", type="tertiary"):
            _fold(journey, False)
        return
    step, noticed = journey.step, journey.step.noticed(journey.facts())
    with st.container(key="tour-bar", gap="xsmall"):
        st.html(_progress(journey))
        with st.container(horizontal=True, vertical_alignment="center", key="tour-row"):
            st.markdown(_words(step, place, noticed), width="stretch")
            with st.container(
                horizontal=True, vertical_alignment="center", width="content", key="tour-buttons"
            ):
                _buttons(journey, step, page, bool(noticed))


def _words(step: Step, place: int, noticed: str) -> str:
    head = f"**Step {place} of {len(STEPS)} · {step.title}** :gray[· {step.minutes} min]"
    if noticed:
        return f"{head}  \n:green[:material/check_circle: {noticed}.] Look around, then go on."
    return f"{head}  \n{step.task}"


def _progress(journey: Journey) -> str:
    dots = "".join(
        f"<i class='{'done' if at < journey.place else 'now' if at == journey.place else ''}'></i>"
        for at in range(len(STEPS))
    )
    words = f"Step {journey.place + 1} of {len(STEPS)}"
    return f"<div class='loupe-tour' role='img' aria-label='{words}'>{dots}</div>"


def _buttons(journey: Journey, step: Step, page: str, done: bool) -> None:
    if done:
        if st.button(_next_words(journey), type="primary", key="tour-next"):
            _go_on(tour.advance(journey))
    else:
        if page != step.page:
            title = road.BY_NAME[step.page].title
            if st.button(f"Go to {title}", type="primary", key="tour-go"):
                _go_on(journey)
        elif step.name == "photos" and st.button(
            "Use the drawn insects", type="primary", icon=":material/eco:", key="tour-sample"
        ):
            _use_sample()
        if st.button("Done", key="tour-done"):
            _go_on(tour.advance(journey))
        if st.button("Skip", key="tour-skip", type="tertiary"):
            _go_on(tour.advance(journey, skipped=True))
    if journey.place and st.button(
        "", icon=":material/arrow_back:", key="tour-back", type="tertiary", help="One step back"
    ):
        _go_on(tour.go_back(journey))
    if st.button(
        "", icon=":material/expand_more:", key="tour-fold", type="tertiary", help="Put it away"
    ):
        _fold(journey, True)
    if st.button("End tour", key="tour-end", type="tertiary"):
        tour.end()
        st.rerun()


def _next_words(journey: Journey) -> str:
    if journey.place + 1 == len(STEPS):
        return "Finish the tour"
    return f"Next: {STEPS[journey.place + 1].title[0].lower()}{STEPS[journey.place + 1].title[1:]}"


def _go_on(journey: Journey) -> None:
    """Opens the page of the current step, or the end of the tour."""
    if journey.is_over:
        state.go_to("concepts", {"view": "tour"})
    run = journey.facts().run
    params = {"run": str(run["name"]), "dataset": str(run["dataset"])} if run else {}
    if journey.step.view:
        params["view"] = journey.step.view
    state.go_to(journey.step.page, params)


def _fold(journey: Journey, folded: bool) -> None:
    tour.keep(replace(journey, folded=folded))
    st.rerun()


def _use_sample() -> None:
    """Shows the drawn insects, which are made first where they are not there."""
    if any(one["name"] == SAMPLE for one in cache.datasets()):
        state.select_dataset(SAMPLE)
        st.rerun()
    from ui.photos.import_form import start_import

    start_import(f"sample:{SAMPLE}", SAMPLE, SplitShares(), 0)
