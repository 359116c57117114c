import os
import threading
import time
from pathlib import Path

import pytest

from core.engine import Engine, EngineError
from core.engines import LONG, Engines
from core.errors import NotFound
from core.jobs import resolve

pytestmark = pytest.mark.skipif(os.name == "nt", reason="uses POSIX processes")


@pytest.fixture(scope="module")
def engine():
    engine = Engine()
    engine.start()
    yield engine
    engine.close()


def test_it_answers_from_another_process_by_name(engine):
    assert engine.call("core.workspace:slugify", "Pond Insects") == "pond-insects"
    assert engine.pid not in (None, os.getpid())


def test_many_threads_get_their_own_answers(engine):
    answers = {}

    def ask(number):
        answers[number] = engine.call("core.workspace:slugify", f"Name {number}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"name-{number}" for number in range(8)}


def test_errors_for_people_come_through_whole(engine, tmp_path):
    with pytest.raises(NotFound, match="no model") as error:
        engine.call("core.models.loading:load_model", str(tmp_path / "model.keras"))
    assert error.value.next_step == "Train it first, then come back."


def test_other_errors_bring_their_traceback(engine):
    with pytest.raises(RuntimeError, match="Traceback"):
        engine.call("core.workspace:slugify", 7)


def test_an_answer_that_cannot_be_sent_does_not_end_it(engine):
    with pytest.raises(RuntimeError, match="pickle"):
        engine.call("core.locks:locked", "somewhere")
    assert engine.call("core.workspace:slugify", "Still here") == "still-here"


def test_after_a_crash_the_next_call_has_a_new_process(engine):
    engine.call("core.workspace:slugify", "a")
    before = engine.pid
    with pytest.raises(EngineError, match="ended unexpectedly"):
        engine.call("core.forkserver:leave")
    assert engine.call("core.workspace:slugify", "Again") == "again"
    assert engine.pid != before


def test_after_a_timeout_the_next_call_has_a_new_process(engine, tmp_path):
    os.mkfifo(tmp_path / "never")
    engine.call("core.workspace:slugify", "a")
    before = engine.pid
    with pytest.raises(EngineError, match=r"no answer within 0\.3 seconds"):
        engine.call("core.workspace:read_json", tmp_path / "never", timeout=0.3)
    assert engine.call("core.workspace:slugify", "Again") == "again"
    assert engine.pid != before


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at a Linux process")
def test_keras_is_there_already(engine):
    engine.call("core.workspace:slugify", "a")
    assert "tensorflow" in Path(f"/proc/{engine.pid}/maps").read_text()


def test_a_quick_question_does_not_wait_for_a_long_one(engine, tmp_path):
    os.mkfifo(tmp_path / "waiting")
    engine.call("core.workspace:slugify", "a")
    answers = []
    long = threading.Thread(
        target=lambda: answers.append(
            engine.call("core.workspace:read_json", tmp_path / "waiting", timeout=30)
        )
    )
    long.start()
    assert engine.call_beside("core.workspace:slugify", "Quick one") == "quick-one"
    with pytest.raises(NotFound):
        engine.call_beside("core.models.loading:load_model", str(tmp_path / "model.keras"))
    assert not answers
    (tmp_path / "waiting").write_text('{"long": 1}')
    long.join(30)
    assert answers == [{"long": 1}]


def test_beside_a_crash_the_next_question_has_a_new_process(engine):
    with pytest.raises(EngineError, match="ended unexpectedly"):
        engine.call_beside("core.forkserver:leave")
    with pytest.raises(EngineError):
        engine.call("core.workspace:slugify", "Gone, too")
    assert engine.call_beside("core.workspace:slugify", "Again") == "again"


def test_an_engine_that_nobody_asks_ends_and_comes_back():
    engine = Engine(idle_seconds=0.2)
    try:
        engine.call("core.workspace:slugify", "a")
        before = engine.pid
        deadline = time.monotonic() + 10
        while engine.pid is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert engine.pid is None
        assert engine.call("core.workspace:slugify", "Back") == "back" and engine.pid != before
    finally:
        engine.close()


def test_long_questions_have_an_engine_of_their_own():
    class Noting:
        def __init__(self, name):
            self.name = name

        def call(self, function, *args, **kwargs):
            return self.name

    engines = Engines(Noting("quick"), Noting("long"))
    assert engines.call("core.inspection.looking:layers_of") == "quick"
    for function in LONG:
        assert callable(resolve(function)) and engines.call(function) == "long"
