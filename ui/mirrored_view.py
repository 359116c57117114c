"""The test once more with mirror images, beside the plain one: only when asked for."""

from typing import Any

import streamlit as st

from core.evaluation.metrics import percent
from core.evaluation.mirrored_results import read_mirrored
from core.training.runs import Run
from ui import cache, charts
from ui.charts.difference import Row
from ui.galleries import page_of
from ui.photo_cards import answer_cards

PER_PAGE = 8
HELP = (
    "The model is asked about each photo and about its mirror image, and the answer is the mean "
    "of the two, as on the page Prediction. It takes twice as long. Not where left and right mean "
    "different things."
)


def mirrored_test(run: Run) -> None:
    """A toggle; behind it both accuracies, their difference, and the photos that changed side."""
    if not st.toggle("Compare with mirror images", key=f"mirrored-{run.name}", help=HELP):
        return
    about = read_mirrored(run)
    if about is None:
        with st.spinner("Asking about every test photo and its mirror image", show_time=True):
            about = cache.engine().call(
                "core.evaluation.mirrored_results:evaluate_mirrored", str(run.folder)
            )
    with st.container(border=True, key="mirrored-result"):
        _result(run, about)


def _result(run: Run, about: dict[str, Any]) -> None:
    four = "the four mirror images of each" if about["upside_down"] else "both mirror images"
    st.html(
        charts.figures_html(
            {
                "each photo as it is": percent(about["plain"]["accuracy"]),
                f"mean of {four}": percent(about["mirrored"]["accuracy"]),
            }
        )
    )
    value, low, high = about["difference"]
    row = Row("With mirror images", value, low, high, f"{about['n']:,} test photos")
    st.html(charts.difference_chart([row], "worse", "better"))
    st.markdown(about["sentence"])
    for key, title in (("gained", "Became right"), ("lost", "Became wrong")):
        _changed(run, about[key], title)


def _changed(run: Run, answers: list[dict[str, Any]], title: str) -> None:
    if not answers:
        return
    st.markdown(f"**{title}**")
    places = page_of(len(answers), PER_PAGE, key=f"mirrored-{title}-{run.name}")
    shown = answers[places.start : places.stop]
    st.html(answer_cards(run.config.dataset, shown, run.config.class_names))
