"""Two ways of doing a thing, measured in turns, so that a busy machine slows both."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        case: What was measured, such as "75 px".
        ours: What Loupe took, in `unit`.
        theirs: What it is compared with took, in `unit`.
        unit: Of both.
        ratio: The number that has a target.
        target: The bound on `ratio`.
        at_least: Whether `target` is the lowest or the highest that will do.
        spread: The lowest and the highest ratio of the rounds; of 20 rounds or more without the
            outermost twentieth at either end. None where there was one round.
    """

    case: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    target: float
    at_least: bool
    spread: tuple[float, float] | None = None

    @property
    def holds(self) -> bool:
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    @property
    def goal(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.target:g}"


def in_turns(
    ours: Work, theirs: Work, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[list[float], list[float]]:
    """Seconds of `rounds` turns of each, after one of each that does not count.

    Who goes first changes from round to round. `clock` is wall-clock time, or
    `time.process_time` for the processor's time in all threads of this process.
    """
    timed = in_rotation({"theirs": theirs, "ours": ours}, rounds, clock)
    return timed["ours"], timed["theirs"]


def in_rotation(
    works: dict[str, Work], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds of `rounds` turns of each of several, as `in_turns`; each round begins one later."""
    timed: dict[str, list[float]] = {name: [] for name in works}
    names = list(works)
    for number in range(rounds + 1):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            start = clock()
            works[name]()
            timed[name].append(clock() - start)
    return {name: seconds[1:] for name, seconds in timed.items()}


def times_as_fast(
    case: str, seconds: tuple[list[float], list[float]], target: float, unit: str = "s"
) -> Row:
    """A `Row` of how many times as fast as the other we are, the median of all rounds."""
    ours, theirs = seconds
    ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
    row = Row(case, median(ours), median(theirs), unit, median(ratios), target, at_least=True)
    return replace(row, spread=spread_of(ratios))


def share_of(
    case: str, seconds: tuple[list[float], list[float]], target: float, unit: str = "s"
) -> Row:
    """A `Row` of which share of the other's time we take, of the two medians."""
    ours, theirs = median(seconds[0]), median(seconds[1])
    row = Row(case, ours, theirs, unit, ours / theirs, target, at_least=False)
    return replace(row, spread=spread_of([our / theirs for our in seconds[0]]))


def spread_of(ratios: list[float]) -> tuple[float, float] | None:
    """See `Row.spread`."""
    if len(ratios) < 2:
        return None
    left_out = len(ratios) // 20
    ordered = sorted(ratios)
    return ordered[left_out], ordered[-1 - left_out]


def machine() -> dict[str, str | int]:
    """What the numbers were measured on."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "cores": os.cpu_count() or 1,
        "model": models[0] if models else platform.processor() or platform.machine(),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    }
