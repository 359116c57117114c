"""What the app says to people: headers, empty states, errors, explanations."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st

from core.errors import LoupeError

log = logging.getLogger(__name__)
Arguments = ParamSpec("Arguments")

UNEXPECTED = LoupeError(
    "Something went wrong inside Loupe.",
    "Your photos and trainings are safe. Reload the page; if it happens again, "
    "the details stand in the window where Loupe was started.",
)


def literal(text: str) -> str:
    """Text from outside for use within Markdown: every sign of it is shown as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|$:~<>&])", r"\\\1", text)


def page_header(title: str, sentence: str, page: str) -> None:
    """The page's one `h1`, the one sentence that says what it is for, and its words explained.

    Args:
        page: The page's file name without `.py`.
    """
    from ui import jargon

    st.title(title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="page-sentence"):
        st.markdown(f":gray[{sentence}]", width="stretch")
        jargon.words_here(jargon.words_of_page(page), key=page)


def empty_state(
    title: str,
    sentence: str,
    page: str | None = None,
    label: str = "",
    icon: str = ":material/eco:",
    key: str = "empty",
) -> None:
    """Says what is missing and what to do; offers the step that brings it, and the demo.

    Args:
        page: Name of the page that brings what is missing, such as `"photos"`.
        label: The words on that page's button.
    """
    from ui import demo_view, state

    with st.container(border=True, key=f"{key}-state"):
        st.subheader(f"{icon} {title}", anchor=False)
        st.markdown(sentence)
        with st.container(horizontal=True):
            if page is not None:
                state.page_link(page, label, icon=":material/arrow_forward:", as_button=True)
            if st.button("Play the demo", icon=":material/play_circle:", key=f"{key}-demo"):
                demo_view.start_demo()
                state.go_to("home")


def why(text: str, label: str = "Why?") -> None:
    """A short explanation behind a small button, for whoever wants it."""
    with st.popover(label, type="tertiary", icon=":material/lightbulb:"):
        st.markdown(text)


def show_error(error: LoupeError) -> None:
    """A plain sentence and the next step."""
    step = f"\n\n{error.next_step}" if error.next_step else ""
    st.error(f"**{error.message}**{step}", icon=":material/error:")


def report_unexpected(error: Exception) -> bool:
    """Logs a bug with its traceback and shows a plain sentence instead of it."""
    log.error("Unexpected error in a page", exc_info=error)
    show_error(error if isinstance(error, LoupeError) else UNEXPECTED)
    return True


@contextmanager
def guard() -> Iterator[None]:
    """Turns what goes wrong inside into a plain sentence on the page."""
    try:
        yield
    except LoupeError as error:
        show_error(error)
    except Exception as error:
        report_unexpected(error)


def guarded(function: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """`guard` for fragments, which rerun outside of their page's own guard."""

    @wraps(function)
    def inner(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        with guard():
            function(*args, **kwargs)

    return inner
