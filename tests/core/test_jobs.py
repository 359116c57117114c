import json
import threading
import time

import pytest

from core import jobs, status
from core.errors import LoupeError, NotFound
from core.jobs import (
    State,
    create_job,
    list_jobs,
    mark_launched,
    new_job,
    read_status,
    request_stop,
    resolve,
    run_job,
)
from core.locks import try_lock
from core.reporter import SHORTEST_PAUSE_SECONDS
from core.slots import parallel_runs


@pytest.fixture
def job(workspace, monkeypatch):
    """`job(function)` makes a job folder whose work is that function."""

    def make(function, needs_slot=False, **arguments):
        monkeypatch.setattr(jobs, "resolve", lambda name: function)
        folder = new_job(workspace, "core.any:thing", arguments, "A job")
        create_job(folder, "core.any:thing", arguments, "A job", needs_slot)
        return folder

    return make


def test_a_job_tells_how_far_it_is_and_what_came_out(job):
    heard = []

    def count(folder, reporter, upto):
        reporter.phase("Counting")
        reporter(1, upto, "One")
        time.sleep(SHORTEST_PAUSE_SECONDS)
        reporter(2, upto, "Two")
        reporter.update(device="abacus", extra={"half": True})
        return {"counted": upto}

    folder = job(count, upto=4)
    assert read_status(folder).state is State.QUEUED
    ending = run_job(folder, lambda status: heard.append((status.state, status.phase, status.done)))
    assert ending == read_status(folder)
    assert (ending.state, ending.result, ending.title) == ("finished", {"counted": 4}, "A job")
    assert (ending.device, ending.extra) == ("abacus", {"half": True})
    assert ("running", "Counting", 0) in heard
    assert ("running", "Counting", 2) in heard


@pytest.mark.parametrize(
    ("error", "message", "next_step"),
    [
        (LoupeError("Two are too few.", "Take three."), "Two are too few.", "Take three."),
        (ValueError("a\nb"), "Something went wrong in Loupe itself (ValueError: a).", "log.txt"),
        (MemoryError(), "There was not enough memory for it.", "smaller"),
    ],
)
def test_a_failure_is_a_sentence_for_people_and_a_traceback_in_the_log(
    job, error, message, next_step
):
    def fail(folder, reporter):
        raise error

    folder = job(fail)
    ending = run_job(folder)
    assert (ending.state, ending.message) == (State.FAILED, message)
    assert next_step in ending.next_step
    assert "Traceback" in (folder / "log.txt").read_text()


def test_status_is_written_at_most_ten_times_a_second(job):
    writes = []

    def hurry(folder, reporter):
        for step in range(20_000):
            reporter(step, 20_000, "Hurrying")

    begun = time.monotonic()
    run_job(job(hurry), lambda status: writes.append(time.monotonic()))
    assert len(writes) <= 10 * (time.monotonic() - begun) + 4


def test_a_stop_is_an_ending_and_not_a_fault(job):
    def work(folder, reporter):
        request_stop(folder)
        while True:
            reporter(0, 0, "Working")

    folder = job(work)
    assert run_job(folder).state is State.STOPPED
    assert not (folder / "log.txt").exists()


def test_work_that_accepts_the_stop_keeps_its_result(job):
    def work(folder, reporter):
        request_stop(folder)
        while not reporter.stop_requested():
            time.sleep(0.01)
        reporter.accept_stop()
        reporter(1, 1, "Tidying up")
        return {"kept": True}

    ending = run_job(job(work))
    assert (ending.state, ending.result) == (State.STOPPED, {"kept": True})


def test_a_stopped_job_can_be_launched_again(job):
    def work(folder, reporter):
        reporter.raise_if_stopped()
        return "done"

    folder = job(work)
    request_stop(folder)
    assert run_job(folder).state is State.STOPPED
    mark_launched(folder)
    assert run_job(folder).result == "done"


def test_a_free_lock_means_interrupted_once_it_had_begun(job):
    folder = job(None)
    mark_launched(folder)
    lock = try_lock(folder / "lock")
    begun = read_status(folder).model_copy(update={"state": State.RUNNING, "started": time.time()})
    status.write_status(folder, begun)
    assert read_status(folder).state is State.RUNNING
    lock.close()
    assert read_status(folder).state is State.INTERRUPTED
    assert json.loads((folder / "status.json").read_text())["state"] == "running"


def test_a_process_on_its_way_is_not_yet_lost(job, monkeypatch):
    folder = job(None)
    mark_launched(folder)
    assert read_status(folder).state is State.QUEUED
    monkeypatch.setattr(status, "LAUNCH_GRACE_SECONDS", -1.0)
    assert read_status(folder).state is State.INTERRUPTED


def test_a_job_never_launched_waits_for_ever(job, monkeypatch):
    monkeypatch.setattr(status, "LAUNCH_GRACE_SECONDS", -1.0)
    assert read_status(job(None)).state is State.QUEUED


def test_trainings_beyond_the_limit_wait_in_their_order(job, workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_PARALLEL_RUNS", "1")
    order, first_may_end = [], threading.Event()

    def work(folder, reporter):
        order.append(folder)
        assert first_may_end.wait(20)

    folders = [job(work, needs_slot=True) for _ in range(3)]
    threads = []
    for folder in folders:
        threads.append(threading.Thread(target=run_job, args=(folder,)))
        threads[-1].start()
        time.sleep(0.4)
    assert order == folders[:1]
    assert [read_status(folder).state for folder in folders] == ["running", "queued", "queued"]
    assert "Waiting for another training" in read_status(folders[1]).message
    request_stop(folders[1])
    threads[1].join(5)
    assert read_status(folders[1]).state is State.STOPPED
    first_may_end.set()
    for thread in threads:
        thread.join(20)
    assert order == [folders[0], folders[2]]


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("0", 1), ("many", 1)])
def test_the_limit_comes_from_the_environment(monkeypatch, text, number):
    monkeypatch.setenv("LOUPE_PARALLEL_RUNS", text)
    assert parallel_runs() == number


def test_only_functions_of_core_can_be_named():
    assert resolve("core.jobs:run_job") is run_job
    for name in ("os:system", "core.jobs", "core.jobs:a.b"):
        with pytest.raises(LoupeError, match="not a function"):
            resolve(name)


def test_a_folder_without_a_job_is_passed_over_and_refused(job, workspace):
    folder = job(None)
    (workspace.jobs / "empty").mkdir()
    assert [found for found, _ in list_jobs(workspace)] == [folder]
    with pytest.raises(NotFound):
        request_stop(workspace.jobs / "empty")
    with pytest.raises(NotFound):
        run_job(workspace.jobs / "empty")
