"""What a trained network makes of every photo: the numbers of its last hidden layer.

Photos that are alike to the network lie close together there, whatever their pixels.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from core.datasets.manifest import open_dataset
from core.datasets.prepared import prepare
from core.datasets.similarity import unit_length
from core.datasets.similarity_map import make_map
from core.errors import LoupeError
from core.evaluation.results import require_model, run_of
from core.progress import Progress, silent
from core.training.runs import Run, open_run
from core.workspace import open_workspace, write_bytes

if TYPE_CHECKING:
    import keras

BATCH = 64


@dataclass(frozen=True, eq=False)
class Embeddings:
    """Features of the last hidden layer.

    Attributes:
        ids: N photo ids.
        vectors: float32 (N, D), each of unit length.
        probabilities: float32 (N, num_classes): what the network answers for each; None where
            they were made before answers were kept.
    """

    ids: list[str]
    vectors: np.ndarray
    probabilities: np.ndarray | None = None


def embeddings_path(run: Run) -> Path:
    return run.folder / "embeddings.npz"


def embeddings_map_path(run: Run) -> Path:
    return run.folder / "embeddings-map.npz"


def read_embeddings(run: Run) -> Embeddings | None:
    """What `compute_embeddings` kept; None before it did, or when the model is newer."""
    path = embeddings_path(run)
    try:
        if path.stat().st_mtime_ns < run.model_path.stat().st_mtime_ns:
            return None
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            answers = kept["probabilities"] if "probabilities" in kept.files else None
            return Embeddings(
                kept["ids"].tolist(),
                kept["vectors"].astype(np.float32),
                None if answers is None else answers.astype(np.float32),
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def compute_embeddings(run: Run | Path | str, progress: Progress = silent) -> Embeddings:
    """Shows every photo of the run's data set, as it is now, to its model.

    Raises:
        LoupeError: If the run has no model, or a photo can no longer be read.
        Stopped: From `progress`; nothing half-made is left.
    """
    import keras

    from core.models.loading import load_model, two_columns

    run = run_of(run)
    model = load_model(require_model(run))
    dataset = open_dataset(run.workspace, run.config.dataset)
    prepared = prepare(dataset, run.config.recipe.picture, progress)
    asked = keras.Model(model.inputs, [hidden_model(model).output, model.outputs[0]])
    features, answers = _features(asked, prepared.array, progress)
    vectors, probabilities = unit_length(features), two_columns(answers)
    content, ids = BytesIO(), prepared.ids.tolist()
    np.savez(
        content,
        ids=np.array(ids, dtype=np.str_),
        vectors=vectors.astype("f2"),
        probabilities=probabilities.astype("f2"),
    )
    write_bytes(embeddings_path(run), content.getvalue())
    return Embeddings(ids, vectors, probabilities)


def embed_pictures(run_folder: str, pictures: np.ndarray) -> np.ndarray:
    """What a run's network makes of pictures: float32 (n, D), each of unit length.

    Args:
        pictures: uint8 (n, height, width, channels), as the run's model takes them.

    Raises:
        LoupeError: If the run has no model.
    """
    from core.models.loading import load_model

    model = load_model(require_model(run_of(run_folder)))
    return unit_length(_features(hidden_model(model), pictures, silent)[0])


def embeddings_job(folder: Path, reporter: Progress, run: str) -> dict[str, Any]:
    """`compute_embeddings` of a run and the map of them, in the job's workspace."""
    found = open_run(open_workspace(folder.resolve().parents[1]), run)
    made = compute_embeddings(found, reporter)
    make_map(embeddings_map_path(found), made.ids, made.vectors, reporter)
    return {"run": run, "photos": len(made.ids)}


def map_job(folder: Path, reporter: Progress, run: str) -> dict[str, Any]:
    """The map of embeddings that are there already, made anew."""
    found = open_run(open_workspace(folder.resolve().parents[1]), run)
    known = read_embeddings(found)
    if known is None:
        return embeddings_job(folder, reporter, run)
    return make_map(embeddings_map_path(found), known.ids, known.vectors, reporter) | {"run": run}


def hidden_model(model: "keras.Model") -> "keras.Model":
    """The model up to what its last layer of weights is given.

    Raises:
        LoupeError: If it has no hidden layer.
    """
    import keras

    for layer in reversed(model.layers):
        if layer.weights and not isinstance(layer.input, (list, dict)):
            return keras.Model(model.inputs, layer.input)
    raise LoupeError("This model has no hidden layer to look into.")


def _features(asked: "keras.Model", pictures: np.ndarray, progress: Progress) -> list[np.ndarray]:
    """Each output of `asked` for all pictures, float32 (N, D)."""
    found: list[list[np.ndarray]] = [[] for _ in asked.outputs]
    for start in range(0, len(pictures), BATCH):
        progress(start, len(pictures), "Asking the network about every photo")
        part = np.asarray(pictures[start : start + BATCH])
        count = len(part)
        if count < BATCH:  # one shape only: another would be traced again
            rest = np.zeros((BATCH - count, *part.shape[1:]), part.dtype)
            part = np.concatenate([part, rest])
        answers = asked.predict_on_batch(part)
        for kept, answer in zip(found, answers if len(found) > 1 else [answers], strict=True):
            kept.append(np.asarray(answer, np.float32)[:count].reshape(count, -1))
    return [np.concatenate(kept) for kept in found]
