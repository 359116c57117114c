"""What a training keeps of its way, and that keeping it changes nothing."""

import shutil
from zipfile import ZipFile

import keras
import numpy as np
import pytest

from core.errors import LoupeError, NotFound
from core.export.files import bundle_run
from core.jobs import run_job
from core.models.loading import load_model
from core.training import snapshots as keeping
from core.training.runs import create_run
from core.training.snapshot_files import (
    MOST,
    ROOM,
    pack,
    read_snapshot,
    snapshot_bytes,
    snapshot_epochs,
    snapshot_path,
)
from core.training.snapshots import Snapshots, model_at, put_back
from tests.conftest import small_recipe
from tests.core.training.test_learning import learn_on_points


def network():
    return keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(2),
        ]
    )


def train(folder, epochs, source=None):
    """The epochs go by; the last dense layer's bias says which one it is."""
    source = source or network()
    kept = Snapshots(folder)
    kept.set_model(source)
    kept.turn_to(source, 0)
    kept.on_train_begin()
    for epoch in range(epochs):
        source.weights[-1].assign([epoch + 1.0, 0.0])
        kept.on_epoch_end(epoch)
    return kept, source


def test_the_first_epochs_are_kept_closely_and_later_ones_widely(tmp_path):
    kept, source = train(tmp_path, 40)
    assert snapshot_epochs(tmp_path) == [0, 1, 2, 4, 8, 16, 32]
    kept.finish(37)
    assert snapshot_epochs(tmp_path) == [0, 1, 2, 4, 8, 16, 32, 40]
    put_back(source, tmp_path, 8)
    assert source.weights[-1].numpy()[0] == 8
    with pytest.raises(NotFound, match="no weights of epoch 7"):
        put_back(source, tmp_path, 7)


def test_the_end_is_not_kept_twice(tmp_path):
    kept, _ = train(tmp_path, 5)
    kept.finish(5)
    assert snapshot_epochs(tmp_path) == [0, 1, 2, 4]


def test_there_are_never_more_than_a_few_and_the_start_stays(tmp_path):
    train(tmp_path, 5000)
    epochs = snapshot_epochs(tmp_path)
    assert len(epochs) <= MOST and epochs[0] == 0 and epochs[-1] == 4096


def test_they_take_no_more_room_than_they_may(tmp_path, monkeypatch):
    size = len(pack({-1: np.zeros(2, np.float32), -2: np.zeros((4, 2), np.float32)}))
    with monkeypatch.context() as patch:
        patch.setattr(keeping.files, "ROOM", 6 * size)
        train(tmp_path, 300)
    files = list((tmp_path / "snapshots").iterdir())
    assert 0 < sum(file.stat().st_size for file in files) <= 6 * size
    assert snapshot_bytes(10**9) == ROOM and snapshot_bytes(1000) == MOST * 2000


def test_only_what_moves_is_written_and_large_numbers_survive(tmp_path):
    source = network()
    source.layers[0].trainable = False
    source.layers[1].moving_variance.assign([1e6, 2.0, 3.0, 4.0])
    train(tmp_path, 1, source)
    weights = read_snapshot(tmp_path, 1)
    assert sorted(weights) == [-6, -5, -4, -3, -2, -1]
    assert weights[-3].tolist() == [1e6, 2, 3, 4]
    huge = np.full((2, 2), 1e6, np.float32)
    snapshot_path(tmp_path, 3).write_bytes(pack({-1: huge}))
    assert read_snapshot(tmp_path, 3)[-1].tolist() == huge.tolist()


def test_weights_that_did_not_learn_yet_are_those_that_the_second_part_began_with(tmp_path):
    whole = network()
    head = whole.layers[-1]
    before = whole.layers[0].kernel.numpy()
    alone = keras.Sequential([keras.Input((4,)), head])
    kept, _ = train(tmp_path, 4, alone)
    kept.set_model(whole)
    kept.turn_to(whole, 4)
    kept.on_train_begin()
    whole.layers[0].kernel.assign(before + 1)
    kept.on_epoch_end(7)
    put_back(whole, tmp_path, 1)
    assert np.allclose(whole.layers[0].kernel.numpy(), before, atol=1e-3)
    assert head.bias.numpy()[0] == 1
    put_back(whole, tmp_path, 8)
    assert np.allclose(whole.layers[0].kernel.numpy(), before + 1, atol=2e-3)


@pytest.mark.parametrize("trouble", ["raises", "no room"])
def test_a_full_disk_costs_the_snapshots_and_not_the_training(tmp_path, monkeypatch, trouble):
    if trouble == "raises":

        def full(path, data):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(keeping, "write_bytes", full)
    else:
        usage = shutil.disk_usage(tmp_path)
        monkeypatch.setattr(keeping.shutil, "disk_usage", lambda folder: usage._replace(free=1000))
    train(tmp_path, 8)
    assert snapshot_epochs(tmp_path) == []


def test_a_damaged_or_foreign_snapshot_is_told(tmp_path):
    _, source = train(tmp_path, 2)
    snapshot_path(tmp_path, 2).write_bytes(b"PK nothing")
    with pytest.raises(LoupeError, match="damaged"):
        put_back(source, tmp_path, 2)
    snapshot_path(tmp_path, 2).write_bytes(pack({-1: np.zeros(9, np.float32)}))
    with pytest.raises(LoupeError, match="another network"):
        put_back(source, tmp_path, 2)


def test_the_curve_is_the_same_with_and_without(tmp_path):
    found = []
    for name in ("with", "without"):
        folder = tmp_path / name
        extra = {"snapshots": Snapshots(folder)} if name == "with" else {}
        model, report, _ = learn_on_points(folder, weight_averaging=0.9, **extra)
        losses = [(row["loss"], row["val_loss"]) for row in report.history]
        found.append((losses, [one.tolist() for one in model.get_weights()]))
    assert found[0] == found[1]
    assert snapshot_epochs(tmp_path / "with")[:4] == [0, 1, 2, 4]
    assert snapshot_epochs(tmp_path / "without") == []


def test_a_run_keeps_them_and_a_new_attempt_begins_anew(shapes_workspace):
    run = create_run(shapes_workspace, "shapes", small_recipe(epochs=4, keep="last"))
    snapshot_path(run.folder, 64).parent.mkdir()
    snapshot_path(run.folder, 64).write_bytes(b"of an earlier attempt")
    assert run_job(run.folder).state == "finished"
    assert snapshot_epochs(run.folder) == [0, 1, 2, 4]
    learnt = load_model(run.model_path).get_weights()
    begun, ended = (model_at(run, epoch).get_weights() for epoch in (0, 4))
    assert all(np.allclose(*pair, rtol=1e-3) for pair in zip(learnt, ended, strict=True))
    assert not all(np.allclose(*pair, rtol=1e-3) for pair in zip(learnt, begun, strict=True))
    names = ZipFile(bundle_run(run)).namelist()
    assert names and not any("snapshot" in name or "epoch-" in name for name in names)
