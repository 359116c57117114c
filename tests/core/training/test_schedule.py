import pytest

from core.training import schedule
from core.training.config import TrainingConfig
from core.training.schedule import Clock, learning_rate_at


@pytest.fixture
def now(monkeypatch):
    """A clock that stands still until the test moves it."""
    time = [100.0]
    monkeypatch.setattr(schedule.time, "perf_counter", lambda: time[0])
    return time


def test_one_cycle_rises_to_its_peak_and_falls_to_nothing():
    config = TrainingConfig(learning_rate=0.1, schedule="one-cycle", epochs=1)
    rates = [learning_rate_at(config, step / 100) for step in range(101)]
    assert rates[0] == pytest.approx(0.1 / 25)
    assert max(rates) == rates[20] == pytest.approx(0.1)
    assert rates == sorted(rates[:21]) + sorted(rates[21:], reverse=True)
    assert rates[-1] == pytest.approx(0.1 / 1000)


def test_a_constant_rate_stays():
    config = TrainingConfig(learning_rate=0.1, schedule="constant", epochs=1)
    assert {learning_rate_at(config, share) for share in (0, 0.3, 1)} == {0.1}


def test_a_budget_is_counted_from_the_first_step(now):
    clock = Clock(TrainingConfig(budget_seconds=10), steps_per_epoch=5)
    now[0] += 60
    assert clock.share == 0
    clock.begin()
    now[0] += 4
    clock.step()
    assert clock.share == pytest.approx(0.4)
    assert clock.seconds_left == pytest.approx(6)
    assert clock.progress == (4, 10, "seconds")
    now[0] += 7
    assert clock.is_over
    assert clock.progress == (10, 10, "seconds")


def test_epochs_are_counted_in_steps(now):
    clock = Clock(TrainingConfig(epochs=2), steps_per_epoch=5)
    clock.begin()
    for _ in range(4):
        now[0] += 1
        clock.step()
    assert clock.share == pytest.approx(0.4)
    assert clock.seconds_left == pytest.approx(6)
    assert clock.progress == (4, 10, "steps")
    assert not clock.is_over


def test_with_both_the_first_to_end_counts(now):
    clock = Clock(TrainingConfig(epochs=2, budget_seconds=100), steps_per_epoch=5)
    clock.begin()
    for _ in range(10):
        clock.step()
    assert clock.is_over
