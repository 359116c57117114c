"""A training as it happens: everything is read from the run's folder, so that leaving,
reloading, a second tab or a new server change nothing."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import endings
from core.status import JobStatus, State
from core.training.effects import passed_over_in_words
from core.training.features import PHASE as LOOKING
from core.training.runs import Run
from ui import charts, messages, state
from ui.backbone_view import what_is_frozen
from ui.inside import warming
from ui.run_version import run_version
from ui.schedule_view import used_rate

POLL_SECONDS = 1.0
FROZEN_FIRST = (
    "The frozen network looks at every photo once and notes what it sees. Then the new last layer "
    "learns from these notes, and its curves show here."
)
CURVES_SOON = "The curves show here as soon as there is a first value."
STATE_WORDS = {
    State.QUEUED: ("waiting", "gray"),
    State.RUNNING: ("training", "blue"),
    State.FINISHED: ("finished", "green"),
    State.STOPPED: ("stopped", "orange"),
    State.FAILED: ("failed", "red"),
    State.INTERRUPTED: ("interrupted", "red"),
}


def training_room(run: Run) -> None:
    """Shows `run`; looks again every second for as long as it is not over."""
    live = not run.status().state.is_over
    watch = st.fragment(messages.guarded(_room), run_every=POLL_SECONDS if live else None)
    watch(run, live)


def badge(run_state: str, ending: str = "") -> str:
    """A state, or how it came to it, as a coloured word, in Markdown."""
    word, color = STATE_WORDS[State(run_state)]
    return f":{color}-badge[{endings.word(ending, word)}]"


def seconds_text(seconds: float | None) -> str:
    """A duration in words: "8 s", "2 min 5 s", "1 h 4 min"; "–" when unknown."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _room(run: Run, live: bool) -> None:
    status, metrics = run.status(), run.metrics()
    if live and status.state.is_over:
        st.rerun()
    with st.container(border=True, key="training-room"):
        st.markdown(f"#### {run.name} {badge(status.state, status.ending)}")
        run_version(run)
        what_is_frozen(run)
        if live:
            _progress(status)
            st.html(charts.figures_html(live_figures(status, metrics)))
            _stop_button(run)
        else:
            _ending(run, status)
            st.html(charts.figures_html(final_figures(status, metrics)))
        curves(run, status, metrics)


def live_figures(status: JobStatus, metrics: Sequence[dict[str, Any]]) -> dict[str, str]:
    """What changes while it trains, as label and text."""
    speed = status.extra.get("photos_per_second")
    if not speed and not metrics:
        return _first_figures(status)
    last = metrics[-1] if metrics else {}
    return {
        "time left": seconds_text(status.seconds_left),
        "photos per second": f"{speed:,.0f}" if speed else "–",
        "epochs done": str(len(metrics)),
        "right on unseen photos": percent(last.get("val_accuracy")),
        "trains on": status.device or "–",
    }


def _first_figures(status: JobStatus) -> dict[str, str]:
    """What there is to say before anything is learnt."""
    # Weights that are fetched first count bytes, and have a message of their own.
    counts = status.message == LOOKING and status.total
    return {
        "time left": seconds_text(status.seconds_left),
        **({"photos looked at": f"{status.done:,} of {status.total:,}"} if counts else {}),
        "trains on": status.device or "–",
    }


def final_figures(status: JobStatus, metrics: Sequence[dict[str, Any]]) -> dict[str, str]:
    """What is left to know when it is over, as label and text."""
    last = metrics[-1] if metrics else {}
    return {
        "time": seconds_text(status.seconds_elapsed),
        "epochs": str(len(metrics)),
        "right on photos it learnt from": percent(last.get("accuracy")),
        "right on unseen photos": percent(last.get("val_accuracy")),
        "trained on": status.device or "–",
    }


