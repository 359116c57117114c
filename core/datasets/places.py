"""Where each of very many short keys stands: photo ids, hashes of contents."""

from collections.abc import Iterable

import numpy as np


class Places:
    """The place of each key in a long list, in a few bytes a key where a dict takes hundreds.

    Args:
        keys: ASCII texts; of equal ones the last counts.
    """

    def __init__(self, keys: Iterable[str]):
        unsorted = np.array(list(keys), np.bytes_)
        self._order = np.argsort(unsorted, kind="stable")
        self._keys = unsorted[self._order]

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, wanted: Iterable[str]) -> np.ndarray:
        """int64 (n,): the place of each of `wanted`, counted from 0; -1 for one that is missing."""
        asked = np.array(list(wanted), np.bytes_)
        if not len(self._keys) or not len(asked):
            return np.full(len(asked), -1, np.int64)
        last = np.searchsorted(self._keys, asked, side="right") - 1
        # The last one of all for what would stand before the first: it is another key.
        return np.where(self._keys[last] == asked, self._order[last], -1).astype(np.int64)
