"""When a training that gets no better is ended, and what is said of it."""

from types import SimpleNamespace

import pytest

from core.jobs import run_job
from core.training.config import TrainingConfig
from core.training.runs import create_run
from core.training.schedule import Clock
from core.training.stopping import StopEarly
from tests.conftest import small_recipe


def epochs_until_stop(losses, name="val_loss", **given):
    """After how many of `losses` it stops, and what it says; None where it goes on."""
    training = TrainingConfig(**{"epochs": len(losses), "schedule": "constant"} | given)
    clock, report = Clock(training, 1), SimpleNamespace(early_endings=[])
    callback = StopEarly(training, clock, report)
    callback.set_model(SimpleNamespace(stop_training=False))
    for epoch, loss in enumerate(losses):
        clock.step()
        callback.on_epoch_end(epoch, {"loss": 1.0, name: loss})
        if callback.model.stop_training:
            return epoch + 1, report.early_endings[0]
    assert not report.early_endings
    return None


FALLING, RISING = [0.9, 0.5], [0.6, 0.7, 0.8, 0.9, 0.95, 0.96]


def test_it_stops_after_the_patience_and_says_why():
    epoch, words = epochs_until_stop(FALLING + RISING, early_stopping=3)
    assert epoch == 5
    assert words == (
        "Stopped early after epoch 5: 3 epochs in a row did not make it better on the "
        "validation photos (lowest loss 0.5 in epoch 2)."
    )


def test_a_better_epoch_in_between_gives_it_new_patience():
    assert epochs_until_stop([0.9, 0.5, 0.6, 0.4, 0.5, 0.45, 0.3, 0.2], early_stopping=3) is None


def test_without_validation_photos_the_training_loss_decides():
    epoch, words = epochs_until_stop(FALLING + RISING, "loss", early_stopping=2)
    assert epoch == 4 and "on the training photos" in words


def test_unasked_it_goes_on():
    assert epochs_until_stop(FALLING + RISING) is None


@pytest.mark.parametrize("schedule", ["one-cycle", "cosine"])
def test_a_schedule_that_settles_is_given_its_first_half(schedule):
    epoch, _ = epochs_until_stop(FALLING + RISING, schedule=schedule, early_stopping=3)
    assert epoch == 6  # the epochs 4, 5 and 6 of 8: the clock stands at the half after the 4th


def test_at_its_last_epoch_it_ends_as_planned():
    assert epochs_until_stop([0.5, 0.6, 0.7], early_stopping=2) is None


def test_a_real_training_ends_early_in_words(shapes_workspace):
    given = {"epochs": 400, "early_stopping": 1, "schedule": "constant", "learning_rate": 0.05}
    run = create_run(shapes_workspace, "shapes", small_recipe(**given))
    result = run_job(run.folder).result
    assert result["epochs"] == len(run.metrics()) < 400
    assert result["stopped_early"].startswith(f"Stopped early after epoch {result['epochs']}")
    losses = [row["val_loss"] for row in run.metrics()]
    assert losses[-1] >= min(losses)
