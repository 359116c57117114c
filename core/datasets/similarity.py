"""Which photos are alike, by their descriptors."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset


def likeness(ids: Sequence[str] | pd.Index, vectors: np.ndarray, photo_id: str) -> pd.DataFrame:
    """How alike every photo is to one of them.

    Args:
        ids: The photos, in the order of `vectors`.
        vectors: float (N, D), each of unit length.
        photo_id: One of `ids`.

    Returns:
        `likeness`, the cosine of the angle between the two (1 is the photo itself), by id;
        without rows when the photo is not among `ids`.
    """
    index = pd.Index(ids)
    if photo_id not in index:
        return pd.DataFrame({"likeness": []}, index=index[:0])
    row = index.get_loc(photo_id)
    values = (vectors @ vectors[row]).astype(np.float32)
    values[row] = np.inf
    return pd.DataFrame({"likeness": values}, index=index)


def unit_length(vectors: np.ndarray) -> np.ndarray:
    """float32 (N, D) with every row of length 1; rows of zeros stay."""
    vectors = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12)


def missing_from(dataset: Dataset, ids: Sequence[str] | pd.Index) -> int:
    """How many photos of the data set are not among `ids`."""
    return int((~dataset.manifest["id"].isin(ids)).sum())
