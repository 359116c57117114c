"""The demo as people see it: every step explained while it happens, with its pictures."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import streamlit as st

from core.errors import NotFound
from core.jobs import JobStatus, State, new_job, read_status
from core.launcher import launch
from ui import cache, charts, job_view, previews, state
from ui.galleries import photo_grid, rows_of, taking_turns

DEMO = "core.demo:play"
WAITING = "waiting"
ICONS = {
    WAITING: ":material/radio_button_unchecked:",
    "running": ":material/pending:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
}
LINKS = {
    "photos": "Look at the photos",
    "augmentation": "Play with the augmentation",
    "model": "See the model's layers",
    "training": "See the training",
    "evaluation": "See which it gets wrong",
    "prediction": "Try a photo of yours",
    "feature_maps": "Look at every layer",
}
SHOWN_PHOTOS = 8


def start_demo() -> None:
    """Launches the demo, unless it plays already."""
    folder = job_view.find_job(DEMO)
    if folder is None:
        folder = new_job(cache.workspace(), DEMO, {}, "Demo")
        launch(folder)
    state.put("demo-job", folder.name)


def demo_folder() -> Path | None:
    """The demo that plays now, in whichever window it was started, or the one shown last.

    It stands in the address, so that it is found again after a reload.
    """
    running = job_view.find_job(DEMO)
    name = running.name if running else state.get("demo-job") or state.address("demo")
    folder = cache.workspace().jobs / Path(str(name)).name
    if not name or not (folder / "job.json").is_file():
        return None
    state.put("demo-job", folder.name)
    state.set_address("demo", folder.name)
    return folder


def close_demo() -> None:
    """Puts the demo's account away."""
    state.put("demo-job", None)
    state.set_address("demo", None)


def demo_panel(folder: Path) -> None:
    """The demo in `folder`, live while it plays. What it made is selected once it ends."""
    status = read_status(folder)
    if status.state is State.FINISHED and state.get("demo-selected") != folder.name:
        state.put("demo-selected", folder.name)
        state.select_dataset(status.result["dataset"])
        state.select_run(status.result["run"])
        st.rerun()
    with st.container(border=True, key="demo"):
        job_view.follow(folder, _draw, key="demo-live")


def _draw(folder: Path, status: JobStatus) -> None:
    if status.state is State.FINISHED:
        _finale(status)
    else:
        st.header(":material/movie: The demo", anchor=False)
        job_view.progress(folder, status, "Stop the demo")
    steps = status.extra.get("steps", [])
    begun = [step["id"] for step in steps if step.get("state") != WAITING]
    current = begun[-1] if begun and not status.state.is_over else None
    for step in steps:
        _step(step, status, expanded=step["id"] == current)
    if status.state.is_over:
        st.button("Close", on_click=close_demo, key="close-demo", icon=":material/close:")


def _finale(status: JobStatus) -> None:
    """The test accuracy in words, and the ways into what the demo made."""
    result = status.result or {}
    st.header(":material/celebration: That was the whole road", anchor=False)
    st.markdown(f"**{result.get('sentence', 'Done.')}**")
    st.markdown("All of it is yours now. Go on from here:")
    with st.container(horizontal=True):
        for page, words in LINKS.items():
            state.page_link(page, words, icon=":material/arrow_forward:", params=_selection(result))


def _step(step: dict[str, Any], status: JobStatus, expanded: bool) -> None:
    stage = str(step.get("state", WAITING))
    if stage == WAITING:
        st.markdown(f":gray[{ICONS[WAITING]} {step['title']}]")
        return
    icon = ICONS.get(stage, ICONS[WAITING])
    with st.expander(step["title"], expanded=expanded, icon=icon):
        st.markdown(step.get("explanation", ""))
        draw = PICTURES.get(str(step["id"]))
        about = {**status.extra, **(status.result or {}), **step}
        try:
            if draw is not None:
                draw(about)
        except NotFound:
            st.caption("What it made here has been deleted since.")
        page = str(step.get("link") or step["id"])
        if stage == "done" and page in LINKS:
            state.page_link(
                page, LINKS[page], icon=":material/arrow_forward:", params=_selection(about)
            )


def _selection(about: dict[str, Any]) -> dict[str, str]:
    return {name: str(about[name]) for name in ("dataset", "run") if about.get(name)}


def _photos(about: dict[str, Any]) -> None:
    if about.get("dataset"):
        dataset = cache.dataset(about["dataset"])
        photos = taking_turns(dataset.used).head(SHOWN_PHOTOS)
        grid = photo_grid(dataset.name, rows_of(photos), dataset.class_names)
        st.html(f"<div class='loupe-strip'>{grid}</div>")


def _augmentation(about: dict[str, Any]) -> None:
    if about.get("dataset"):
        run = about.get("run")
        recipe = cache.run(run).config.recipe.augmentation if run else None
        st.html(cache.remembered(previews.demo_wall, about["dataset"], recipe, 2))


def _training(about: dict[str, Any]) -> None:
    if about.get("run"):
        metrics = cache.run(about["run"]).metrics()
        if metrics:
            chart = charts.accuracy_curve(metrics)
            st.vega_lite_chart(chart, width="stretch", key="demo-curve")


def _evaluation(about: dict[str, Any]) -> None:
    evaluation = cache.run(about["run"]).evaluation() if about.get("run") else None
    if evaluation:
        st.html(charts.interval_bar(evaluation["accuracy"], *evaluation["interval"]))


def _prediction(about: dict[str, Any]) -> None:
    prediction = about.get("prediction")
    if prediction and about.get("dataset"):
        names = cache.dataset(about["dataset"]).class_names
        st.html(charts.probability_bars(prediction["probabilities"], names))


def _feature_maps(about: dict[str, Any]) -> None:
    if about.get("run") and about.get("layer") and about.get("photo"):
        source = (
            f"/api/runs/{quote(about['run'])}/atlas/{quote(about['layer'])}"
            f"?photo={quote(about['photo'])}"
        )
        words = f"What the layer {escape(about['layer'])} makes of one photo"
        st.html(f"<img class='loupe-large' alt='{words}' src='{source}'>")
        st.caption(words)


PICTURES: dict[str, Callable[[dict[str, Any]], None]] = {
    "photos": _photos,
    "augmentation": _augmentation,
    "training": _training,
    "evaluation": _evaluation,
    "prediction": _prediction,
    "feature_maps": _feature_maps,
}
