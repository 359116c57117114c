"""The photos that every map of every layer answers to most, and where in them."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from core.datasets.manifest import open_dataset
from core.datasets.prepared import prepare
from core.evaluation.results import require_model, run_of
from core.progress import Progress, silent
from core.training.runs import Run, open_run
from core.workspace import open_workspace, write_bytes

JOB = "core.inspection.strongest:strongest_job"
KEPT = 9
# More photos rarely change which kind of picture a map answers to, but take long.
MOST_PHOTOS = 600


@dataclass(frozen=True, eq=False)
class Strongest:
    """Of one layer.

    Attributes:
        ids: Photo ids (maps, KEPT), strongest first; "" where there were fewer photos.
        values: float32 (maps, KEPT), the highest value of the map in that photo.
        places: int32 (maps, KEPT, 2), (row, column) of that value; 0 of a layer without places.
    """

    ids: np.ndarray
    values: np.ndarray
    places: np.ndarray


def strongest_path(run: Run) -> Path:
    return run.folder / "strongest.npz"


def read_strongest(run: Run, layer_name: str) -> Strongest | None:
    """What `find_strongest` kept of a layer; None before it did, or when the model is newer."""
    path = strongest_path(run)
    try:
        if path.stat().st_mtime_ns < run.model_path.stat().st_mtime_ns:
            return None
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            number = kept["layers"].tolist().index(layer_name)
            ids, chosen = kept["ids"], kept[f"photos-{number}"]
            named = np.where(chosen >= 0, ids[chosen], "")
            return Strongest(named, kept[f"values-{number}"], kept[f"places-{number}"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def find_strongest(run: Run | Path | str, progress: Progress = silent) -> int:
    """Shows up to `MOST_PHOTOS` training photos, spread over the classes, to the run's model.

    Returns:
        How many photos it looked at.

    Raises:
        LoupeError: If the run has no model, or a photo can no longer be read.
        Stopped: From `progress`; nothing half-made is left.
    """
    from core.inspection.viewer import Viewer
    from core.models.loading import load_model

    run = run_of(run)
    shown = Viewer(load_model(require_model(run)))
    dataset = open_dataset(run.workspace, run.config.dataset, run.config.dataset_version)
    prepared = prepare(dataset, run.config.recipe.picture, progress)
    photos = dataset.split("train")
    turn = photos.groupby("label").cumcount()
    ids = photos.assign(turn=turn).sort_values(["turn", "label"])["id"].tolist()[:MOST_PHOTOS]
    rows = prepared.indices(ids)
    best: dict[str, _Best] = {}
    for number, row in enumerate(rows):
        progress(number, len(rows), "Looking for the photos that each map answers to")
        for name, values in shown.values(np.asarray(prepared.array[row])).items():
            best.setdefault(name, _Best(values.shape[-1])).add(number, values)
    content = BytesIO()
    np.savez(content, **_arrays(best, ids))
    write_bytes(strongest_path(run), content.getvalue())
    return len(ids)


def strongest_job(folder: Path, reporter: Progress, run: str) -> dict[str, Any]:
    """`find_strongest` in the job's workspace."""
    found = open_run(open_workspace(folder.resolve().parents[1]), run)
    return {"run": run, "photos": find_strongest(found, reporter)}


class _Best:
    """The strongest photos so far, for each map of a layer."""

    def __init__(self, maps: int):
        self.photos = np.full((maps, KEPT), -1, np.int32)
        self.values = np.full((maps, KEPT), -np.inf, np.float32)
        self.places = np.zeros((maps, KEPT, 2), np.int32)

    def add(self, photo: int, values: np.ndarray) -> None:
        flat = values.reshape(-1, values.shape[-1])
        at = flat.argmax(axis=0)
        highest = flat[at, np.arange(flat.shape[1])]
        maps = np.flatnonzero(highest > self.values[:, -1])
        width = values.shape[1] if values.ndim == 3 else 1
        self.photos[maps, -1], self.values[maps, -1] = photo, highest[maps]
        self.places[maps, -1] = np.stack(np.divmod(at[maps], width), axis=1)
        order = np.argsort(-self.values[maps], axis=1, kind="stable")
        for kept in (self.photos, self.values):
            kept[maps] = np.take_along_axis(kept[maps], order, axis=1)
        self.places[maps] = np.take_along_axis(self.places[maps], order[..., None], axis=1)


def _arrays(best: dict[str, _Best], ids: list[str]) -> dict[str, Any]:
    arrays: dict[str, Any] = {
        "ids": np.array(ids, dtype=np.str_),
        "layers": np.array(list(best), dtype=np.str_),
    }
    for number, one in enumerate(best.values()):
        arrays[f"photos-{number}"] = one.photos
        arrays[f"values-{number}"] = one.values
        arrays[f"places-{number}"] = one.places
    return arrays
