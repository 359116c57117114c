import os
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from core.datasets import prepared as module
from core.datasets.importing import import_dataset
from core.datasets.manifest import save_version
from core.datasets.pooled import in_order
from core.datasets.prepared import prepare
from core.errors import LoupeError, Stopped
from core.images import PictureSpec, load_picture
from core.workspace import open_workspace
from tests.core.datasets.photos import class_folders, jpeg

SPEC = PictureSpec(image_size=(24, 32))


@pytest.fixture
def dataset(tmp_path):
    source = class_folders(tmp_path / "pets", cats=21, dogs=20)
    (source / "cats" / "large.jpg").write_bytes(jpeg(500, (500, 400)))
    return import_dataset(open_workspace(tmp_path / "home"), source, "pets")


@pytest.mark.parametrize("small_is_worth_a_thread", [False, True])
def test_every_row_is_its_photo(dataset, monkeypatch, small_is_worth_a_thread):
    if small_is_worth_a_thread:
        monkeypatch.setattr(module, "PIXELS_WORTH_A_THREAD", 1)
    ready = prepare(dataset, SPEC)
    assert ready.array.shape == (42, 24, 32, 3) and ready.array.dtype == np.uint8
    assert isinstance(ready.array, np.memmap) and not ready.array.flags.writeable
    for photo_id, picture in zip(ready.ids, ready.array, strict=True):
        assert np.array_equal(picture, load_picture(dataset.photo_path(photo_id), SPEC))


def test_indices_follow_the_ids_asked_for(dataset):
    ready = prepare(dataset, SPEC)
    test_ids = dataset.split("test")["id"].tolist()
    rows = ready.indices(test_ids)
    assert rows.dtype == np.int64 and [ready.ids[row] for row in rows] == test_ids
    with pytest.raises(KeyError):
        ready.indices(["ffffffffffff"])


def test_made_once_whatever_the_labels(dataset):
    first = prepare(dataset, SPEC)
    manifest = dataset.manifest.copy()
    manifest["label"] = manifest["label"].replace("cats", "wolves")
    manifest["split"] = "train"
    manifest.loc[0, "excluded"] = True
    again = prepare(save_version(dataset, manifest), SPEC, lambda *_: pytest.fail("made again"))
    assert again.ids.tolist() == first.ids.tolist()


def test_other_sizes_are_other_arrays(dataset):
    grey = prepare(dataset, PictureSpec(image_size=(24, 32), color_mode="grayscale"))
    assert grey.array.shape == (42, 24, 32, 1)
    assert prepare(dataset, SPEC).array.shape == (42, 24, 32, 3)


def test_stopping_leaves_nothing_half_made(dataset):
    def stop(done, total, message):
        if done:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        prepare(dataset, SPEC, stop)
    assert list((dataset.folder / "prepared").iterdir()) == []
    assert len(prepare(dataset, SPEC).ids) == 42


def test_progress_goes_up_to_the_end(dataset):
    told = []
    prepare(dataset, SPEC, lambda *step: told.append(step))
    assert [step[0] for step in told] == sorted(step[0] for step in told)
    assert told[0][:2] == (0, 42) and told[-1][:2] == (42, 42)


def test_two_at_once_agree(dataset):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(prepare(dataset, SPEC))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3 and np.array_equal(results[0].array, results[2].array)
    kinds = sorted(path.suffix for path in (dataset.folder / "prepared").iterdir())
    assert kinds == [".json", ".npy"]


def test_a_photo_that_has_gone_is_named(dataset):
    file = dataset.manifest["file"].iloc[5]
    (dataset.folder / file).unlink()
    with pytest.raises(LoupeError, match=file):
        prepare(dataset, SPEC)


def test_a_disk_without_room_is_told_beforehand(dataset, monkeypatch):
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    with pytest.raises(LoupeError, match="GB are free"):
        prepare(dataset, SPEC)


def test_what_a_crash_left_is_cleared_after_a_day(dataset):
    folder = dataset.folder / "prepared"
    folder.mkdir()
    old, new = folder / ".a.npy.0000.tmp", folder / ".b.npy.0000.tmp"
    old.touch()
    new.touch()
    os.utime(old, (0, time.time() - 2 * 24 * 3600))
    prepare(dataset, SPEC)
    assert not old.exists() and new.exists()


def test_work_in_order_never_runs_far_ahead():
    started = []
    results = in_order(lambda item: started.append(item) or item, range(1000), workers=2)
    assert [next(results) for _ in range(10)] == list(range(10))
    results.close()
    assert len(started) < 60
    assert list(in_order(lambda item: item * 2, range(100), 3)) == [2 * n for n in range(100)]
