import pytest

from core.training.config import TrainingConfig
from core.training.schedule import learning_rate_at, rate_in_words
from ui.charts.schedule import (
    STEPS_TO_SHOW,
    planned_rate,
    schedule_chart,
    schedule_words,
    used_rate_chart,
)

SCHEDULES = ["one-cycle", "cosine", "step", "constant", "inverse-time"]


def rates(chart):
    return [point["rate"] for point in chart["data"]["values"]]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("steps", [None, 5000])
def test_every_schedule_is_drawn_as_it_trains(schedule, steps):
    training = TrainingConfig(schedule=schedule, decay=0.001, epochs=8)
    points = schedule_chart(training, steps)["data"]["values"]
    end = STEPS_TO_SHOW if schedule == "inverse-time" and steps is None else 8
    assert (points[0]["at"], points[-1]["at"]) == (0, end)
    for place in range(0, len(points), 40):
        share = place / (len(points) - 1)
        wanted = learning_rate_at(training, share, round(share * (steps or STEPS_TO_SHOW)))
        assert points[place]["rate"] == pytest.approx(wanted)
        assert points[place]["at"] == pytest.approx(share * end, abs=1e-4)


def test_the_axis_counts_what_ends_the_training():
    by_epochs = schedule_chart(TrainingConfig(epochs=8))
    by_time = schedule_chart(TrainingConfig(budget_seconds=60))
    both = schedule_chart(TrainingConfig(epochs=8, budget_seconds=60))
    titles = [chart["title"]["text"] for chart in (by_epochs, by_time, both)]
    assert "epochs" in titles[0] and "share" in titles[1] and "share" in titles[2]
    assert by_time["data"]["values"][-1]["at"] == 1


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"schedule": "one-cycle"}, ["0.00012", "0.003", "first 20%", "0.000003"]),
        ({"schedule": "cosine"}, ["starts at 0.003", "down to 0.000003"]),
        ({"schedule": "step", "drops": 2, "drop_to": 0.1}, ["0.003", "2 times", "0.00003"]),
        ({"schedule": "step", "drops": 1, "drop_to": 0.5}, ["1 time ", "0.0015"]),
        ({"schedule": "constant"}, ["stays at 0.003"]),
        ({"schedule": "inverse-time", "decay": 0.001}, ["0.003", "0.00027", "10,000 steps"]),
    ],
)
def test_start_peak_and_end_are_said(changes, said):
    words = schedule_words(TrainingConfig(epochs=4, learning_rate=0.003, **changes))
    assert all(part in words for part in said), words


def test_inverse_time_follows_the_steps_where_they_are_known():
    training = TrainingConfig(schedule="inverse-time", decay=0.01, epochs=2)
    assert planned_rate(training, 1.0, 100) == pytest.approx(training.learning_rate / 2)
    assert "depends" not in schedule_words(training, 100)


def test_what_was_used_is_a_point_for_every_epoch_that_knows_it():
    metrics = [{"epoch": 1, "learning_rate": 0.01}, {"epoch": 2}, {"epoch": 3, "learning_rate": 0}]
    values = used_rate_chart(metrics)["data"]["values"]
    assert [(point["at"], point["rate"]) for point in values] == [(1, 0.01), (3, 0)]


@pytest.mark.parametrize(
    "rate, words",
    [(0.003, "0.003"), (1.2e-05, "0.000012"), (0.00999, "0.01"), (10, "10"), (1.234, "1.2")],
)
def test_rates_are_written_without_powers_of_ten(rate, words):
    assert rate_in_words(rate) == words
