"""Where each of very many short keys stands: photo ids, hashes of contents."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

# As Python's texts the keys take ten times as much: so many at a time are enough.
AT_ONCE = 4096


class Places:
    """The place of each key in a long list, in a few bytes a key where a dict takes hundreds.

    Args:
        keys: ASCII texts; of equal ones the last counts.
    """

    def __init__(self, keys: Iterable[str]):
        unsorted = np.concatenate([np.empty(0, "S1"), *_as_bytes(keys)])
        self._order = np.argsort(unsorted, kind="stable")
        self._keys = unsorted[self._order]

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, wanted: Iterable[str]) -> np.ndarray:
        """int64 (n,): the place of each of `wanted`, counted from 0; -1 for one that is missing."""
        found = [self._find(part) for part in _as_bytes(wanted)]
        return np.concatenate([np.empty(0, np.int64), *found])

    def _find(self, wanted: np.ndarray) -> np.ndarray:
        if not len(self._keys):
            return np.full(len(wanted), -1, np.int64)
        last = np.searchsorted(self._keys, wanted, side="right") - 1
        # The last one of all for what would stand before the first: it is another key.
        return np.where(self._keys[last] == wanted, self._order[last], -1).astype(np.int64)


def _as_bytes(keys: Iterable[str]) -> Iterator[np.ndarray]:
    rest = iter(keys)
    while part := list(islice(rest, AT_ONCE)):
        yield np.array(part, np.bytes_)
