"""The question that the robustness report and label safety share: asked in a job, then read."""

import time
from pathlib import Path

import streamlit as st

from core.augmentation.steps import STEP_LABELS
from core.errors import LoupeError
from core.evaluation.findings import Findings
from core.evaluation.results import dataset_of
from core.evaluation.robustness import (
    JOB,
    SAMPLES,
    SPLITS,
    answers_needed,
    is_outdated,
    model_stamp,
)
from core.jobs import JobStatus, State, new_job, read_status
from core.launcher import launch
from core.training.runs import Run
from core.workspace import read_json
from ui import cache, job_view, messages, state
from ui.lab.judge import newest_judge
from ui.lab.lab import Lab

SPLIT_WORDS = {"validation": "Validation photos", "test": "Test photos"}
WHY_VALIDATION = (
    "You are about to choose a recipe by this report. Choosing it by the **test photos** would "
    "spoil the test: a model trained with that recipe would look better on them than on new "
    "photos. So the **validation photos** are asked, which the model has not learnt from either. "
    "Ask about the test photos when everything is decided, to tell others what it withstands."
)


def findings(lab: Lab, title: str, sentence: str) -> Findings | None:
    """What the last report of the judge says, if there is one; else the way to one.

    Draws who cannot be asked, the form that asks, the job at work and how it ended.

    Args:
        title: Heads the form where nothing was asked yet.
        sentence: What asking is good for.
    """
    if lab.run is None:
        nobody(lab.dataset_name)
        return None
    split = chosen_split()
    found = cache.robustness(lab.run, split)
    folder = job_of(lab.run, split)
    if folder is not None and job_view.is_running(folder):
        job_view.follow(folder, show_progress, key="robustness-progress")
        return None
    if folder is not None:
        how_it_ended(folder)
    if found is None:
        with st.container(border=True, key="robustness-invitation"):
            st.subheader(title, anchor=False)
            st.markdown(sentence)
            form(lab.run, split)
        return None
    told(lab.run, found)
    return found


def nobody(dataset_name: str | None) -> None:
    """No model judges: offers the newest with one click, or the way to train one."""
    newest = newest_judge(dataset_name)
    if newest is None:
        messages.empty_state(
            "This needs a trained model",
            "Train one on these photos first; then it can be asked what it withstands.",
            page="training" if dataset_name else "photos",
            label="Train a model" if dataset_name else "Bring photos",
            icon=":material/model_training:",
            key="robustness-empty",
        )
        return
    with st.container(border=True, key="robustness-nobody"):
        st.subheader(":material/gavel: Choose who judges", anchor=False)
        st.markdown(
            "A trained model is asked about its photos again and again, each time changed a "
            f"little more. **{messages.literal(newest.name)}** is the newest one on these photos."
        )
        st.button(
            f"Let {newest.name} judge",
            type="primary",
            icon=":material/check:",
            key="robustness-judge",
            on_click=state.set_address,
            args=("judge", newest.name),
        )


def chosen_split() -> str:
    """The split in the address, validation where it names none."""
    asked = state.address("split", SPLITS[0])
    return asked if asked in SPLITS else SPLITS[0]


def job_of(run: Run, split: str) -> Path | None:
    """The job that asks this run at the moment, else the last one of this visit."""
    running = job_view.find_job(JOB)
    if running is not None and _is_about(running, run, split):
        return running
    name = state.get("robustness-job")
    folder = cache.workspace().jobs / str(name)
    return folder if name and folder.is_dir() and _is_about(folder, run, split) else None


def _is_about(folder: Path, run: Run, split: str) -> bool:
    try:
        asked = read_json(folder / "job.json")["arguments"]
    except (LoupeError, KeyError):
        return False
    return asked.get("run") == run.name and asked.get("split") == split


def show_progress(folder: Path, status: JobStatus) -> None:
    st.subheader(":material/exercise: Asking the model about changed photos", anchor=False)
    job_view.progress(folder, status)
    if status.state.is_over:
        return
    kind = status.extra.get("kind")
    if kind in STEP_LABELS:
        st.markdown(f"Now: **{STEP_LABELS[kind]}**, from slight to strong.")
    st.caption("You can leave this page. Steps that are done are kept when you stop.")


