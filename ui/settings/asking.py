"""Questions of the settings to the engine, which nobody waits for: it may just be starting."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import LoupeError
from core.questions import NotYet, get_questions
from ui import cache, messages, state

PATIENCE = 0.15  # seconds for all questions of one drawing together
LOOK_AGAIN = 0.5  # seconds
WAITING = ":material/hourglass_top: Being computed. It comes by itself."


class Asking:
    """What one drawing of the settings asks. Functions of core are named as for the engine.

    Args:
        part: Which part of a page asks; what it asked before is forgotten.
    """

    def __init__(self, part: str = "settings") -> None:
        self._asker = f"{state.visit()}-{part}"
        self._waiting: list[tuple[Any, ...]] = []
        self._deadline = time.monotonic() + PATIENCE
        get_questions().begin(self._asker)

    def ask(self, function: str, *arguments: Any, content: tuple[Any, ...] | None = None) -> Any:
        """What `function` returns for `arguments`; None if that is not known yet.

        Args:
            content: What the answer depends on, where the arguments are too large to compare.

        Raises:
            LoupeError: What the function raised.
        """
        key = (function, *(arguments if content is None else content))
        engine = cache.engine()

        def fetch(*key: Any) -> Any:
            patience = self._deadline - time.monotonic()
            answer: Callable[[], Any] = lambda: engine.call(function, *arguments)  # noqa: E731
            return get_questions().ask(self._asker, key, answer, patience, function)

        try:
            return cache.remembered(fetch, *key)
        except NotYet:
            self._waiting.append(key)
            return None

    def ask_or_say(self, function: str, *arguments: Any, **named: Any) -> Any:
        """`ask`, which says on the page why there is no answer."""
        try:
            answer = self.ask(function, *arguments, **named)
        except LoupeError as error:
            messages.show_error(error)
            return None
        if answer is None:
            st.caption(WAITING)
        return answer

    def watch(self) -> None:
        """Draws the page anew when an answer has come that was not there yet."""
        if not self._waiting:
            return
        keys = tuple(self._waiting)

        @messages.guarded
        def look() -> None:
            if get_questions().over(keys):
                st.rerun()

        st.fragment(look, run_every=LOOK_AGAIN, key=f"asking-{self._asker}")()
