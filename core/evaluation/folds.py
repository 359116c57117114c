"""Who is judged by whom: photos dealt into parts, so that none is judged by itself."""

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.datasets.grouping import groups_of
from core.errors import LoupeError


def deal(
    photos: pd.DataFrame, folds: int, seed: int, near: Mapping[str, str] | None = None
) -> np.ndarray:
    """A fold for every photo, the classes in equal shares, photos of a group together.

    The folds of the manifest are used where every photo has one.

    Args:
        photos: Rows of a manifest with `label`, `group` and `fold`; photos with an equal,
            non-empty `group` stay together.
        folds: How many, at least 2; fewer are made where there are fewer groups.
        seed: Decides who is dealt where.
        near: A name per photo id for photos that look nearly the same; they stay together too.

    Returns:
        int64 (N,), counted from 0.

    Raises:
        LoupeError: If there are fewer than two groups of photos.
    """
    own = photos["fold"].to_numpy(np.int64)
    if len(own) and own.min() >= 0 and len(np.unique(own)) > 1:
        return np.unique(own, return_inverse=True)[1].astype(np.int64)
    groups = group_numbers(photos, near)
    folds = min(folds, len(np.unique(groups)))
    if folds < 2:
        raise LoupeError(
            "There are too few photos to compare: all belong together.", "Add more photos."
        )
    dealt = np.zeros(len(photos), np.int64)
    for number, (_, held_out) in enumerate(_parts(photos["label"], groups, folds, seed)):
        dealt[held_out] = number
    return dealt


def group_numbers(photos: pd.DataFrame, near: Mapping[str, str] | None = None) -> np.ndarray:
    """int64 (N,): equal for photos that stay together; a photo without company stands alone."""
    groups = groups_of(photos, near)
    names = [groups.get(photo, f"alone {photo}") for photo in photos["id"]]
    return pd.factorize(np.array(names, dtype=object))[0].astype(np.int64)


def _parts(
    labels: pd.Series, groups: np.ndarray, folds: int, seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, StratifiedKFold

    numbers = pd.factorize(labels)[0]
    largest = int(np.bincount(numbers).max())
    if largest < 2:
        dealer = GroupKFold(folds, shuffle=True, random_state=seed)
        return list(dealer.split(numbers, groups=groups))
    together = len(np.unique(groups)) < len(groups)
    kind = StratifiedGroupKFold if together else StratifiedKFold
    # scikit-learn refuses to deal the largest class into more parts than it has photos.
    dealer = kind(min(folds, largest), shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # A class with fewer photos than parts is missing in some of them; so be it.
        warnings.simplefilter("ignore", UserWarning)
        return list(dealer.split(numbers, numbers, groups))
