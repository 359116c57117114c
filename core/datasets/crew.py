"""Work on many items by a few forked processes, in order: one that dies takes one item with it.

Only for jobs and the command line: the server must not fork.
"""

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

CAN_FORK = sys.platform.startswith("linux")
# Forking a process that has Keras loaded costs as much as reading about a hundred photos.
WORTH_A_CREW = 200
# Items that travel together: a message costs about as much as a small photo.
TOGETHER = 32
# Bundles a process has in hand, so that it need not wait for the next; and results that may
# wait for a slow item before them.
IN_HAND = 2
MOST_WAITING = 2000


class Died:
    """In place of a result: the process that worked on the item ended without one."""


def processors() -> int:
    """How many processes can work at once on this machine."""
    return len(os.sched_getaffinity(0)) if CAN_FORK else os.cpu_count() or 1


def in_order(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> Generator[Result | Died, None, None]:
    """Yields `function(item)` for each item, in order, computed by `workers` processes.

    The processes inherit `items`; only results travel, so these must be picklable. What
    `function` raises is raised here. Close the generator when leaving early: that ends the
    processes at once.
    """
    with closing(_Crew(function, items, workers)) as crew:
        ready: dict[int, Result | Died] = {}
        for index in range(len(items)):
            while index not in ready:
                crew.hand_out(up_to=index + MOST_WAITING)
                ready |= crew.collect()
            yield ready.pop(index)


class _Worker:
    """A process and the bundles it has in hand, oldest first."""

    def __init__(self, process: BaseProcess, connection: Connection):
        self.process = process
        self.connection = connection
        self.bundles: deque[list[int]] = deque()


class _Crew(Generic[Item, Result]):
    def __init__(
        self, function: Callable[[Item], Result], items: Sequence[Item], number: int
    ) -> None:
        self._function, self._items = function, items
        starts = range(0, len(items), TOGETHER)
        self._todo = deque([*range(start, min(start + TOGETHER, len(items)))] for start in starts)
        self._workers: list[_Worker] = []
        for _ in range(min(number, len(self._todo))):
            self._workers.append(self._hire())

    def hand_out(self, up_to: int) -> None:
        """Gives every process work, as long as it is not too far ahead."""
        for worker in list(self._workers):
            while len(worker.bundles) < IN_HAND and self._todo and self._todo[0][0] < up_to:
                bundle = self._todo.popleft()
                worker.bundles.append(bundle)
                try:
                    worker.connection.send(bundle)
                except OSError:  # it is dead: `collect` will notice
                    break

    def collect(self) -> dict[int, Result | Died]:
        """Waits for results, by the number of their item."""
        connections = {worker.connection: worker for worker in self._workers}
        found: dict[int, Result | Died] = {}
        for connection in wait(list(connections)):
            worker = connections[connection]  # type: ignore[index]
            try:
                results = worker.connection.recv()
            except (EOFError, OSError):
                found |= self._replace(worker)
                continue
            if isinstance(results, BaseException):
                raise results
            found |= zip(worker.bundles.popleft(), results, strict=True)
        return found

    def close(self) -> None:
        """Ends the processes, whatever they are doing."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()

    def _hire(self) -> _Worker:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        others = [worker.connection for worker in self._workers]
        process = context.Process(
            target=_serve,
            args=(self._function, self._items, theirs, [ours, *others]),
            daemon=True,
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _replace(self, dead: _Worker) -> dict[int, Result | Died]:
        """Takes on another process; the bundle on which one died is tried item by item."""
        dead.connection.close()
        dead.process.join()
        self._workers.remove(dead)
        suspect, *innocent = dead.bundles or [[]]
        self._todo.extendleft(reversed(innocent))
        if len(suspect) > 1:
            self._todo.extendleft([index] for index in reversed(suspect))
        self._workers.append(self._hire())
        return {suspect[0]: Died()} if len(suspect) == 1 else {}


def _serve(
    function: Callable[[Any], Any],
    items: Sequence[Any],
    connection: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Works until the other end is closed, which is also what the death of the job does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    while True:
        try:
            bundle = connection.recv()
            connection.send(_work(function, [items[index] for index in bundle]))
        except (EOFError, OSError):
            return


def _work(function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any] | Exception:
    try:
        return [function(item) for item in items]
    except Exception as error:
        return error
