"""The engine's own process: answers what `core.engine` asks, until its server is gone."""

import os
import pickle
import select
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any

from core.errors import LoupeError
from core.jobs import resolve

SWITCH_SECONDS = 0.001


def serve(connection: Connection, beside: Connection) -> None:
    """Answers calls until the other end is gone. Runs in the engine's process."""
    threading.Thread(target=_end_with, args=(connection.fileno(),), daemon=True).start()
    # Quick questions get their turn soon, even while a model is being built beside them.
    sys.setswitchinterval(SWITCH_SECONDS)
    threading.Thread(target=_answer_all, args=(beside,), daemon=True).start()
    connection.send(os.getpid())
    _answer_all(connection)


def _answer_all(connection: Connection) -> None:
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
