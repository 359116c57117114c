"""Work on many items by a few threads, in order and in little memory."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
# Items a thread may be ahead of the reader: enough to stay busy, few to hold.
AHEAD = 8


def in_order(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> Generator[Result, None, None]:
    """Yields `function(item)` for each item, in order, computed by `workers` threads.

    Unlike `Executor.map`, it never holds more than a few results. Close it when leaving
    early: that cancels what has not begun and waits for what has.
    """
    if workers == 1:
        yield from map(function, items)
        return
    remaining = iter(items)
    pool = ThreadPoolExecutor(workers)
    try:
        waiting: deque[Future[Result]] = deque(
            pool.submit(function, item) for item in islice(remaining, workers * AHEAD)
        )
        while waiting:
            result = waiting.popleft().result()
            waiting.extend(pool.submit(function, item) for item in islice(remaining, 1))
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
