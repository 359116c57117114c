"""Asks a finished run about every photo of a split and keeps the answers beside it."""

import secrets
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.manifest import Dataset, open_dataset
from core.datasets.prepared import prepare
from core.errors import LoupeError, NotFound
from core.evaluation import metrics
from core.evaluation.mirroring import mirrored_probabilities
from core.evaluation.picture_size import picture_for
from core.progress import Progress, silent
from core.training.holding_back import with_held_back
from core.training.runs import Run, open_run
from core.workspace import Workspace, read_json, write_json

SPLITS = ("train", "validation", "test")
PHOTOS_AT_ONCE = 512


def run_of(run: Run | Path | str) -> Run:
    """`run` itself, or the run that lives in the folder `run`."""
    if isinstance(run, Run):
        return run
    folder = Path(run).resolve()
    return open_run(Workspace(folder.parent.parent), folder.name)


def dataset_of(run: Run) -> Dataset:
    """The data set as it was when `run` learnt from it, photos that it held back included."""
    config = run.config
    then = open_dataset(run.workspace, config.dataset, config.dataset_version)
    return with_held_back(run, then)


def evaluation_path(run: Run, split: str = "test") -> Path:
    return run.folder / ("evaluation.json" if split == "test" else f"evaluation-{split}.json")


def predictions_path(run: Run, split: str = "test") -> Path:
    return run.folder / (
        "predictions.parquet" if split == "test" else f"predictions-{split}.parquet"
    )


def evaluate_run(
    run: Run | Path | str,
    split: str = "test",
    progress: Progress = silent,
    image_size: tuple[int, int] | None = None,
    dataset: Dataset | None = None,
) -> dict[str, Any]:
    """Compares the model's answers on `split` with the labels and writes both down.

    Args:
        dataset: `dataset_of(run)`, from whoever has it open: a second one takes memory.
        image_size: (height, width) that the photos are brought to. What is found at another
            size than the run's own is returned only: what lies in the run is of its own.

    Returns:
        accuracy (0..1), interval (low, high), n, class_names, confusion (rows: what it is,
        columns: what it was called), classes (name, n, precision, recall), split, sentence;
        with an `image_size`, that too.

    Raises:
        LoupeError: If the split has no photos, the run has no model yet, or its model does
            not take pictures of `image_size`.
    """
    run = run_of(run)
    require_model(run)
    spec = picture_for(run, image_size)
    dataset = dataset or dataset_of(run)
    photos = photos_of_split(dataset, split)
    probabilities = ask(run, photos, progress, image_size=image_size, dataset=dataset)
    class_names = list(run.config.class_names)
    true = np.array([class_names.index(label) for label in photos["label"]], dtype=np.int64)
    evaluation = describe(true, probabilities, class_names, split)
    if spec != run.config.recipe.picture:
        return evaluation | {"image_size": list(spec.image_size)}
    write_table(
        predictions_path(run, split), predictions_table(photos, probabilities, class_names, split)
    )
    write_json(evaluation_path(run, split), evaluation)
    return evaluation


def describe(
    true: np.ndarray, probabilities: np.ndarray, class_names: list[str], split: str
) -> dict[str, Any]:
    """`evaluate_run`'s answer for class numbers (n,) and probabilities (n, num_classes)."""
    predicted = probabilities.argmax(axis=1)
    matrix = metrics.confusion(true, predicted, len(class_names))
    evaluation: dict[str, Any] = {
        "split": split,
        "accuracy": metrics.accuracy(true, predicted),
        "interval": list(metrics.wilson_interval(int(np.trace(matrix)), len(true))),
        "n": len(true),
        "class_names": class_names,
        "confusion": matrix.tolist(),
        "classes": metrics.per_class(matrix, class_names),
    }
    return evaluation | {"sentence": metrics.summary_sentence(evaluation)}


def photos_of_split(dataset: Dataset, split: str) -> pd.DataFrame:
    """The rows of the manifest in `split`.

    Raises:
        LoupeError: If `split` is no split, or an empty one.
    """
    if split not in SPLITS:
        raise LoupeError(f"There is no split {split!r}.", f"Choose one of {', '.join(SPLITS)}.")
    photos = dataset.split(split)
    if photos.empty:
        raise LoupeError(
            f"The data set {dataset.name!r} has no {split} photos"
            + (", and this training held none back." if split == "validation" else "."),
            "Choose another split, or import it again with a share for each split.",
        )
    return photos


def require_model(run: Run) -> Path:
    """The run's model file.

    Raises:
        NotFound: If the training has not left one.
    """
    if not run.model_path.is_file():
        raise NotFound(
            f"The run {run.name!r} has no trained model.",
            "Wait until its training has finished, or train it again.",
        )
    return run.model_path


def read_evaluation(run: Run | Path | str, split: str = "test") -> dict[str, Any] | None:
    """What `evaluate_run` wrote for `split`, or None before it did."""
    path = evaluation_path(run_of(run), split)
    return read_json(path) if path.is_file() else None


def read_predictions(run: Run | Path | str, split: str = "test") -> pd.DataFrame:
    """One row per photo: id, split, label, predicted, probability, p_<class> for each class.

    Raises:
        NotFound: If the split has not been evaluated.
    """
    run = run_of(run)
    path = predictions_path(run, split)
    if not path.is_file():
        raise NotFound(
            f"The run {run.name!r} has not been evaluated on its {split} photos.",
            "Evaluate it first.",
        )
    return pd.read_parquet(path)


def ask(
    run: Run,
    photos: pd.DataFrame,
    progress: Progress = silent,
    mirrored: bool = False,
    image_size: tuple[int, int] | None = None,
    dataset: Dataset | None = None,
) -> np.ndarray:
    """float32 (n, num_classes): the run's answers for rows of its data set's manifest.

    Args:
        mirrored: Whether each is the mean over the photo's mirror images.
        image_size: (height, width) that the photos are brought to; None for the run's own.
        dataset: As for `evaluate_run`.
    """
    from core.models.loading import load_model, predict_probabilities

    spec = picture_for(run, image_size)
    prepared = prepare(dataset or dataset_of(run), spec, progress)
    model = load_model(run.model_path)
    rows = prepared.indices(list(photos["id"]))
    answers = []
    for start in range(0, len(rows), PHOTOS_AT_ONCE):
        progress(start, len(rows), "Asking the model")
        pictures = prepared.array[rows[start : start + PHOTOS_AT_ONCE]]
        if mirrored:
            recipe = run.config.recipe.augmentation
            answers.append(mirrored_probabilities(model, pictures, recipe))
        else:
            answers.append(predict_probabilities(model, pictures))
    progress(len(rows), len(rows), "Asking the model")
    return np.concatenate(answers)


def predictions_table(
    photos: pd.DataFrame, probabilities: np.ndarray, class_names: list[str], split: str
) -> pd.DataFrame:
    """What `read_predictions` returns, for manifest rows and probabilities (n, num_classes)."""
    predicted = probabilities.argmax(axis=1)
    columns: dict[str, Any] = {
        "id": list(photos["id"]),
        "split": split,
        "label": list(photos["label"]),
        "predicted": [class_names[i] for i in predicted],
        "probability": probabilities.max(axis=1).astype(np.float32),
    }
    for i, name in enumerate(class_names):
        columns[f"p_{name}"] = probabilities[:, i].astype(np.float32)
    return pd.DataFrame(columns)


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Writes `table` as Parquet; a reader sees the old file or the new one, never half."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        table.to_parquet(temporary, index=False)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
