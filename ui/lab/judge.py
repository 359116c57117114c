"""Which trained model judges what the lab shows."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.errors import LoupeError
from core.evaluation.metrics import percent
from core.training.runs import Run
from ui import cache, state

NOBODY = ""
HELP = (
    "A model that was trained on these photos. It then says what it takes each variation for, "
    "and how sure it is."
)
NONE_YET = (
    "No model has learnt from these photos yet. Once one has, it can say here what it takes each "
    "variation for."
)


def choose_judge(dataset_name: str | None) -> Run | None:
    """The run that judges, chosen among those on the data set that have a model.

    `?judge=` holds its name. Without any trained model the way to one is shown.
    """
    trained = _trained(dataset_name)
    if not trained:
        if dataset_name is not None:
            _none_yet()
        return None
    asked = state.address("judge", NOBODY)
    # The address decides, so that links and the back button work.
    state.set_widget("augment-judge", asked if asked in trained else NOBODY)
    st.selectbox(
        "Judged by",
        [NOBODY, *trained],
        format_func=lambda name: trained.get(name, "No model: only the pictures"),
        key="augment-judge",
        on_change=_chosen,
        help=HELP,
    )
    return cache.run(str(asked)) if asked in trained else None


def newest_judge(dataset_name: str | None) -> Run | None:
    """The newest run on the data set that has a model, for views that need one."""
    name = next(iter(_trained(dataset_name)), None)
    return cache.run(name) if name else None


def offer_judge(lab_run: Run | None, dataset_name: str | None) -> None:
    """A button that lets the newest run judge, while nobody does."""
    newest = next(iter(_trained(dataset_name)), None)
    if lab_run is None and newest is not None:
        st.button(
            "Ask a model",
            icon=":material/smart_toy:",
            key="augment-ask-model",
            on_click=state.set_address,
            args=("judge", newest),
            help=HELP,
        )


def _none_yet() -> None:
    with st.container(gap="xsmall"):
        st.caption(NONE_YET)
        state.page_link("training", "Train one", icon=":material/model_training:")


def _chosen() -> None:
    state.set_address("judge", state.widget("augment-judge") or None)


def _trained(dataset_name: str | None) -> dict[str, str]:
    """Name and words of the runs that can judge, newest first."""
    if dataset_name is None:
        return {}
    found = {}
    for summary in cache.runs(dataset_name):
        if summary["has_model"] and _knows_classes(str(summary["name"])):
            found[str(summary["name"])] = _words(summary)
    return found


def _words(summary: Mapping[str, Any]) -> str:
    tested = summary["test_accuracy"]
    return summary["name"] if tested is None else f"{summary['name']}, {percent(tested)} right"


def _knows_classes(run_name: str) -> bool:
    """Whether the run's configuration can be read: one that is damaged cannot judge."""
    try:
        return len(cache.run(run_name).config.class_names) > 1
    except LoupeError:
        return False
