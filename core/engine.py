"""One warm process with Keras in it: predictions and feature maps without Keras in the server."""

import contextlib
import multiprocessing
import os
import signal
import socket
import threading
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Any

from core.engine_process import serve
from core.errors import LoupeError
from core.launcher import CAN_FORK, get_fork_server

# A cold import of Keras on a busy machine.
START_SECONDS = 120.0


class EngineError(LoupeError):
    """The engine did not answer: it took too long, or it ended."""


class Engine:
    """A process that calls functions of `core` by name, one at a time.

    It is started by the first call, or before that by `start`, and started anew
    after it died. Any thread may call; the others wait for their turn. Beside that line there is
    another one for quick questions that need no new model: see `call_beside`.

    Args:
        idle_seconds: After how long without a call its process ends, and with it all that it
            holds in memory; the next call starts it again. None for never.
    """

    def __init__(self, idle_seconds: float | None = None) -> None:
        self._lock, self._lock_beside = threading.Lock(), threading.Lock()
        self._connection: Connection | None = None
        self._beside: Connection | None = None
        self._pid: int | None = None
        self._idle_seconds = idle_seconds
        self._calls = 0

    @property
    def pid(self) -> int | None:
        """The number of its process, None until it has answered once."""
        return self._pid

    @property
    def is_running(self) -> bool:
        """Whether its process was started; it may still be importing Keras."""
        return self._connection is not None

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
            answer = self._exchange((function, args, kwargs), timeout)
            self._calls += 1
            self._end_when_idle()
        return _unpacked(function, answer)

    def call_beside(self, function: str, *args: Any, timeout: float = 30.0, **kwargs: Any) -> Any:
        """As `call`, without waiting for what is being worked on; for questions of milliseconds.

        The function runs in a thread beside the other calls: it must neither load a model nor
        compile anything.

        Raises:
            As `call`.
        """
        with self._lock_beside:
            if self._beside is None or self._pid is None:
                with self._lock:
                    self._ready()
            try:
                connection = self._beside
                if connection is None:
                    raise EOFError
                connection.send((function, args, kwargs))
                if not connection.poll(timeout):
                    self._kill()  # an answer that comes later would be taken for another's
                    raise EOFError
                answer = connection.recv()
            except (EOFError, OSError) as error:
                raise EngineError(
                    "The engine ended unexpectedly while working on this.", "Try once more."
                ) from error
        return _unpacked(function, answer)

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
            self._connection, self._beside = _fork_engine() if CAN_FORK else _spawn_engine()
        return self._connection

    def _end_when_idle(self) -> None:
        if self._idle_seconds is None:
            return
        timer = threading.Timer(self._idle_seconds, self._end_unless_called, (self._calls,))
        timer.daemon = True
        timer.start()

    def _end_unless_called(self, calls: int) -> None:
        with self._lock:
            if self._calls == calls:
                self._drop()

    def _restart(self) -> None:
        self._drop()
        self._ensure()

    def _drop(self) -> None:
        for connection in filter(None, (self._connection, self._beside)):
            connection.close()
        self._kill()
        self._connection = self._beside = self._pid = None

    def _kill(self) -> None:
        if self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _unpacked(function: str, answer: tuple[str, Any]) -> Any:
    kind, value = answer
    if kind == "result":
        return value
    if kind == "error":
        raise value
    raise RuntimeError(f"{function} failed in the engine:\n{value}")


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """The one engine of this process."""
    return Engine()


def _fork_engine() -> tuple[Connection, Connection]:
    pairs = [socket.socketpair(), socket.socketpair()]
    try:
        descriptors = [theirs.fileno() for _, theirs in pairs]
        get_fork_server().send({"kind": "engine"}, descriptors)
    finally:
        for _, theirs in pairs:
            theirs.close()
    ours, beside = (Connection(one.detach()) for one, _ in pairs)
    return ours, beside


def _spawn_engine() -> tuple[Connection, Connection]:
    context = multiprocessing.get_context("spawn")
    (ours, theirs), (beside, their_beside) = context.Pipe(), context.Pipe()
    context.Process(target=serve, args=(theirs, their_beside), daemon=True).start()
    theirs.close()
    their_beside.close()
    return ours, beside
