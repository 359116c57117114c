"""How long this machine takes to train a network: a few steps of it, on noise.

Runs in the engine, with the precision, optimizer and batches of the training. What it measured
is kept in the workspace by what was measured.
"""

import hashlib
import os
import platform
import time
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.shapes import survey, trace
from core.training.config import TrainingConfig
from core.workspace import Workspace, read_json, write_json

# Enough steps for a median and its spread, and an end for networks that are slow.
MOST_STEPS, MOST_SECONDS = 15, 4.0
LARGEST_BATCH_MEMORY = 600_000_000
QUANTILES = (10, 90)
# Settings that make a step slower or quicker.
MATTERS = {"batch_size", "optimizer", "precision", "xla", "weight_averaging"}


class Pace(NamedTuple):
    """Seconds that training takes for one photo: on a good and on a bad moment."""

    quick: float
    slow: float

    def epoch(self, photos: int) -> tuple[float, float]:
        """Seconds for one round through `photos` photos, at best and at worst."""
        return self.quick * photos, self.slow * photos


def measure(
    data: dict[str, Any], shape: tuple[int, int, int], classes: int, training: TrainingConfig
) -> list[float]:
    """Trains a few steps and returns the two numbers of `Pace`. Needs Keras.

    Args:
        data: The architecture as `model_dump` gives it.
        shape: (height, width, channels).
        classes: How many classes there are.
        training: How it is trained; with smaller batches where those would need too much memory.
    """
    import numpy as np

    from core.models.builder import build
    from core.training.objective import make_trainer

    architecture = Architecture.model_validate(data)
    memory = sum(row.memory for row in trace(architecture, shape, classes))
    batch = max(1, min(training.batch_size, LARGEST_BATCH_MEMORY // (3 * memory)))
    model = make_trainer(training, build(architecture, shape, classes))
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (batch, *shape), np.uint8)
    labels = generator.integers(0, 2, batch).astype(np.int32)
    model.train_on_batch(pictures, labels)
    seconds = _timed(lambda: model.train_on_batch(pictures, labels))
    return [float(share) / batch for share in np.percentile(seconds, QUANTILES)]


def _timed(step: Any) -> list[float]:
    seconds: list[float] = []
    begun = time.perf_counter()
    while len(seconds) < 3 or (
        len(seconds) < MOST_STEPS and time.perf_counter() - begun < MOST_SECONDS
    ):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return seconds


def kept_pace(
    workspace: Workspace,
    architecture: Architecture,
    shape: tuple[int, int, int],
    classes: int,
    training: TrainingConfig,
) -> Pace | None:
    """What was measured of this very network on this machine before; None if nothing was."""
    try:
        quick, slow = read_json(_file(workspace, architecture, shape, classes, training))
        return Pace(float(quick), float(slow))
    except (LoupeError, ValueError, TypeError):
        return None


def keep_pace(
    workspace: Workspace,
    architecture: Architecture,
    shape: tuple[int, int, int],
    classes: int,
    training: TrainingConfig,
    pace: Pace,
) -> None:
    """Keeps what was measured for `kept_pace`, and for `guessed_pace` of other networks."""
    write_json(_file(workspace, architecture, shape, classes, training), list(pace))
    found = survey(architecture, shape, classes)
    write_json(_latest(workspace), [found.multiply_adds, found.memory, *pace])


def guessed_pace(
    workspace: Workspace, architecture: Architecture, shape: tuple[int, int, int], classes: int
) -> Pace | None:
    """What the network measured last says of this one; None if none was measured.

    As much slower or quicker as it has more or less to multiply, or to hold in memory: the
    range reaches from the better of the two to the worse.
    """
    try:
        work, memory, quick, slow = (float(number) for number in read_json(_latest(workspace)))
        found = survey(architecture, shape, classes)
        ratios = found.multiply_adds / work, found.memory / memory
        return Pace(quick * min(ratios), slow * max(ratios))
    except (LoupeError, ValueError, TypeError, ZeroDivisionError):
        return None


def _latest(workspace: Workspace) -> Path:
    return workspace.cache / "paces" / f"latest-{_digest(_machine())}.json"


def _machine() -> str:
    return f"{platform.node()} {platform.machine()} {os.cpu_count()}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _file(
    workspace: Workspace,
    architecture: Architecture,
    shape: tuple[int, int, int],
    classes: int,
    training: TrainingConfig,
) -> Path:
    layers = architecture.model_dump_json(exclude={"name"})
    how = training.model_dump_json(include=MATTERS)
    text = f"{layers} {shape} {classes} {how} {_machine()}"
    return workspace.cache / "paces" / f"{_digest(text)}.json"
