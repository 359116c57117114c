"""Work by forked processes: in order, and none of them can hang or hide."""

import os
import shutil
import signal
import time

import pytest

from core.datasets import crew
from core.datasets.importing import import_dataset
from core.errors import LoupeError, Stopped, UnusablePicture
from core.workspace import open_workspace
from tests.core.datasets.photos import class_folders

pytestmark = pytest.mark.skipif(not crew.CAN_FORK, reason="no forking here")


def test_results_come_in_order_from_several_processes():
    items = list(range(500))
    found = list(crew.in_order(lambda item: (item * 2, os.getpid()), items, 2))
    assert [number for number, _ in found] == [2 * item for item in items]
    assert os.getpid() not in {process for _, process in found}


def test_nothing_to_do_is_nothing():
    assert list(crew.in_order(str, [], 2)) == []


def die_at_once():
    os._exit(1)


def be_killed():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("end", [die_at_once, be_killed])
def test_an_item_that_kills_its_process_is_named_and_costs_no_other(end):
    def work(item):
        if item in (3, 77):
            end()
        return item

    found = list(crew.in_order(work, list(range(100)), 2))
    assert [index for index, each in enumerate(found) if isinstance(each, crew.Died)] == [3, 77]
    assert [each for each in found if not isinstance(each, crew.Died)] == [
        item for item in range(100) if item not in (3, 77)
    ]


@pytest.mark.parametrize("error", [OSError(28, "full"), UnusablePicture("It is broken.")])
def test_what_is_raised_there_is_raised_here(error):
    def work(item):
        if item == 50:
            raise error
        return item

    with pytest.raises(type(error)) as caught:
        list(crew.in_order(work, list(range(100)), 2))
    assert str(caught.value) == str(error)


def test_leaving_early_ends_the_processes():
    results = crew.in_order(lambda item: os.getpid(), list(range(10_000)), 2)
    process = next(results)
    results.close()
    assert not os.path.exists(f"/proc/{process}")


def test_processes_end_when_their_job_is_killed(tmp_path):
    def slow(item):
        time.sleep(0.01)
        return os.getpid()

    job = os.fork()
    if job == 0:
        results = crew.in_order(slow, list(range(10_000)), 2)
        (tmp_path / "process").write_text(str(next(results)))
        time.sleep(60)
        os._exit(0)
    while not (tmp_path / "process").exists() or not (tmp_path / "process").read_text():
        time.sleep(0.01)
    process = int((tmp_path / "process").read_text())
    os.kill(job, signal.SIGKILL)
    os.waitpid(job, 0)
    deadline = time.monotonic() + 20
    while os.path.exists(f"/proc/{process}") and _state(process) != "Z":
        assert time.monotonic() < deadline, "it is still there"
        time.sleep(0.02)


def _state(process):
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


@pytest.fixture
def small_crews(monkeypatch):
    monkeypatch.setattr(crew, "WORTH_A_CREW", 5)
    monkeypatch.setattr("core.datasets.archives.WORTH_A_CREW", 5)
    monkeypatch.setattr(crew, "processors", lambda: 2)


@pytest.mark.parametrize("packed", [False, True])
def test_an_import_by_a_crew_is_the_same_as_one_without(tmp_path, monkeypatch, packed, request):
    place = open_workspace(tmp_path / "home")
    source = class_folders(tmp_path / "pets", cats=20, dogs=20)
    (source / "cats" / "broken.jpg").write_bytes((source / "cats" / "0.jpg").read_bytes()[:300])
    if packed:
        source = shutil.make_archive(str(tmp_path / "pets"), "zip", source)
    alone = import_dataset(place, source, "alone")
    request.getfixturevalue("small_crews")
    together = import_dataset(place, source, "together")
    columns = [name for name in alone.manifest if name != "file"]
    assert alone.manifest[columns].equals(together.manifest[columns])
    assert alone.skipped == together.skipped and len(alone.skipped) == 1
    for row in together.manifest.to_dict("records"):
        assert together.photo_path(row["id"]).stat().st_size > 0


@pytest.mark.parametrize("when", [0, 3, 30])
def test_stopping_a_crew_leaves_nothing(tmp_path, small_crews, when):
    place = open_workspace(tmp_path / "home")
    source = class_folders(tmp_path / "pets", cats=20, dogs=20)

    def stop(done, total, message):
        if done >= when:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        import_dataset(place, source, "pets", progress=stop)
    assert list(place.datasets.iterdir()) == []


def test_a_disk_that_fills_up_under_a_crew_is_told(tmp_path, small_crews, monkeypatch):
    place = open_workspace(tmp_path / "home")
    source = class_folders(tmp_path / "pets", cats=20, dogs=20)

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(LoupeError, match="no space left"):
        import_dataset(place, source, "pets")
    assert list(place.datasets.iterdir()) == []
