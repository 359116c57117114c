"""The benchmarks run on tiny inputs; what they measure then is not looked at."""

import importlib
import math
import os

import pytest

from benchmarks.__main__ import NAMES, ON_DEMAND
from benchmarks.photos import draw_photo, photo_folder
from benchmarks.poll import processor_seconds

# The others start processes and browsers; they are run by `make bench` alone.
IN_PROCESS = ("prepare", "augment", "epoch", "maps", "tutorials")


@pytest.fixture(autouse=True)
def drawn_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOUPE_BENCH_PHOTOS", raising=False)


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
@pytest.mark.parametrize("name", IN_PROCESS)
def test_a_tiny_measurement_gives_a_ratio_for_every_case(name: str) -> None:
    rows = importlib.import_module(f"benchmarks.{name}").measure(quick=True)
    assert rows and len({row.case for row in rows}) == len(rows)
    for row in rows:
        assert row.ours > 0 and row.theirs > 0
        assert math.isfinite(row.ratio) and row.ratio > 0


@pytest.mark.parametrize("name", [*NAMES, *ON_DEMAND])
def test_every_benchmark_can_be_asked_for_by_name(name: str) -> None:
    benchmark = importlib.import_module(f"benchmarks.{name}")
    assert callable(benchmark.measure) and benchmark.TITLE


def test_photos_are_drawn_by_class_and_the_same_each_time(tmp_path) -> None:
    folder = photo_folder(tmp_path, 6)
    assert {path.name: len(list(path.iterdir())) for path in folder.iterdir()} == {
        "circles": 2,
        "lines": 2,
        "squares": 2,
    }
    assert (draw_photo("lines", 3) == draw_photo("lines", 3)).all()
    assert (draw_photo("lines", 3) != draw_photo("lines", 4)).any()


def test_photos_of_ones_own_are_taken_as_they_are(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LOUPE_BENCH_PHOTOS", str(tmp_path / "mine"))
    assert photo_folder(tmp_path / "drawn", 6) == tmp_path / "mine"
    assert not (tmp_path / "drawn").exists()


def test_processor_seconds_grow_with_work() -> None:
    before = processor_seconds(os.getpid())
    while processor_seconds(os.getpid()) < before + 0.05:
        sum(range(10_000))
    assert processor_seconds(os.getpid()) - before < 5
