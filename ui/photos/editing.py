"""Edits by click: what goes wrong becomes a sentence on the page, what went well a short note."""

from collections.abc import Callable

import streamlit as st

from core.datasets.dataset import Dataset
from core.errors import LoupeError
from ui import cache, messages, state

Edit = Callable[[Dataset], Dataset]


def attempt(dataset_name: str, edit: Edit) -> bool:
    """Does `edit` on the current version of a data set; for callbacks, which must not raise.

    Returns:
        Whether it worked. `tell` says on the page how it went.
    """
    try:
        changed = edit(cache.dataset(dataset_name))
    except LoupeError as error:
        state.put("edit-error", error)
        return False
    state.put("edit-error", None)
    state.put("edit-done", changed.changes.get(changed.version, ""))
    return True


def tell() -> None:
    """How the last edit went, once."""
    error, done = state.get("edit-error"), state.get("edit-done")
    state.put("edit-error", None)
    state.put("edit-done", None)
    if error is not None:
        messages.show_error(error)
    elif done:
        st.toast(_sentence(done), icon=":material/check:")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
