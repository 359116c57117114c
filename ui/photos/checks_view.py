"""Checks: what is amiss with a data set, what that does, and a button that acts."""

import time
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core.datasets.checks.checking import refresh
from core.datasets.checks.findings import Report, read_report, take_back_dismissals
from core.datasets.checks.settings import CheckSettings
from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.datasets.manifest import undo
from core.errors import LoupeError
from core.jobs import State, new_job, read_status
from core.launcher import launch
from core.workspace import read_json
from ui import cache, forms, job_view, messages, state
from ui.photos.finding_card import finding_card

STICKY = """<style>
div:has(> .st-key-checks-undo-row) { position: sticky; bottom: 1rem; z-index: 5; }
.st-key-checks-undo-row { background: light-dark(#e9f1ea, #17302d); }
</style>"""
CHECK = "core.datasets.jobs:check_job"


def checks(dataset: Dataset) -> None:
    """The checks at work, their summary, and a card per finding."""
    tell()
    if job_is_shown(dataset):
        return
    report = current_report(dataset)
    if report is None:
        invitation(dataset)
        return
    heading(dataset, report)
    for finding in report.findings:
        finding_card(dataset, finding, edit)
    settings_form(dataset, report)
    undo_row(dataset)


def start_checks(dataset_name: str, settings: CheckSettings | None = None) -> None:
    """Launches the checks as a job of their own; for callbacks."""
    chosen = None if settings is None else settings.model_dump(mode="json")
    arguments = {"dataset": dataset_name, "settings": chosen}
    folder = new_job(cache.workspace(), CHECK, arguments, f"Check {dataset_name}")
    launch(folder)
    state.put("check-job", folder.name)


def job_is_shown(dataset: Dataset) -> bool:
    """Draws the checks at work, or how they ended if not well; says whether they are at work."""
    folder = job_view.find_job(CHECK) or last_job()
    if folder is None or read_json(folder / "job.json")["arguments"]["dataset"] != dataset.name:
        return False
    status = read_status(folder)
    if status.state is State.FINISHED:
        state.put("check-job", None)
        return False
    running = job_view.is_running(folder)
    if running:
        state.put("check-job", folder.name)
        st.subheader(":material/troubleshoot: Looking at every photo", anchor=False)
    job_view.follow(folder, lambda path, now: job_view.progress(path, now), key="checks-job")
    if running:
        st.caption("You can leave this page meanwhile. Stopped, it goes on where it was.")
    return running


def last_job() -> Path | None:
    name = state.get("check-job")
    folder = cache.workspace().jobs / str(name)
    return folder if name and (folder / "job.json").is_file() else None


def current_report(dataset: Dataset) -> Report | None:
    """What the last checks found, judged anew where an edit came after them."""
    report = read_report(dataset)
    if report is not None and report.is_stale(dataset):
        return refresh(dataset) or report
    return report


def invitation(dataset: Dataset) -> None:
    """What the checks would do, and the button that starts them."""
    with st.container(border=True, key="checks-invitation"):
        st.subheader(":material/troubleshoot: Not checked yet", anchor=False)
        st.markdown(
            f"Loupe looks at all {photos(len(dataset.used))} for copies, also cropped or "
            "recompressed ones, and whether they lie on both sides of the split; for the same "
            "photo in two classes; for dark, bright, blurred, blank, tiny and unreadable photos; "
            "and for classes with too few. Nothing is changed until you say so."
        )
        st.button(
            "Check the photos",
            type="primary",
            icon=":material/play_arrow:",
            key="checks-start",
            on_click=start_checks,
            args=(dataset.name,),
        )


def heading(dataset: Dataset, report: Report) -> None:
    """The summary in plain words, and whether it still holds."""
    good = ":material/task_alt:" if not report.findings else ":material/troubleshoot:"
    st.subheader(f"{good} {report.summary}", anchor=False)
    made = time.strftime("%d %b %Y, %H:%M", time.localtime(report.made))
    with st.container(horizontal=True, vertical_alignment="center"):
        if report.is_stale(dataset):
            st.warning(
                f"These findings are of {made}; photos were added since.",
                icon=":material/update:",
            )
        else:
            st.caption(f"Up to date, version {report.version} · {made}", width="content")
        st.button(
            "Check again",
            icon=":material/refresh:",
            key="checks-again",
            type="primary" if report.is_stale(dataset) else "secondary",
            help="Reads every file that is new or has changed.",
            on_click=start_checks,
            args=(dataset.name,),
        )
        if report.dismissed:
            st.button(
                f"Show {report.dismissed:,} dismissed again",
                icon=":material/visibility:",
                key="checks-take-back",
                type="tertiary",
                on_click=edit,
                args=(dataset.name, take_back_dismissals),
            )


def undo_row(dataset: Dataset) -> None:
    """What a button has just done, and the way back, wherever on the page one is."""
    if state.get("checks-acted") != (dataset.name, dataset.version):
        return
    st.html(STICKY)
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key="checks-undo-row"
    ):
        st.text(f"Done: {dataset.changes.get(dataset.version, '')}", width="stretch")
        st.button(
            "Undo",
            icon=":material/undo:",
            key="checks-undo",
            on_click=edit,
            args=(dataset.name, undo),
        )


def settings_form(dataset: Dataset, report: Report) -> None:
    """The thresholds; the findings follow at once, nothing has to be measured again."""
    with st.expander("Settings", icon=":material/tune:"):
        chosen = forms.model_form(CheckSettings, report.settings, f"checks-{dataset.name}")
        if chosen != report.settings:
            if refresh(dataset, chosen) is None:
                start_checks(dataset.name, chosen)
            st.rerun()


def edit(name: str, change: Callable[[Dataset], object]) -> None:
    """Does something to the current version and judges it anew; for callbacks."""
    state.put("checks-acted", None)
    try:
        before = cache.dataset(name)
        change(before)
        after = cache.dataset(name)
        refresh(after)
        if after.version > before.version:
            state.put("checks-acted", (name, after.version))
    except LoupeError as error:
        state.put("checks-told", error)


def tell() -> None:
    """Says what went wrong in a callback, once."""
    error = state.get("checks-told")
    if isinstance(error, LoupeError):
        state.put("checks-told", None)
        messages.show_error(error)