def how_it_ended(folder: Path) -> None:
    status = read_status(folder)
    if status.state is State.STOPPED:
        st.info(
            "Stopped. The steps that were done are kept: start it again with the same photos "
            "and it goes on from there.",
            icon=":material/info:",
        )
    else:
        job_view.ending(status)


def form(run: Run, split: str) -> None:
    """Which photos, how many, how long that takes, and the button."""
    available = cache.remembered(_available, str(run.folder), run.config.dataset_version)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state.set_widget("robustness-split", split)
        st.segmented_control(
            "Which photos",
            SPLITS,
            format_func=lambda name: f"{SPLIT_WORDS[name]} ({available.get(name, 0):,})",
            required=True,
            key="robustness-split",
            on_change=lambda: state.set_address("split", state.widget("robustness-split")),
        )
        messages.why(WHY_VALIDATION, "Why not the test photos?")
    count = available.get(split, 0)
    if not count:
        st.warning(
            f"The data set has no {split} photos. The training photos cannot stand in for them: "
            "the model knows those by heart. Give some photos to that split and train again.",
            icon=":material/info:",
        )
        return
    limit = how_many(split, count)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Ask the model",
            type="primary",
            icon=":material/play_arrow:",
            key="robustness-go",
            on_click=start,
            args=(run.name, split, limit),
        )
        st.caption(effort(run, split, min(count, limit or count)), width="content")


def how_many(split: str, count: int) -> int | None:
    """At most how many of `count` photos; None for all."""
    limits = [limit for limit in SAMPLES if limit is not None and limit < count]
    if not limits:
        return None
    words = [f"{limit:,}" for limit in limits] + [f"All {count:,}"]
    chosen = st.segmented_control(
        "How many",
        words,
        default=words[0],
        required=True,
        key=f"robustness-limit-{split}",
        help="Fewer are taken evenly over the classes, and always the same ones.",
    )
    return dict(zip(words, limits, strict=False)).get(str(chosen))


def effort(run: Run, split: str, photos: int) -> str:
    """How many answers, and about how long."""
    answers = answers_needed(run, photos)
    words = f"{photos:,} photos, {answers:,} answers"
    try:
        with st.spinner("Timing the model on a few photos", show_time=False):
            seconds = cache.remembered(_seconds, str(run.folder), split, model_stamp(run))
    except LoupeError:
        return words
    return f"{words}: about {job_view.duration(answers * seconds)}"


def _seconds(folder: str, split: str, stamp: str) -> float:
    seconds = cache.engine().call("core.evaluation.robustness:seconds_per_answer", folder, split)
    return float(seconds)


def _available(folder: str, version: int) -> dict[str, int]:
    counts = dataset_of(cache.run(Path(folder).name)).used["split"].value_counts()
    return {str(split): int(count) for split, count in counts.items()}


def start(run_name: str, split: str, limit: int | None) -> None:
    """Launches the job; for callbacks."""
    arguments = {"run": run_name, "split": split, "limit": limit}
    folder = new_job(cache.workspace(), JOB, arguments, f"Robustness of {run_name}")
    launch(folder)
    state.put("robustness-job", folder.name)


def told(run: Run, found: Findings) -> None:
    """Which photos were asked about and when, whether that still holds, and asking again."""
    about = found.report.about
    outdated = is_outdated(run, found.report)
    if outdated:
        st.warning(
            "The model was trained anew since it was asked: this is about the old one.",
            icon=":material/update:",
        )
    made = time.strftime("%d %b %Y, %H:%M", time.localtime(about["time"]))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{messages.literal(run.name)} about {found.asked} · {made}", width="content")
        with st.popover(
            "Ask again", icon=":material/refresh:", type="primary" if outdated else "tertiary"
        ):
            form(run, about["split"])
