"""Things that are dear to make and used again: the ones used last, as many as there is room for."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from core.errors import LoupeError

Thing = TypeVar("Thing")


class NotAtHand(LoupeError):
    """What was asked for is not kept and would have to be made first."""


class Kept(Generic[Thing]):
    """Keeps what was used last; lets go of what was not used for longest.

    What is there is given at once, even while another thing is being made.

    Args:
        most: How many things at most.
        room: How much they may weigh together; the one used last is kept whatever it weighs.
        weigh: What a thing weighs, in the unit of `room`.
    """

    def __init__(self, most: int, room: float, weigh: Callable[[Thing], float]):
        self._most, self._room, self._weigh = most, room, weigh
        self._things: OrderedDict[Hashable, tuple[Thing, float]] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.RLock()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing under `key`, made first if it is not there; others may have to go."""
        found = self.at_hand(key)
        if found is not None:
            return found
        with self._making:
            found = self.at_hand(key)
            if found is not None:
                return found
            thing = make()
            with self._lock:
                self._things[key] = thing, self._weigh(thing)
                self._make_room()
            return thing

    def at_hand(self, key: Hashable) -> Thing | None:
        """The thing under `key` if it is there; None else."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def __len__(self) -> int:
        return len(self._things)

    def clear(self) -> None:
        """Lets go of everything."""
        with self._lock:
            self._things.clear()

    def _make_room(self) -> None:
        while len(self._things) > 1 and (
            len(self._things) > self._most
            or sum(weight for _, weight in self._things.values()) > self._room
        ):
            self._things.popitem(last=False)
