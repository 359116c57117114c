"""How long this machine takes to train a network: a few steps of it, on noise.

Runs in the engine. What it measured is kept in the workspace by what was measured.
"""

import hashlib
import os
import platform
import time
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.shapes import trace
from core.workspace import Workspace, read_json, write_json

# Enough steps for a median and its spread, and an end for networks that are slow.
MOST_STEPS, MOST_SECONDS = 15, 4.0
LARGEST_BATCH_MEMORY = 600_000_000
QUANTILES = (10, 90)


class Pace(NamedTuple):
    """Seconds that training takes for one photo: on a good and on a bad moment."""

    quick: float
    slow: float

    def epoch(self, photos: int) -> tuple[float, float]:
        """Seconds for one round through `photos` photos, at best and at worst."""
        return self.quick * photos, self.slow * photos


def probe(data: dict[str, Any], shape: tuple[int, int, int], classes: int, batch: int) -> list[Any]:
    """Trains a few steps and returns the two numbers of `Pace`. Needs Keras.

    Args:
        data: The architecture as `model_dump` gives it.
        shape: (height, width, channels).
        classes: How many classes there are.
        batch: Photos in one step; fewer are tried where they would need too much memory.
    """
    import numpy as np

    from core.models.builder import build

    architecture = Architecture.model_validate(data)
    memory = sum(row.memory for row in trace(architecture, shape, classes))
    batch = max(1, min(batch, LARGEST_BATCH_MEMORY // (3 * memory)))
    model = build(architecture, shape, classes)
    single = int(model.output_shape[-1]) == 1
    loss = "binary_crossentropy" if single else "sparse_categorical_crossentropy"
    model.compile(optimizer="adam", loss=loss)
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (batch, *shape), np.uint8)
    labels = generator.integers(0, 2, batch).astype(np.float32 if single else np.int32)
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
    batch: int,
) -> Pace | None:
    """What was measured of this very network on this machine before; None if nothing was."""
    try:
        quick, slow = read_json(_file(workspace, architecture, shape, classes, batch))
        return Pace(float(quick), float(slow))
    except (LoupeError, ValueError, TypeError):
        return None


def keep_pace(
    workspace: Workspace,
    architecture: Architecture,
    shape: tuple[int, int, int],
    classes: int,
    batch: int,
    pace: Pace,
) -> None:
    """Keeps what was measured for `kept_pace`."""
    write_json(_file(workspace, architecture, shape, classes, batch), list(pace))


def _file(
    workspace: Workspace,
    architecture: Architecture,
    shape: tuple[int, int, int],
    classes: int,
    batch: int,
) -> Path:
    layers = architecture.model_dump_json(exclude={"name"})
    machine = f"{platform.node()} {platform.machine()} {os.cpu_count()}"
    text = f"{layers} {shape} {classes} {batch} {machine}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    return workspace.cache / "paces" / f"{digest}.json"
