"""What stands on the home page: the demo's invitation, the road, data sets and runs."""

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from core import endings
from core.errors import LoupeError
from ui import cache, demo_view, messages, state
from ui.galleries import photo_url, taking_turns
from ui.road import DONE, NEXT, Station, percent
from ui.tour import journey as tour
from ui.tour.steps import MINUTES
from ui.tour.tour_view import start as start_tour

MOST_DATASETS, MOST_RUNS = 6, 6
TOUR = f"Do it yourself, step by step: about {MINUTES} minutes, and the model is yours."
LIVE = ("running", "queued")
POLL_SECONDS = 2.0
STATE_WORDS = {
    "queued": "waiting",
    "running": "training",
    "finished": "finished",
    "stopped": "stopped, kept",
    "failed": "failed",
    "interrupted": "interrupted",
}


def invitation() -> None:
    """The big button."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="invitation"):
        with st.container(width="stretch", gap="xsmall"):
            st.subheader("New here? Watch it happen once", anchor=False)
            st.markdown(
                "A minute or two: pictures of dragonflies and damselflies, a network that learns "
                "to tell them apart on this computer, and every step explained. Or do it yourself: "
                f"the tour takes about {MINUTES} minutes and ends with a model of your own."
            )
        if tour.current_journey() is None and st.button(
            "Take the tour", icon=":material/tour:", key="take-tour", help=TOUR
        ):
            start_tour()
        if st.button(
            "Play the demo", type="primary", icon=":material/play_circle:", key="play-demo"
        ):
            demo_view.start_demo()
            st.rerun()


def the_road(stations: Sequence[Station]) -> None:
    """The five stops, and one button to the next."""
    st.header("The road", anchor=False)
    st.html(road_html(stations))
    following = next((stop for stop in stations if stop.state == NEXT), None)
    if following is None:
        state.page_link(
            "feature_maps", "Look inside your model", icon=":material/visibility:", as_button=True
        )
    else:
        state.page_link(
            following.page.name,
            f"Next: {following.page.task.lower()}",
            icon=":material/arrow_forward:",
            as_button=True,
        )


def road_html(stations: Sequence[Station]) -> str:
    """The stops in order, as HTML; done and next are said in words, not by colour alone."""
    items = "".join(
        f"<li class='{stop.state}'><div class='bar'></div><b>{escape(stop.page.title)}</b>"
        f"<small>{escape(_words(stop))}</small></li>"
        for stop in stations
    )
    return f"<ol class='loupe-roadmap'>{items}</ol>"


def _words(stop: Station) -> str:
    if stop.state == DONE:
        return f"Done: {stop.detail}" if stop.detail else "Done"
    return f"Next: {stop.page.task.lower()}" if stop.state == NEXT else stop.page.task


def datasets() -> None:
    """A card per data set, newest first."""
    known = cache.datasets()
    if not known:
        return
    st.header("Your data sets", anchor=False)
    for start in range(0, min(len(known), MOST_DATASETS), 3):
        for column, summary in zip(st.columns(3), known[start : start + 3], strict=False):
            with column, messages.guard():
                dataset_card(summary)
    if len(known) > MOST_DATASETS:
        st.caption(f"{len(known) - MOST_DATASETS} more in the chooser on the left.")


def dataset_card(summary: dict[str, Any]) -> None:
    """Four photos, the counts, and the way in."""
    name, counts = str(summary["name"]), summary["classes"]
    with st.container(border=True, height="stretch"):
        classes = ", ".join(list(counts)[:4])
        more = f" and {len(counts) - 4} more" if len(counts) > 4 else ""
        st.html(
            f"{_collage(name)}<div class='loupe-card'>"
            f"<b>{escape(str(summary.get('title', name)))}</b>"
            f"<small>{summary['images']:,} photos: {escape(classes)}{more}</small></div>"
        )
        _open("photos", "Open", {"dataset": name}, f"open-dataset-{name}")


def runs() -> None:
    """A card per run, the running ones first, with its curve and its last value."""
    live = any(run["state"] in LIVE for run in cache.runs())
    st.fragment(_runs, run_every=POLL_SECONDS if live else None, key="home-runs")()


@messages.guarded
def _runs() -> None:
    known = sorted(cache.runs(), key=lambda run: run["state"] not in LIVE)
    if not known:
        return
    st.header("Your trainings", anchor=False)
    for start in range(0, min(len(known), MOST_RUNS), 3):
        for column, summary in zip(st.columns(3), known[start : start + 3], strict=False):
            with column, messages.guard():
                run_card(summary)


def run_card(summary: dict[str, Any]) -> None:
    """How a run stands: accuracy, its curve, its state."""
    curve = _curve(str(summary["name"]))
    tested, checked = summary.get("test_accuracy"), summary.get("val_accuracy")
    value = tested if tested is not None else checked if checked is not None else None
    kind = "Test accuracy" if tested is not None else "Validation accuracy"
    with st.container(border=True, height="stretch"):
        st.metric(
            f"{summary.get('title') or summary['name']}",
            "–" if value is None else percent(value),
            chart_data=curve if len(curve) > 1 else None,
            help=kind,
        )
        words = STATE_WORDS.get(summary["state"], summary["state"])
        words = endings.word(summary["ending"], words)
        st.caption(f"{words} · {kind.lower()} · on {_plain(str(summary['dataset']))}")
        page = "training" if summary["state"] in LIVE or tested is None else "evaluation"
        target = {"dataset": str(summary["dataset"]), "run": str(summary["name"])}
        _open(page, "Open", target, f"open-run-{summary['name']}")


def _curve(name: str) -> list[float]:
    try:
        metrics = cache.run(name).metrics()
    except LoupeError:
        return []
    return [line["val_accuracy"] for line in metrics if line.get("val_accuracy") is not None]


def _collage(name: str) -> str:
    dataset = cache.dataset(name)
    photos = taking_turns(dataset.used).head(4)
    pictures = "".join(
        f"<figure><img loading='lazy' alt='' src='{photo_url(name, photo_id, 160)}'></figure>"
        for photo_id in photos["id"]
    )
    return f"<div class='loupe-photos loupe-collage'>{pictures}</div>"


def _open(page: str, label: str, target: dict[str, str], key: str) -> None:
    state.page_link(page, label, icon=":material/arrow_forward:", params=target, key=key)


def _plain(text: str) -> str:
    return text.replace("_", "\\_").replace("*", "\\*").replace("[", "\\[")
