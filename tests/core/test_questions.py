import threading
import time

import pytest

from core.errors import LoupeError
from core.questions import MOST_ANSWERS, NotYet, Questions


@pytest.fixture
def questions():
    return Questions()


@pytest.fixture
def slow(questions):
    """A question that is at work until `slow.set()`."""
    gate, begun = threading.Event(), threading.Event()

    def answer():
        begun.set()
        assert gate.wait(10)
        return "at last"

    with pytest.raises(NotYet):
        questions.ask("page", "slow", answer, 0)
    assert begun.wait(10)
    yield gate
    gate.set()


def test_a_quick_answer_comes_at_once_and_each_fetch_asks_anew(questions):
    numbers = iter(range(5))
    assert questions.ask("page", "key", lambda: next(numbers), 10) == 0
    assert questions.ask("page", "key", lambda: next(numbers), 10) == 1


def test_a_slow_one_is_fetched_later_and_asked_once(questions, slow):
    assert not questions.over(["slow"])
    with pytest.raises(NotYet):
        questions.ask("page", "slow", lambda: "asked twice", 0)
    slow.set()
    assert questions.ask("page", "slow", lambda: "asked twice", 10) == "at last"


def test_what_was_asked_before_is_forgotten_unless_begun_or_another_askers(questions, slow):
    answered = []
    for asker, key in (("page", "old"), ("other", "theirs")):
        with pytest.raises(NotYet):
            questions.ask(asker, key, lambda key=key: answered.append(key), 0)
    questions.begin("page")
    assert questions.over(["old"])  # nobody is to wait for it any more
    assert not questions.over(["slow", "theirs"])
    slow.set()
    questions.ask("page", "new", lambda: answered.append("new"), 10)
    assert answered == ["theirs", "new"]
    assert questions.ask("page", "slow", lambda: "again", 10) == "at last"


def test_nobody_waits_for_what_took_too_long_the_last_time(questions):
    questions.ask("page", "first", lambda: time.sleep(0.2), 10, kind="slow")
    gate = threading.Event()
    begun = time.monotonic()
    with pytest.raises(NotYet):
        questions.ask("page", "second", lambda: gate.wait(30), 0.15, kind="slow")
    assert time.monotonic() - begun < 0.15
    gate.set()


def test_an_error_is_told_once_and_the_question_tried_anew(questions):
    def fails():
        raise LoupeError("Damaged.")

    with pytest.raises(LoupeError, match="Damaged"):
        questions.ask("page", "key", fails, 10)
    assert questions.ask("page", "key", lambda: "well", 10) == "well"


def test_answers_that_nobody_fetches_do_not_pile_up(questions):
    for number in range(3 * MOST_ANSWERS):
        with pytest.raises(NotYet):
            questions.ask("page", number, lambda: time.sleep(0.001), 0)
        while not questions.over([number]):
            time.sleep(0.0005)
    assert len(questions._known) <= MOST_ANSWERS + 2
