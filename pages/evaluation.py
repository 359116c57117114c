"""Evaluation: how good the model is on photos that were kept away from it."""

import streamlit as st

from core.training.runs import Run
from ui import cache, charts, evaluation_view, messages, state
from ui.finished_run import finished_run
from ui.mirrored_view import mirrored_test
from ui.run_version import run_version
from ui.training_room import curves


def show_results(run: Run, evaluation: dict) -> None:
    evaluation_view.verdict(evaluation)
    run_version(run)
    st.fragment(messages.guarded(mirrored_test))(run)
    with st.container(horizontal=True, vertical_alignment="center"):
        state.page_link(
            "prediction", "Try a new photo", icon=":material/arrow_forward:", as_button=True
        )
        state.page_link("feature_maps", "Look inside", icon=":material/visibility:")
    st.subheader("What was taken for what", anchor=False)
    st.fragment(messages.guarded(evaluation_view.matrix))(run, evaluation)
    st.subheader("The wrong ones", anchor=False)
    st.fragment(messages.guarded(evaluation_view.wrong_ones))(run, evaluation)
    st.subheader("Class by class", anchor=False)
    st.html(charts.per_class_table(evaluation["classes"], evaluation["class_names"]))
    st.subheader("How it learnt", anchor=False)
    curves(run, run.status(), run.metrics())


def offer_test(run: Run) -> None:
    """A stopped or interrupted training may have a model that was never tested."""
    st.info("This model has not been tested yet.", icon=":material/quiz:")
    if st.button("Test it now", type="primary", icon=":material/play_arrow:"):
        with st.spinner("Asking the model about every test photo", show_time=True):
            cache.engine().call("core.evaluation.results:evaluate_run", str(run.folder))
        st.rerun()


messages.page_header(
    "Evaluation",
    "How good the model is on test photos, which were kept away from it until now.",
    page="evaluation",
)
with messages.guard():
    run = finished_run("Here you see how good the model is")
    if run is not None:
        evaluation = run.evaluation()
        if evaluation is None:
            offer_test(run)
        else:
            show_results(run, evaluation)
