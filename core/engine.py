"""One warm process with Keras in it: predictions and feature maps without Keras in the server."""

import contextlib
import multiprocessing
import os
import pickle
import select
import signal
import socket
import threading
import traceback
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Any

from core.errors import LoupeError
from core.jobs import resolve
from core.launcher import CAN_FORK, get_fork_server

# A cold import of Keras on a busy machine.
START_SECONDS = 120.0


class EngineError(LoupeError):
    """The engine did not answer: it took too long, or it ended."""


class Engine:
    """A process that calls functions of `core` by name, one at a time.

    It is started by the first call, or before that by `start`, and started anew
    after it died. Any thread may call; the others wait for their turn.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._pid: int | None = None

    @property
    def pid(self) -> int | None:
        """The number of its process, None until it has answered once."""
        return self._pid

    def start(self) -> None:
        """Starts it unless it runs; does not wait until it is ready."""
        with self._lock:
            self._ensure()

    def call(self, function: str, *args: Any, timeout: float = 120.0, **kwargs: Any) -> Any:
        """What `function` ("core.module:name") returns; arguments and result are plain values.

        Args:
            timeout: Seconds the function may take; starting up and waiting for others
                are not counted.

        Raises:
            LoupeError: Whatever the function raised of this family.
            EngineError: If it took too long or the process died; the next call has a new one.
            RuntimeError: If the function failed otherwise; holds the traceback.
        """
        with self._lock:
            kind, value = self._exchange((function, args, kwargs), timeout)
        if kind == "result":
            return value
        if kind == "error":
            raise value
        raise RuntimeError(f"{function} failed in the engine:\n{value}")

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._drop()

    def _exchange(self, request: tuple[Any, ...], timeout: float) -> tuple[str, Any]:
        try:
            connection = self._ready()
            connection.send(request)
            if connection.poll(timeout):
                return connection.recv()
        except (EOFError, OSError) as error:
            self._restart()
            raise EngineError(
                "The engine ended unexpectedly while working on this.",
                "It has been started again: try once more, or with a smaller model.",
            ) from error
        self._restart()
        raise EngineError(
            f"The engine gave no answer within {timeout:g} seconds.",
            "It has been started again: try once more, or with a smaller model.",
        )

    def _ready(self) -> Connection:
        connection = self._ensure()
        if self._pid is None:
            if not connection.poll(START_SECONDS):
                self._drop()
                raise EngineError("The engine did not start.", "Start Loupe again.")
            self._pid = connection.recv()
        return connection

    def _ensure(self) -> Connection:
        if self._connection is None:
            self._connection = _fork_engine() if CAN_FORK else _spawn_engine()
        return self._connection

    def _restart(self) -> None:
        self._drop()
        self._ensure()

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        if self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self._connection = self._pid = None


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """The one engine of this process."""
    return Engine()


def serve(connection: Connection) -> None:
    """Answers calls until the other end is gone. Runs in the engine's process."""
    threading.Thread(target=_end_with, args=(connection.fileno(),), daemon=True).start()
    connection.send(os.getpid())
    while True:
        try:
            function, args, kwargs = connection.recv()
        except (EOFError, OSError):
            return
        answer = _answer(function, args, kwargs)
        try:
            connection.send(answer)
        except (pickle.PicklingError, TypeError, AttributeError):
            connection.send(("bug", f"The answer cannot be sent: pickle refuses {type(answer[1])}"))


def _answer(function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Any]:
    try:
        return "result", resolve(function)(*args, **kwargs)
    except LoupeError as error:
        return "error", error
    except Exception:
        return "bug", traceback.format_exc()


def _end_with(descriptor: int) -> None:
    """Ends this process when the server's end of the connection is closed, even mid-call."""
    if not hasattr(select, "poll"):
        return
    watch = select.poll()
    # A hang-up or an error, and nothing else: poll reports those two whatever is asked for.
    watch.register(descriptor, getattr(select, "POLLRDHUP", 0))
    watch.poll()
    os._exit(0)


def _fork_engine() -> Connection:
    ours, theirs = socket.socketpair()
    try:
        get_fork_server().send({"kind": "engine"}, [theirs.fileno()])
    finally:
        theirs.close()
    return Connection(ours.detach())


def _spawn_engine() -> Connection:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    context.Process(target=serve, args=(theirs,), daemon=True).start()
    theirs.close()
    return ours
