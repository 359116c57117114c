"""The road from photos to results: what is done, what is next, and the way there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import cache, state
from ui.components.sidebar_closer import close_after_navigation

DONE, NEXT, LATER = "done", "next", "later"
ICONS = {
    DONE: ":material/check_circle:",
    NEXT: ":material/arrow_circle_right:",
    LATER: ":material/radio_button_unchecked:",
}


@dataclass(frozen=True)
class PageEntry:
    """One of the ten pages, and what it does on the road."""

    name: str
    title: str
    task: str
    group: str
    icon: str


PAGES = (
    PageEntry("home", "Home", "See where you are", "", ":material/home:"),
    PageEntry("photos", "Photos", "Bring your photos", "road", ":material/photo_library:"),
    PageEntry(
        "augmentation", "Augmentation", "Vary your photos", "road", ":material/auto_awesome_motion:"
    ),
    PageEntry("model", "Model", "Choose the model", "road", ":material/layers:"),
    PageEntry("training", "Training", "Train it", "road", ":material/model_training:"),
    PageEntry("evaluation", "Evaluation", "Test it", "results", ":material/fact_check:"),
    PageEntry("prediction", "Prediction", "Try a new photo", "results", ":material/lightbulb:"),
    PageEntry(
        "feature_maps", "Look inside", "See what it sees", "results", ":material/visibility:"
    ),
    PageEntry("share", "Share", "Take it with you", "more", ":material/ios_share:"),
    PageEntry("concepts", "How it works", "How it works", "more", ":material/school:"),
)
BY_NAME = {page.name: page for page in PAGES}
STATIONS = ("photos", "augmentation", "model", "training", "evaluation")


@dataclass(frozen=True)
class Station:
    """A stop on the road with its state, `done`, `next` or `later`."""

    page: PageEntry
    state: str
    detail: str


def stations(
    dataset: dict[str, Any] | None, recipe_kept: bool, run: dict[str, Any] | None
) -> list[Station]:
    """The road for a data set summary and a run summary, in order; exactly one stop is next,
    unless all are done."""
    trained = run is not None and run["state"] in ("finished", "stopped")
    tested = run is not None and run.get("test_accuracy") is not None
    done = {
        "photos": dataset is not None,
        "augmentation": recipe_kept or run is not None,
        "model": run is not None,
        "training": trained,
        "evaluation": tested,
    }
    details = {
        "photos": f"{dataset['images']:,} photos" if dataset else "",
        "model": str(run.get("recipe", "")) if run else "",
        "training": _training_detail(run) if run else "",
        "evaluation": f"{percent(run['test_accuracy'])} right" if run and tested else "",
    }
    following = next((name for name in STATIONS if not done[name]), None)
    return [
        Station(
            BY_NAME[name],
            DONE if done[name] else NEXT if name == following else LATER,
            details.get(name, ""),
        )
        for name in STATIONS
    ]


def percent(share: float) -> str:
    """`0.97` as `"97 %"`."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def current_stations() -> list[Station]:
    """The road of what is shown now."""
    dataset_name, run_name = state.current_dataset_name(), state.current_run_name()
    dataset = _named(cache.datasets(), dataset_name)
    run = _named(cache.runs(), run_name)
    return stations(dataset, state.augmentation_is_kept(dataset_name), run)


def sidebar(page_name: str) -> None:
    """What is shown, and the road as navigation."""
    with st.sidebar:
        choosers()
        marks = {station.page.name: station for station in current_stations()}
        for group, title in (("", ""), ("road", "The road"), ("results", "Results"), ("more", "")):
            if title:
                st.caption(title)
            for page in [page for page in PAGES if page.group == group]:
                mark = marks.get(page.name)
                state.page_link(
                    page.name, page.title, icon=ICONS[mark.state] if mark else page.icon
                )
        close_after_navigation(page_name)


def choosers() -> None:
    """The data set and the run that all pages show."""
    datasets = cache.datasets()
    if not datasets:
        return
    current = state.current_dataset_name()
    _chooser("Data set", "dataset", datasets, current)
    runs = cache.runs(current)
    if runs:
        _chooser("Run", "run", runs, state.current_run_name())


def _chooser(label: str, kind: str, entries: Sequence[dict[str, Any]], current: str | None) -> None:
    titles = distinct_titles(entries)
    key = f"choose-{kind}"
    state.set_widget(key, current if current in titles else None)
    st.selectbox(
        label,
        list(titles),
        format_func=lambda name: titles.get(name, name),
        key=key,
        on_change=_chosen,
        args=(kind,),
        placeholder="Choose",
    )


def distinct_titles(entries: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The title of each entry by its name; where two share one, the name tells them apart.

    The browser answers with the words it shows: equal ones would all mean the first.
    """
    titles = {str(entry["name"]): str(entry.get("title") or entry["name"]) for entry in entries}
    shared = Counter(titles.values())
    return {
        name: f"{title} ({name})" if shared[title] > 1 else title for name, title in titles.items()
    }


def _chosen(kind: str) -> None:
    name = state.widget(f"choose-{kind}")
    if kind == "dataset":
        state.select_dataset(name)
    else:
        state.select_run(name)


def _named(entries: Sequence[dict[str, Any]], name: str | None) -> dict[str, Any] | None:
    return next((entry for entry in entries if entry["name"] == name), None)


def _training_detail(run: dict[str, Any]) -> str:
    return {"finished": "trained", "stopped": "stopped, kept"}.get(run["state"], run["state"])
