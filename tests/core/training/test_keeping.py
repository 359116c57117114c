import keras
import numpy as np
import pytest

from core.training.keeping import KeepBest


@pytest.fixture
def kept(tmp_path):
    """A `KeepBest` over a model with one number in it, which `epoch(n, ...)` sets to n."""
    source, keeper = (
        keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        for _ in range(2)
    )
    callback = KeepBest(source, keeper, tmp_path / "model.keras", validation_photos=100)
    callback.set_model(source)

    def epoch(number, **scores):
        source.set_weights([np.array([[float(number)]], np.float32)])
        callback.on_epoch_end(number - 1, scores)

    callback.epoch = epoch
    callback.saved = lambda: float(
        keras.models.load_model(tmp_path / "model.keras").get_weights()[0][0, 0]
    )
    return callback


def test_from_the_first_epoch_on_there_is_a_model(kept):
    kept.epoch(1, val_loss=2.0, val_accuracy=0.5)
    assert kept.saved() == 1


def test_the_last_epoch_stays_when_it_is_about_as_good(kept):
    kept.epoch(1, val_loss=0.50, val_accuracy=0.8)
    kept.epoch(2, val_loss=0.51, val_accuracy=0.7)
    assert kept.finish() == 2
    assert kept.saved() == 2


def test_an_earlier_epoch_stays_when_it_was_clearly_better(kept):
    kept.epoch(1, val_loss=0.9, val_accuracy=0.6)
    kept.epoch(2, val_loss=0.4, val_accuracy=0.9)
    kept.epoch(3, val_loss=0.8, val_accuracy=0.7)
    assert kept.finish() == 2
    assert kept.saved() == 2


@pytest.mark.parametrize(("accuracy", "epoch"), [(0.95, 2), (0.86, 1)])
def test_once_settled_only_a_real_gap_in_accuracy_speaks_against_the_last(kept, accuracy, epoch):
    kept.epoch(1, val_loss=0.4, val_accuracy=0.96)
    kept.epoch(2, val_loss=0.6, val_accuracy=accuracy)
    assert kept.finish(settled=True) == epoch


def test_before_that_a_lower_loss_does(kept):
    kept.epoch(1, val_loss=0.4, val_accuracy=0.8)
    kept.epoch(2, val_loss=0.6, val_accuracy=0.9)
    assert kept.finish(settled=False) == 1


def test_without_validation_the_last_epoch_stays(kept):
    kept.epoch(1, loss=0.1)
    kept.epoch(2, loss=0.3)
    assert kept.finish() == 2
    assert kept.saved() == 2


def test_saving_does_not_eat_the_time(kept):
    for number in range(1, 40):
        kept.epoch(number, val_loss=1 / number, val_accuracy=0.5)
    assert kept.saved() < 39
    kept.finish()
    assert kept.saved() == 39
