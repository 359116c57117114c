"""The same network at another epoch, or another network, to lay beside the one at hand."""

from typing import Any

import streamlit as st

from core.training.runs import Run
from core.training.snapshot_files import snapshot_epochs
from ui import cache, messages, state
from ui.inside.compare_pair import EPOCH, RUN, Pair, ask_for, asked, look
from ui.inside.inside import Inside
from ui.photo_sources import picture_address

KEPT = "kept"
NO_SNAPSHOTS = (
    "This training kept no weights of earlier epochs: it was done before Loupe kept them, as one "
    "of many in a comparison, or there was no room on the disk. Train the same again, and the "
    "untrained network and a few epochs can be compared here."
)


def epoch_pair(inside: Inside) -> Pair | None:
    """The network at two times of its training; None where nothing was kept of it."""
    epochs = snapshot_epochs(inside.run.folder)
    if not epochs:
        st.info(NO_SNAPSHOTS, icon=":material/history:")
        return None
    times: list[int | str] = [*epochs, KEPT]
    chosen = _asked_epochs(times)
    state.set_widget("compare-epochs", chosen)
    st.select_slider(
        "From which epoch to which",
        times,
        format_func=lambda time: epoch_words(inside.run, time),
        key="compare-epochs",
        on_change=_epochs_chosen,
        help="An epoch is one pass over all training photos. Epoch 0 is the network before it "
        "had seen any.",
    )
    one, other = chosen
    address = picture_address(inside.photo, inside.run.config.dataset)
    return Pair(
        EPOCH,
        look(inside, epoch=None if one == KEPT else int(one)),
        look(inside, epoch=None if other == KEPT else int(other)),
        (epoch_words(inside.run, one), epoch_words(inside.run, other)),
        (address, address),
        (inside.run, inside.run),
    )


def epoch_words(run: Run, time: int | str) -> str:
    """How a time of a training is called."""
    if time == KEPT:
        kept = (run.status().result or {}).get("kept_epoch")
        return f"the kept model (epoch {kept})" if kept else "the kept model"
    return "untrained" if time == 0 else f"epoch {time}"


def run_pair(inside: Inside) -> Pair | None:
    """The network and another one; None where there is none."""
    others = [one for one in cache.runs() if one["has_model"] and is_another(one, inside.run)]
    dataset = inside.run.config.dataset
    names = [one["name"] for one in sorted(others, key=lambda one: one["dataset"] != dataset)]
    if not names:
        st.info(
            "There is no other trained network yet. Train a second one, and they can be compared.",
            icon=":material/model_training:",
        )
        return None
    wanted = asked()[1]
    current = wanted if wanted in names else names[0]
    state.set_widget("compare-run", current)
    st.selectbox(
        "The other training",
        names,
        key="compare-run",
        on_change=lambda: ask_for(RUN, state.widget("compare-run")),
        width=340,
    )
    other = cache.run(current)
    if other.config.dataset != dataset:
        st.caption(
            f"{messages.literal(other.name)} learnt from other photos "
            f"({messages.literal(other.config.dataset)}): it answers with classes of its own."
        )
    address = picture_address(inside.photo, dataset)
    beside = Inside(other, inside.photo, inside.dataset)
    return Pair(
        RUN,
        look(inside),
        look(beside),
        (inside.run.name, other.name),
        (address, address),
        (inside.run, other),
    )


def is_another(summary: dict[str, Any], run: Run) -> bool:
    """Whether a run of the list is not `run` itself."""
    return bool(summary["name"] != run.name)


def _asked_epochs(times: list[int | str]) -> tuple[int | str, int | str]:
    """The two in the address; else from the first to the last."""
    by_text = {str(time): time for time in times}
    one, _, other = asked()[1].partition("-")
    first, last = by_text.get(one, times[0]), by_text.get(other, times[-1])
    if times.index(first) >= times.index(last):
        return times[0], times[-1]
    return first, last


def _epochs_chosen() -> None:
    one, other = state.widget("compare-epochs")
    ask_for(EPOCH, f"{one}-{other}")
