"""Undo, redo and the history of a data set: on every view that can change it."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.manifest import redo, undo
from core.datasets.versions import Version, go_back_to, versions, words_of
from ui.photos.editing import attempt, tell

MOST_SHOWN = 30
LONGEST_WORDS = 44
MARKDOWN = "\\`*_[]{}()#+-!|<>$:~"


def undo_bar(dataset: Dataset, key: str = "undo-bar") -> None:
    """Draws undo, redo and the history, and tells how the last edit went.

    Args:
        dataset: The current version.
        key: Another one for a second bar on the same page.
    """
    tell()
    with st.container(horizontal=True, vertical_alignment="center", key=key, gap="small"):
        _undo_button(dataset, key)
        _redo_button(dataset, key)
        _history(dataset, key)


def undo_edit(name: str) -> None:
    """Takes the last edit back; for callbacks."""
    attempt(name, undo)


def redo_edit(name: str) -> None:
    """Does again what was undone; for callbacks."""
    attempt(name, redo)


def _undo_button(dataset: Dataset, key: str) -> None:
    possible = len(dataset.history) > 1
    words = words_of(dataset, dataset.version)
    st.button(
        f"Undo: {_short(words)}" if possible else "Undo",
        icon=":material/undo:",
        key=f"{key}-undo",
        disabled=not possible,
        help=f"Takes back: {plain(words)}" if possible else "Nothing has been changed yet.",
        on_click=undo_edit,
        args=(dataset.name,),
    )


def _redo_button(dataset: Dataset, key: str) -> None:
    words = words_of(dataset, dataset.undone[-1]) if dataset.undone else ""
    st.button(
        f"Redo: {_short(words)}" if words else "Redo",
        icon=":material/redo:",
        key=f"{key}-redo",
        disabled=not words,
        help=f"Does again: {plain(words)}" if words else "Nothing has been undone.",
        on_click=redo_edit,
        args=(dataset.name,),
    )


def _history(dataset: Dataset, key: str) -> None:
    with st.popover(f"Version {dataset.version}", icon=":material/history:", type="tertiary"):
        st.markdown("**All changes, the newest first.** Going back is a change too: undo it.")
        known = versions(dataset)
        for version in known[:MOST_SHOWN]:
            _line(dataset, version, key)
        if len(known) > MOST_SHOWN:
            st.caption(f"And {len(known) - MOST_SHOWN:,} earlier ones.")


def _line(dataset: Dataset, version: Version, key: str) -> None:
    when = f" · {version.saved:%d %b %Y, %H:%M}" if version.saved else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{version.number}** {plain(version.words)}  \n:gray[:small[{when[3:]}]]")
        if version.number == dataset.version:
            st.badge("now", color="gray")
            return
        st.button(
            "Go back",
            key=f"{key}-back-{version.number}",
            type="tertiary",
            help=f"Makes the data set as it was in version {version.number}.",
            on_click=_go_back,
            args=(dataset.name, version.number),
        )


def _go_back(name: str, number: int) -> None:
    attempt(name, lambda dataset: go_back_to(dataset, number))


def _short(words: str) -> str:
    cut = words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1].rstrip()}…"
    return plain(cut)


def plain(words: str) -> str:
    """Words from outside, such as the name of a class, without Markdown."""
    return "".join(f"\\{letter}" if letter in MARKDOWN else letter for letter in words)