def percent(share: float | None) -> str:
    """0.973 as "97 %"; "–" when unknown."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _progress(status: JobStatus) -> None:
    if status.state is State.QUEUED:
        st.progress(0.0, text=status.message or "It starts as soon as the one before it is done.")
        return
    st.progress(status.share, text=progress_text(status))


def progress_text(status: JobStatus) -> str:
    """Where a running training is: "Epoch 4 of 10, batch 7 of 11"."""
    text = status.message or status.phase or "It is starting."
    batches = status.extra.get("batches")
    if status.phase != "Training" or not batches:
        return text
    return f"{text}, batch {status.extra.get('batch', 0)} of {batches}"


def curves(run: Run, status: JobStatus, metrics: Sequence[dict[str, Any]]) -> None:
    """How accuracy and loss went, so far or in the end; before there is a value, what comes."""
    live = status.extra.get("live")
    if not metrics and not (live or {}).get("epoch"):
        if status.state is State.RUNNING:
            st.caption(FROZEN_FIRST if status.phase == LOOKING else CURVES_SOON)
        return
    st.html(charts.curve_legend())
    left, right = st.columns(2)
    with left:
        st.vega_lite_chart(
            charts.accuracy_curve(metrics, live),
            key=f"accuracy-{run.name}",
            alt="Accuracy on photos it learns from and on photos it has not seen",
        )
    with right:
        st.vega_lite_chart(
            charts.loss_curve(metrics, live),
            key=f"loss-{run.name}",
            alt="Loss on photos it learns from and on photos it has not seen",
        )
    used_rate(metrics, run.name)


def _stop_button(run: Run) -> None:
    asked = (run.folder / "stop").exists()
    st.button(
        "Stopping after this batch" if asked else "Stop and keep what was learnt",
        icon=":material/stop_circle:",
        key=f"stop-{run.name}",
        disabled=asked,
        on_click=run.stop,
    )


def _ending(run: Run, status: JobStatus) -> None:
    """How it ended, in words, and what to do next."""
    if status.state is State.FINISHED:
        st.success(_finished_sentence(run, status), icon=":material/check_circle:")
        if early := (status.result or {}).get("stopped_early"):
            st.caption(early)
        _passed_over(status)
    elif status.state is State.STOPPED:
        st.info(_stopped_sentence(run), icon=":material/pause_circle:")
    elif status.state is State.FAILED:
        st.error(_failed_sentence(run, status), icon=":material/error:")
    else:
        st.warning(_interrupted_sentence(run, status), icon=":material/power_off:")
    _unknown(status)
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.has_model:
            warming.begin_if_running(run)
            state.page_link(
                "evaluation", "See how good it is", icon=":material/arrow_forward:", as_button=True
            )
            state.page_link("prediction", "Try a new photo", icon=":material/lightbulb:")
            state.page_link("feature_maps", "Look inside", icon=":material/visibility:")
    if status.state in (State.FAILED, State.INTERRUPTED):
        _log(run)


def _passed_over(status: JobStatus) -> None:
    """That some labels were doubted, and where to look at them."""
    share = (status.result or {}).get("passed_over")
    if share:
        st.caption(passed_over_in_words(share))
        state.page_link(
            "photos",
            "Look for doubtful labels",
            icon=":material/person_search:",
            params={"view": "labels"},
        )


def _finished_sentence(run: Run, status: JobStatus) -> str:
    evaluation = run.evaluation()
    if evaluation is None:
        return f"Finished after {seconds_text(status.seconds_elapsed)}."
    return first_bold(evaluation["sentence"])


def first_bold(sentences: str) -> str:
    """The first sentence in bold, in Markdown."""
    first, dot, rest = sentences.partition(". ")
    return f"**{first}.** {rest}" if dot else f"**{first}**"


def _stopped_sentence(run: Run) -> str:
    if not run.has_model:
        return "You stopped it before it had learnt anything. Start it again whenever you like."
    evaluation = run.evaluation()
    tested = f" {evaluation['sentence']}" if evaluation else ""
    return f"You stopped it, and what it had learnt by then is kept.{tested}"


def _unknown(status: JobStatus) -> None:
    """What the training cannot have found out."""
    said = status.result.get("unknown", []) if isinstance(status.result, dict) else []
    if said:
        lines = "\n".join(f"- {messages.literal(sentence)}" for sentence in said)
        st.info(f"**What this training cannot tell**\n\n{lines}", icon=":material/help:")


def _failed_sentence(run: Run, status: JobStatus) -> str:
    step = f"\n\n{messages.literal(status.next_step)}" if status.next_step else ""
    kept = "\n\nThe best model until then is kept and can be used." if run.has_model else ""
    return f"**{messages.literal(status.message)}**{step}{kept}"


def _interrupted_sentence(run: Run, status: JobStatus) -> str:
    kept = (
        " The best model until then is kept and can be used."
        if run.has_model
        else " Nothing usable was learnt by then."
    )
    when = time.strftime("%H:%M:%S", time.localtime(status.updated)) if status.updated else ""
    last = f" Its last sign of life was at {when}." if when else ""
    return (
        f"**This training was interrupted.** {messages.literal(status.message)}{last}{kept}\n\n"
        f"{messages.literal(status.next_step)}"
    )


def _log(run: Run) -> None:
    path = run.folder / "log.txt"
    if path.is_file() and path.stat().st_size:
        with st.expander("What the training wrote last", icon=":material/description:"):
            st.code(path.read_text(errors="replace")[-3000:], language=None)
