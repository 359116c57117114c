"""Questions that a page does not wait for: they are answered beside it, one after another.

A page is drawn anew at each movement of a slider. What it asked before and nobody has begun
to answer is then forgotten, so that a slow model is always busy with the newest question.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from core.errors import LoupeError

MOST_ANSWERS = 64  # kept until somebody fetches them


class NotYet(LoupeError):
    """The answer is still being worked out."""

    def __init__(self) -> None:
        super().__init__("The model is still looking.", "The answer comes by itself.")


@dataclass
class _Question:
    asker: str
    kind: Hashable
    answer: Callable[[], Any]
    over: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    error: BaseException | None = None


class Questions:
    """A line of questions and the one thread that answers them. Any thread may ask."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._known: dict[Hashable, _Question] = {}
        self._waiting: list[_Question] = []
        self._thread: threading.Thread | None = None
        self._seconds: dict[Hashable, float] = {}

    def begin(self, asker: str) -> None:
        """Forgets what `asker` asked before and what nobody has begun to answer."""
        with self._changed:
            forgotten = [one for one in self._waiting if one.asker == asker]
            self._waiting = [one for one in self._waiting if one.asker != asker]
            self._known = {
                key: one
                for key, one in self._known.items()
                if not any(one is other for other in forgotten)
            }

    def ask(
        self,
        asker: str,
        key: Hashable,
        answer: Callable[[], Any],
        patience: float,
        kind: Hashable = None,
    ) -> Any:
        """What `answer` returns, if that is known within `patience` seconds.

        Args:
            asker: Who asks: see `begin`.
            key: The content of the question; one that is known is not put again.
            kind: Questions of one kind take about as long. Nobody waits for one of a kind
                that took longer than `patience` the last time.

        Raises:
            NotYet: If it takes longer: ask again with the same key.
            BaseException: What `answer` raised, once; the next time it is tried anew.
        """
        with self._changed:
            question = self._known.get(key) or self._put(asker, kind, key, answer)
            if self._seconds.get(kind, 0.0) > patience:
                patience = 0.0
        if not question.over.wait(max(0.0, patience)):
            raise NotYet()
        with self._changed:
            self._known.pop(key, None)
        if question.error is not None:
            raise question.error
        return question.result

    def over(self, keys: Iterable[Hashable]) -> int:
        """How many of the questions have their answer, or were forgotten meanwhile."""
        with self._changed:
            found = [self._known.get(key) for key in keys]
        return sum(question is None or question.over.is_set() for question in found)

    def _put(
        self, asker: str, kind: Hashable, key: Hashable, answer: Callable[[], Any]
    ) -> _Question:
        question = self._known[key] = _Question(asker, kind, answer)
        self._waiting.append(question)
        over = [key for key, one in self._known.items() if one.over.is_set()]
        for old in over[: max(0, len(over) - MOST_ANSWERS)]:
            del self._known[old]
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="questions", daemon=True)
            self._thread.start()
        self._changed.notify()
        return question

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                question = self._waiting.pop(0)
            begun = time.monotonic()
            try:
                question.result = question.answer()
            except BaseException as error:
                question.error = error
            question.answer = _forgotten  # it holds the pictures
            self._note(question.kind, time.monotonic() - begun)
            question.over.set()

    def _note(self, kind: Hashable, seconds: float) -> None:
        with self._changed:
            self._seconds.pop(kind, None)
            self._seconds[kind] = seconds
            if len(self._seconds) > MOST_ANSWERS:
                del self._seconds[next(iter(self._seconds))]


def _forgotten() -> None:
    """In the place of a function that was called."""


@lru_cache(maxsize=1)
def get_questions() -> Questions:
    """The one line of questions of this process."""
    return Questions()
