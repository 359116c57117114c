"""The learning-rate finder on the page: the button, its progress, the curve and what to take."""

from pathlib import Path

import streamlit as st

from core.errors import LoupeError
from core.jobs import JobStatus, State, new_job, read_status
from core.launcher import launch
from core.training.rate_curve import JOB, RateCurve, judged_for, read_rate_curve
from core.training.recipes import Recipe
from core.training.schedule import rate_in_words
from core.workspace import read_json
from ui import cache, job_view, messages, state
from ui.charts.rates import rate_chart, rate_legend

# These do not change what the search does: it begins anew and ends by itself.
NO_MATTER = {"learning_rate", "schedule", "drops", "drop_to", "decay", "epochs", "budget_seconds"}
NO_MATTER |= {"early_stopping", "keep", "weight_averaging", "doubt_labels"}
SENTENCE = (
    "Trains for up to half a minute while the rate rises from very small to very large, shows "
    "where the network learns best, and forgets what was learnt."
)


def rate_finder(dataset_name: str, recipe: Recipe, key: str) -> float | None:
    """Draws the finder; returns the rate to take, in the one rerun after its button was pressed.

    The press also sets the widget `f"{key}.learning_rate"`, where there is one.

    Args:
        recipe: With all that is set for the next training, its present learning rate included.
        key: Prefix of this form's widgets.
    """
    with st.container(key=f"{key}.rate-finder"), messages.guard():
        folder = _job_of(dataset_name, key)
        if job_view.is_running(folder) and folder is not None:
            job_view.follow(folder, _progress, key=f"{key}.rate-progress")
            return None
        _offer(dataset_name, recipe, key, again=folder is not None)
        if folder is not None:
            _outcome(folder, recipe, key)
    taken = state.get(f"{key}.rate-taken")
    state.put(f"{key}.rate-taken", None)
    return taken


def _offer(dataset_name: str, recipe: Recipe, key: str, again: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Search again" if again else "Find a learning rate",
            icon=":material/troubleshoot:",
            key=f"{key}.find-rate",
            on_click=_start,
            args=(dataset_name, recipe, key),
            help=SENTENCE,
        )
        if not again:
            st.caption(SENTENCE)


@messages.guarded
def _start(dataset_name: str, recipe: Recipe, key: str) -> None:
    arguments = {"dataset": dataset_name, "recipe": recipe.model_dump(mode="json")}
    folder = new_job(cache.workspace(), JOB, arguments, f"Learning rate for {dataset_name}")
    launch(folder)
    state.put(f"{key}.rate-job", folder.name)


def _job_of(dataset_name: str, key: str) -> Path | None:
    """The search of this visit for this form, else one at work on the same photos."""
    name = state.get(f"{key}.rate-job")
    folder = cache.workspace().jobs / str(name)
    if name and folder.is_dir():
        return folder
    running = job_view.find_job(JOB)
    return running if running and _asked(running).get("dataset") == dataset_name else None


def _asked(folder: Path) -> dict:
    try:
        return dict(read_json(folder / "job.json")["arguments"])
    except (LoupeError, KeyError):
        return {}


def _progress(folder: Path, status: JobStatus) -> None:
    job_view.progress(folder, status)
    if not status.state.is_over:
        st.caption("What it learns meanwhile is forgotten; your trainings are not touched.")


def _outcome(folder: Path, recipe: Recipe, key: str) -> None:
    """How the search ended: the curve and the button, or why there is none."""
    status = read_status(folder)
    if status.state is not State.FINISHED:
        job_view.ending(status)
        return
    curve = judged_for(read_rate_curve(folder), recipe.training)
    if _is_of_other_settings(folder, recipe):
        st.info(
            "This was found with other settings than those chosen now. Search again to be sure.",
            icon=":material/update:",
        )
    _result(curve, key)


def _result(curve: RateCurve, key: str) -> None:
    suggestion = curve.suggestion
    if suggestion.rate is None:
        st.warning(suggestion.sentence, icon=":material/question_mark:")
    else:
        st.markdown(f"**{rate_in_words(suggestion.rate)}** {suggestion.sentence}")
    if curve.rates:
        st.html(rate_legend(curve))
        st.vega_lite_chart(
            rate_chart(curve), key=f"{key}.rate-chart", alt=f"Loss. {suggestion.sentence}"
        )
    if suggestion.rate is not None:
        st.button(
            "Use this rate",
            icon=":material/check:",
            key=f"{key}.use-rate",
            on_click=_take,
            args=(key, suggestion.rate),
            disabled=curve.present == suggestion.rate,
            help="Sets the learning rate of the next training",
        )


def _take(key: str, rate: float) -> None:
    """For a callback, which may still set widgets that are drawn before the finder."""
    state.set_widget(f"{key}.learning_rate", rate)
    state.put(f"{key}.rate-taken", rate)


def _is_of_other_settings(folder: Path, recipe: Recipe) -> bool:
    asked = _asked(folder).get("recipe")
    return asked is not None and _what_matters(asked) != _what_matters(
        recipe.model_dump(mode="json")
    )


def _what_matters(recipe: dict) -> dict:
    training = {k: v for k, v in recipe.get("training", {}).items() if k not in NO_MATTER}
    return {**recipe, "training": training, "title": "", "summary": ""}
