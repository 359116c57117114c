"""Real processes: launched, stopped, killed, and outliving the server that launched them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.datasets.manifest import open_dataset
from core.jobs import State
from core.launcher import launch, warm_up
from core.training.runs import create_run
from core.workspace import APP_FOLDER
from tests.conftest import small_recipe

pytestmark = pytest.mark.skipif(not os.path.exists("/proc"), reason="looks at Linux processes")
PATIENCE_SECONDS = 90


@pytest.fixture(scope="module", autouse=True)
def warm():
    warm_up()


def wait_for(condition, what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


def is_training(run):
    return lambda: run.status().state is State.RUNNING and run.status().extra.get("batch")


def is_over(run):
    return lambda: run.status().state.is_over


def process_of(run):
    """The number of the process that holds the run's lock."""
    inode = (run.folder / "lock").stat().st_ino
    for line in Path("/proc/locks").read_text().splitlines():
        if match := re.search(rf"FLOCK\s+ADVISORY\s+WRITE (\d+) \S+:{inode} ", line):
            return int(match[1])
    raise AssertionError("nobody holds the lock")


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def long_run(workspace, name):
    return create_run(workspace, "shapes", small_recipe(budget_seconds=300, epochs=None), name)


def test_a_stopped_training_keeps_its_model_and_is_tested(shapes_workspace):
    run = long_run(shapes_workspace, "to be stopped")
    launch(run.folder)
    wait_for(is_training(run), "the first batch")
    run.stop()
    wait_for(is_over(run), "the end")
    status = run.status()
    assert status.state is State.STOPPED, status
    assert run.model_path.exists()
    assert run.evaluation()["n"] == len(open_dataset(run.workspace, "shapes").split("test"))
    assert status.result["epochs"] == len(run.metrics()) >= 1


def test_a_killed_training_shows_at_once_and_the_next_in_line_goes_on(shapes_workspace):
    first, second = (long_run(shapes_workspace, name) for name in ("to be killed", "next in line"))
    launch(first.folder)
    wait_for(lambda: first.metrics() and first.model_path.exists(), "the first epoch")
    launch(second.folder)
    wait_for(lambda: "another training" in second.status().message, "the queue")
    assert second.status().state is State.QUEUED
    os.kill(process_of(first), signal.SIGKILL)
    killed = time.monotonic()
    wait_for(is_over(first), "the news")
    assert time.monotonic() - killed < 3
    assert first.status().state is State.INTERRUPTED
    wait_for(is_training(second), "its turn")
    second.stop()
    wait_for(is_over(second), "the end")


def test_a_training_outlives_its_server_and_nothing_else_does(shapes_workspace):
    recipe = small_recipe(budget_seconds=6, epochs=None)
    run = create_run(shapes_workspace, "shapes", recipe, "outlives")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.core.server_stand_in", str(run.folder)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(APP_FOLDER)},
        cwd=shapes_workspace.root,
        text=True,
    )
    said = json.loads(server.stdout.readline())
    wait_for(is_training(run), "the first batch")
    server.kill()
    server.wait()
    server.stdout.close()
    for who in ("engine", "fork_server"):
        wait_for(lambda who=who: is_gone(said[who]), f"the end of the {who}")
    assert run.status().state is State.RUNNING
    wait_for(is_over(run), "the end")
    assert run.status().state is State.FINISHED, run.status()
    assert run.status().result["seconds"] >= 6
    assert said["loaded"] == []
    assert said["launch_seconds"] < 0.5


def test_what_no_file_may_hold_reaches_the_job_through_its_environment(workspace, monkeypatch):
    from core.datasets.collections import create_collection
    from core.datasets.web.flickr import FlickrSearch, Keyword
    from core.datasets.web.journal import keep_search
    from core.jobs import new_job, read_status
    from tests.core.datasets.web.photo_server import photo_server

    collection = create_collection(workspace, "pond")
    search = FlickrSearch(rows=(Keyword(label="frog", text="frog"),))
    keep_search(collection, search.model_dump(mode="json"))
    arguments = {"collection": collection.name}
    folder = new_job(workspace, "core.datasets.jobs:harvest_job", arguments, "Fetch")
    with photo_server() as server:
        monkeypatch.setenv("LOUPE_FLICKR_URL", server.flickr_url)
        launch(folder, {"LOUPE_FLICKR_API_KEY": "a key of mine"})
        wait_for(lambda: read_status(folder).state.is_over, "the end")
        assert [form["api_key"] for form in server.forms] == ["a key of mine"]
    assert "does not take this API key" in read_status(folder).message
    assert "LOUPE_FLICKR_API_KEY" not in os.environ
    files = [path for path in workspace.root.rglob("*") if path.is_file()]
    assert not [path for path in files if b"a key of mine" in path.read_bytes()]
