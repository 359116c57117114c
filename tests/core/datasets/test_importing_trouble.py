"""Imports that are stopped, killed, tricked or out of space."""

import os

import pytest

from core.datasets.importing import import_dataset, import_result
from core.datasets.manifest import open_dataset
from core.errors import LoupeError, Stopped
from core.workspace import open_workspace
from tests.core.datasets.photos import class_folders, jpeg


@pytest.fixture
def place(tmp_path):
    return open_workspace(tmp_path / "home")


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def sentences(told):
    return {entry["file"]: entry["reason"] for entry in told}


@pytest.mark.parametrize("when", [0, 2, 8])
def test_stopping_leaves_nothing_behind(place, tmp_path, when):
    source = class_folders(tmp_path / "pets", cats=6, dogs=6)

    def stop(done, total, message):
        if done >= when:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        import_dataset(place, source, "pets", progress=stop)
    assert files_in(place.datasets) == []


def test_progress_reaches_its_end(place, tmp_path):
    told = []
    source = class_folders(tmp_path / "pets", cats=3, dogs=3)
    import_dataset(place, source, "pets", progress=lambda *step: told.append(step))
    assert {message for _, _, message in told} == {"Checking photos", "Writing the list of photos"}
    assert all(done <= total == 6 for done, total, _ in told) and told[-1][0] == 6


def test_links_that_lead_out_are_not_followed(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=3, dogs=3)
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(jpeg(77))
    (source / "cats" / "out.jpg").symlink_to(secret)
    (source / "cats" / "inside.jpg").symlink_to(source / "dogs" / "0.jpg")
    (source / "cats" / "nowhere.jpg").symlink_to(source / "gone.jpg")
    (source / "birds").symlink_to(class_folders(tmp_path / "other", birds=2))
    os.mkfifo(source / "dogs" / "pipe.jpg")
    result = import_result(import_dataset(place, source, "pets"))
    assert result["classes"] == {"cats": 4, "dogs": 3}
    told = sentences(result["skipped"])
    assert "leads out" in told["cats/out.jpg"] and "not exist" in told["cats/nowhere.jpg"]
    assert "link" in told["birds"] and "ordinary" in told["dogs/pipe.jpg"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read_are_named(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=3, dogs=3)
    (source / "cats" / "0.jpg").chmod(0)
    result = import_result(import_dataset(place, source, "pets"))
    assert "cannot be opened" in sentences(result["skipped"])["cats/0.jpg"]


def test_a_full_disk_is_told_and_leaves_nothing(place, tmp_path, monkeypatch):
    source = class_folders(tmp_path / "pets", cats=3, dogs=3)

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(LoupeError, match="no space left"):
        import_dataset(place, source, "pets")
    assert files_in(place.datasets) == []


def test_what_a_killed_import_left_is_cleared_by_the_next(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=2, dogs=2)
    dead = place.datasets / ".bears.0000.new"
    dead.mkdir()
    (dead / ".importing").touch()
    beginning = place.datasets / ".wolves.0000.new"
    beginning.mkdir()
    import_dataset(place, source, "pets")
    assert not dead.exists() and beginning.exists()


def test_an_import_at_work_is_not_cleared_by_another(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=2, dogs=2)

    def meanwhile(done, total, message):
        if done == 1:
            import_dataset(place, source, "second")

    import_dataset(place, source, "first", progress=meanwhile)
    assert open_dataset(place, "first").class_counts() == {"cats": 2, "dogs": 2}
    assert open_dataset(place, "second").class_counts() == {"cats": 2, "dogs": 2}
