"""The lab's questions to the model that judges: nobody waits for their answers.

A small model answers while the page is drawn. For a slow one, or an engine that has just been
started, the page is drawn without the answers, says so, and is drawn again when they are there.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from core.errors import LoupeError
from core.questions import NotYet, get_questions
from core.training.runs import Run
from ui import cache, messages, state

PATIENCE = 0.3  # seconds for all questions of one drawing together
LOOK_AGAIN = 0.4  # seconds
LONGEST = 600.0  # seconds the engine may take for one question
SLOW = "The model is looking at the pictures. Its answers come by themselves."


class Asking:
    """What one drawing of the lab asks the run that judges.

    Attributes:
        error: Why it cannot answer, None as long as it can.
    """

    def __init__(self, run: Run):
        self.run = run
        self.error: LoupeError | None = None
        self._waiting: list[tuple[Any, ...]] = []
        self._urgent: set[tuple[Any, ...]] = set()
        self._asked = 0
        self._deadline = time.monotonic() + PATIENCE
        get_questions().begin(state.visit())

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.run.config.class_names

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._waiting)

    def probabilities(
        self, pictures: Sequence[np.ndarray], urgent: bool = True
    ) -> np.ndarray | None:
        """What the model says of each picture, float32 (N, num_classes); None if not yet.

        Args:
            pictures: uint8 (height, width, channels) each, as the model takes them.
            urgent: Whether the page is drawn anew for this answer alone.
        """
        stack = np.stack(pictures)
        function = "core.evaluation.prediction:predict_pictures"
        return self.ask(function, stack, content=(digest(stack),), urgent=urgent)

    def ask(
        self, function: str, *arguments: Any, content: tuple[Any, ...], urgent: bool = False
    ) -> Any:
        """What `function` of core, given the run's folder and `arguments`, returns.

        None while that is being worked out, or if it cannot be: see `error`. Answers are
        remembered by the model and by `content`, which stands for the arguments.
        """
        folder = str(self.run.folder)
        key = (function, folder, *cache.stamps(self.run.model_path), *content)
        engine = cache.engine()

        def answer() -> Any:
            return engine.call(function, folder, *arguments, timeout=LONGEST)

        def fetch(*key: Any) -> Any:
            patience = self._deadline - time.monotonic()
            kind = function, folder
            return get_questions().ask(state.visit(), key, answer, patience, kind)

        if self.error is None:
            self._asked += 1
            try:
                return cache.remembered(fetch, *key)
            except NotYet:
                self._waiting.append(key)
                if urgent:
                    self._urgent.add(key)
            except LoupeError as error:
                self.error = error
            except Exception as error:
                messages.log.error("The judging model failed", exc_info=error)
                self.error = messages.UNEXPECTED
        return None

    def derived(self, make: Callable[[], Any], *content: Any) -> Any:
        """What `make` works out of answers, remembered by the model and `content`.

        `make` returns None as long as the answers are missing; then so does this.
        """

        def work_out(*key: Any) -> Any:
            made = make()
            if made is None:
                raise NotYet()
            return made

        try:
            folder, stamp = str(self.run.folder), cache.stamps(self.run.model_path)
            return cache.remembered(work_out, make.__qualname__, folder, stamp, *content)
        except NotYet:
            return None

    def show_error(self) -> None:
        """Why there are no answers, if so: the pictures stay."""
        if self.error is not None:
            messages.show_error(self.error)

    def watch(self, words: str = SLOW, key: str = "asking") -> None:
        """Says that answers are still to come, if so, and draws the page anew when they are."""
        if not self._waiting:
            return
        keys, urgent, asked = tuple(self._waiting), tuple(self._urgent), self._asked
        visit = state.visit()

        @messages.guarded
        def look() -> None:
            over = get_questions().over(keys)
            if over == len(keys) or get_questions().over(urgent):
                st.rerun()
            done = asked - len(keys) + over
            count = f" ({done} of {asked})" if asked > 1 else ""
            st.caption(f":material/hourglass_top: {words}{count}")

        st.fragment(look, run_every=LOOK_AGAIN, key=f"{key}-{visit}")()


def digest(pictures: np.ndarray) -> str:
    """What stands for the pictures, by their content."""
    made = hashlib.blake2b(np.ascontiguousarray(pictures).data, digest_size=16)
    made.update(repr(pictures.shape).encode())
    return made.hexdigest()
