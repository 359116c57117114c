"""The pictures that maps answer to most, kept with their run once they are made."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from core.evaluation.results import require_model, run_of
from core.progress import Progress, silent
from core.training.runs import Run, open_run
from core.workspace import open_workspace, slugify, write_bytes

JOB = "core.inspection.driven:driven_job"


@dataclass(frozen=True, eq=False)
class Driven:
    """What drives one map.

    Attributes:
        picture: uint8 (height, width, channels).
        reached: float32 (steps,), the mean of the map after each step.
    """

    picture: np.ndarray
    reached: np.ndarray

    @property
    def climbed(self) -> bool:
        """Whether the map answers to the picture more than to the noise it was made from."""
        return bool(self.reached[-1] > self.reached[0] + 1e-6 * abs(self.reached[0]))


def driven_path(run: Run, layer_name: str, index: int) -> Path:
    mark = hashlib.sha256(layer_name.encode()).hexdigest()[:8]
    return run.folder / "driven" / f"{slugify(layer_name)[-40:]}-{mark}-{index}.npz"


def read_driven(run: Run, layer_name: str, index: int) -> Driven | None:
    """What was made for a map; None before it was, or when the model is newer."""
    path = driven_path(run, layer_name, index)
    try:
        if path.stat().st_mtime_ns < run.model_path.stat().st_mtime_ns:
            return None
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            return Driven(kept["picture"], kept["reached"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def drive(
    run: Run | Path | str, layer_name: str, index: int, progress: Progress = silent
) -> Driven:
    """Makes the picture and keeps it; see `core.inspection.maximising`.

    Raises:
        NotFound: If there is no model, or no such layer or map.
        LoupeError: If the map answers with something that is no number.
        Stopped: From `progress`; nothing half-made is left.
    """
    from core.inspection.maximising import maximise
    from core.models.loading import load_model

    run = run_of(run)
    progress(0, 0, "Loading the model")
    model = load_model(require_model(run))
    picture, reached = maximise(model, layer_name, index, progress=progress)
    made = Driven(picture, np.array(reached, np.float32))
    content = BytesIO()
    np.savez_compressed(content, picture=made.picture, reached=made.reached)
    path = driven_path(run, layer_name, index)
    path.parent.mkdir(exist_ok=True)
    write_bytes(path, content.getvalue())
    return made


def driven_job(
    folder: Path, reporter: Progress, run: str, layer: str, index: int
) -> dict[str, Any]:
    """`drive` in the job's workspace."""
    found = open_run(open_workspace(folder.resolve().parents[1]), run)
    drive(found, layer, index, reporter)
    return {"run": run, "layer": layer, "map": index}
