"""How many photos are marked, and what can be done with them: the same bar on every view."""

from collections.abc import Callable

import streamlit as st

from core.datasets.dataset import SPLITS, Dataset
from core.datasets.edits import photos
from core.datasets.marks import marked_of
from ui import state
from ui.photos import marking
from ui.photos.words import SPLIT_WORDS


def marks_bar(dataset: Dataset, key: str = "marks") -> list[str]:
    """Draws the bar, which stays in sight, and returns the marked photos of this version."""
    marked = marked_of(dataset)
    with st.container(key=f"{key}-bar", horizontal=True, vertical_alignment="center", gap="small"):
        _count(dataset, len(marked), key)
        none = not marked
        _move(dataset, none, key)
        _button("Exclude", "block", marking.take_out, dataset, none, key, "Keeps the files. Key: X")
        if any(_excluded(dataset, marked)):
            _button("Restore", "undo", marking.bring_back, dataset, none, key, "Key: R")
        _split(dataset, none, key)
        st.button(
            "Similar",
            icon=":material/image_search:",
            key=f"{key}-similar",
            disabled=len(marked) != 1,
            help="Finds photos like the one that is marked. Key: S",
            on_click=_similar,
            args=(marked,),
        )
        _button("Clear", "close", marking.forget_marks, dataset, none, key, "Unmarks them all.")
    return marked


def _count(dataset: Dataset, count: int, key: str) -> None:
    before = len(marking.marked_before(dataset.name))
    if count or not before:
        st.markdown(f"**{count:,}** marked", width="content")
        return
    st.button(
        "Mark again",
        icon=":material/history:",
        key=f"{key}-again",
        help=f"The {photos(before)} marked before the last action.",
        on_click=marking.mark_again,
        args=(dataset.name,),
    )


def _move(dataset: Dataset, disabled: bool, key: str) -> None:
    box = f"{key}-move"

    def chosen() -> None:
        label = state.widget(box)
        state.set_widget(box, None)
        if label:
            marking.move(dataset.name, str(label))

    st.selectbox(
        "Move to class",
        dataset.class_names,
        index=None,
        placeholder="Move to class or new",
        key=box,
        accept_new_options=True,
        disabled=disabled,
        label_visibility="collapsed",
        width=195,
        on_change=chosen,
    )


def _split(dataset: Dataset, disabled: bool, key: str) -> None:
    box = f"{key}-split"

    def chosen() -> None:
        split = state.widget(box)
        state.set_widget(box, None)
        if split:
            marking.put_into_split(dataset.name, str(split))

    st.selectbox(
        "Put into split",
        SPLITS,
        index=None,
        placeholder="Put into split",
        format_func=lambda name: SPLIT_WORDS[name],
        key=box,
        disabled=disabled,
        label_visibility="collapsed",
        width=145,
        on_change=chosen,
    )


def _button(
    label: str,
    icon: str,
    action: Callable[[str], None],
    dataset: Dataset,
    disabled: bool,
    key: str,
    help: str,
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"{key}-{label.lower()}",
        disabled=disabled,
        help=help,
        on_click=action,
        args=(dataset.name,),
    )


def _similar(marked: list[str]) -> None:
    marking.find_similar(marked[0])


def _excluded(dataset: Dataset, marked: list[str]) -> list[bool]:
    flags = dataset.manifest["excluded"].to_numpy(bool)
    return [bool(flags[dataset.places[photo_id]]) for photo_id in marked]
