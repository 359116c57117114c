"""Trained models back from their files, and what they answer."""

from pathlib import Path

import keras
import numpy as np

from core.errors import NotFound, WeightsDamaged
from core.foreign_errors import is_out_of_memory
from core.kept import Kept

MOST_KEPT = 10
# Of weights; what TensorFlow compiles for a model comes on top, about as much again.
KEPT_BYTES = 600e6


def load_model(path: Path | str) -> keras.Model:
    """The model in `path`; the last few stay in memory until their file changes.

    Raises:
        NotFound: If there is no such file.
        WeightsDamaged: If it is no model, or one that would run code of its own.
    """
    path = Path(path).resolve()
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no model in {path.parent.name!r} yet.", "Train it first, then come back."
        ) from error
    return _models.get((path, changed), lambda: read_model(path))


def weight_bytes(model: keras.Model) -> float:
    """What the weights of `model` take in memory."""
    return 4.0 * model.count_params()


_models: Kept[keras.Model] = Kept(MOST_KEPT, KEPT_BYTES, weight_bytes)


def read_model(path: Path) -> keras.Model:
    """The model in `path`, read anew: its weights may be changed.

    Raises:
        WeightsDamaged: If it is no model, or one that would run code of its own.
    """
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise WeightsDamaged(
            f"The model {path.name} in {path.parent.name!r} cannot be read.",
            "It is damaged, or was made by a program with layers that Loupe does not know.",
        ) from error


def predict_probabilities(
    model: keras.Model, pictures: np.ndarray, batch_size: int = 64
) -> np.ndarray:
    """What the model thinks of each picture.

    Args:
        pictures: uint8 (N, height, width, channels), of the size the model takes.
        batch_size: How many are looked at together.

    Returns:
        float32 (N, num_classes), each row summing to 1. A single sigmoid becomes two columns.
    """
    if not len(pictures):
        return np.zeros((0, num_classes(model)), np.float32)
    starts = range(0, len(pictures), batch_size)
    parts = [_answer(model, pictures[start : start + batch_size], batch_size) for start in starts]
    return two_columns(np.concatenate(parts))


def two_columns(answers: np.ndarray) -> np.ndarray:
    """(N, 1) sigmoid answers as (N, 2) probabilities; anything wider as it is."""
    if answers.shape[1] > 1:
        return answers
    return np.concatenate([1 - answers, answers], axis=1)


def num_classes(model: keras.Model) -> int:
    """How many classes the model tells apart."""
    return max(2, int(model.output_shape[-1]))


def _answer(model: keras.Model, pictures: np.ndarray, batch_size: int) -> np.ndarray:
    """Full batches and single pictures only, so that the graph is traced twice, not every time."""
    count = len(pictures)
    if 1 < count < batch_size:
        rest = np.zeros((batch_size - count, *pictures.shape[1:]), pictures.dtype)
        pictures = np.concatenate([pictures, rest])
    return np.asarray(model.predict_on_batch(pictures), np.float32)[:count]
