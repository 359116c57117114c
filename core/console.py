"""A terminal's two streams: the document on stdout, everything else on stderr."""

import contextlib
import os
import re
import sys
import time
from collections.abc import Iterator
from typing import TextIO

SECONDS_BETWEEN_LINES = 2.0
SECONDS_BETWEEN_REDRAWS = 0.1


@contextlib.contextmanager
def document_only() -> Iterator[TextIO]:
    """The real stdout; until the block ends whatever else is printed goes to stderr.

    Also what libraries print from C, past Python: hence the file descriptors.
    """
    own = sys.stdout
    with contextlib.ExitStack() as stack:
        document = own
        if _descriptor(own) == 1:
            own.flush()
            kept = os.dup(1)
            document = stack.enter_context(os.fdopen(kept, "w", encoding="utf-8"))
            stack.callback(os.dup2, kept, 1)
            os.dup2(2, 1)
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        yield document


def _descriptor(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (AttributeError, OSError, ValueError):
        return None


class TerminalProgress:
    """A `Progress` on stderr: one line redrawn on a terminal, now and then a line in a log."""

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stderr
        self._redraws = self._stream.isatty()
        self._last_line, self._last_time = "", 0.0
        self._kinds: set[str] = set()

    def __call__(self, done: int, total: int, message: str) -> None:
        now = time.monotonic()
        wait = SECONDS_BETWEEN_REDRAWS if self._redraws else SECONDS_BETWEEN_LINES
        complete = bool(total) and done >= total
        # "Epoch 7" after "Epoch 6" is the same work going on, and so is what takes turns with it.
        kind = re.sub(r"\d+", "", message)
        is_news = kind not in self._kinds or complete
        if now - self._last_time < wait and not is_news:
            return
        line = f"{message}: {done} of {total}" if total else message
        if line != self._last_line:
            self._show(line)
            self._last_line, self._last_time = line, now
            self._kinds.add(kind)

    def _show(self, line: str) -> None:
        if self._redraws:
            self._stream.write(f"\r\x1b[K{line}")
        else:
            self._stream.write(f"{line}\n")
        self._stream.flush()

    def close(self) -> None:
        """Leaves the cursor on a line of its own."""
        if self._redraws and self._last_line:
            self._stream.write("\n")
            self._stream.flush()
