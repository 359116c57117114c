import json

import pytest

from core.training.config import TrainingConfig
from core.training.replay import replay

LOSSES = [1.0, 0.6, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0]
CONSTANT = TrainingConfig(epochs=len(LOSSES), schedule="constant")


def rows(losses, accuracies=None):
    accuracies = accuracies or [0.9] * len(losses)
    return [
        {
            "epoch": place + 1,
            "loss": 0.1,
            "accuracy": 1.0,
            "val_loss": loss,
            "val_accuracy": accuracy,
            "seconds": float(place + 1),
        }
        for place, (loss, accuracy) in enumerate(zip(losses, accuracies, strict=True))
    ]


@pytest.mark.parametrize("patience, after", [(1, 4), (2, 5), (5, None), (None, None)])
def test_it_stops_when_patience_is_over(patience, after):
    wanted = CONSTANT.model_copy(update={"early_stopping": patience})
    found = replay(wanted, CONSTANT, rows(LOSSES), 100)
    assert found["stopped_after"] == after
    assert bool(found["words"]) == (after is not None)


@pytest.mark.parametrize("keep, epoch", [("best", 3), ("last", 8), ("auto", 3)])
def test_the_epoch_that_is_kept_follows_from_the_choice(keep, epoch):
    wanted = CONSTANT.model_copy(update={"keep": keep})
    assert replay(wanted, CONSTANT, rows(LOSSES), 100)["kept"] == epoch


def test_while_a_schedule_is_at_its_height_it_does_not_count():
    ran = TrainingConfig(epochs=8, schedule="one-cycle", early_stopping=2)
    worse = rows([0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 0.9, 0.9])
    assert replay(ran, ran, worse, 100)["stopped_after"] == 5
    constant = ran.model_copy(update={"schedule": "constant"})
    assert replay(ran, constant, worse, 100)["stopped_after"] == 3


def test_a_real_training_is_replayed_as_it_was(trained_run):
    training = trained_run.config.recipe.training
    photos = 0
    found = replay(training, training, trained_run.metrics(), photos)
    assert found["kept"] == trained_run.status().result["kept_epoch"]
    assert found["stopped_after"] is None
    assert json.dumps(found)
