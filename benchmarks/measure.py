"""Two ways of doing a thing, measured in turns, so that a busy machine slows both."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
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
    """

    case: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    target: float
    at_least: bool

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
    timed: dict[Work, list[float]] = {ours: [], theirs: []}
    for number in range(rounds + 1):
        for work in (ours, theirs) if number % 2 else (theirs, ours):
            start = clock()
            work()
            timed[work].append(clock() - start)
    return timed[ours][1:], timed[theirs][1:]


def times_as_fast(
    case: str, seconds: tuple[list[float], list[float]], target: float, unit: str = "s"
) -> Row:
    """A `Row` of how many times as fast as the other we are, the median of all rounds."""
    ours, theirs = seconds
    ratio = median(their / our for our, their in zip(ours, theirs, strict=True))
    return Row(case, median(ours), median(theirs), unit, ratio, target, at_least=True)


def share_of(
    case: str, seconds: tuple[list[float], list[float]], target: float, unit: str = "s"
) -> Row:
    """A `Row` of which share of the other's time we take, of the two medians."""
    ours, theirs = median(seconds[0]), median(seconds[1])
    return Row(case, ours, theirs, unit, ours / theirs, target, at_least=False)


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
