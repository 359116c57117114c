"""`python -m benchmarks.timed_server …`: `streamlit …`, which also says how long each run took.

The server itself measures: from the moment at which Streamlit takes up a rerun to the moment at
which the last message of that rerun is on its way. A line in the log for each.
"""

import re
import sys
import time
from pathlib import Path
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web.cli import main

_SAID = "script run took {:.6f} s"
_FOUND = re.compile(r"script run took ([\d.]+) s")


def run_seconds(log: Path) -> list[float]:
    """Seconds of all runs so far, in their order."""
    return [float(found) for found in _FOUND.findall(log.read_text(errors="replace"))]


def _measure_runs() -> None:
    run = ScriptRunner._run_script

    def timed(self: ScriptRunner, rerun_data: Any) -> None:
        start = time.perf_counter()
        try:
            run(self, rerun_data)
        finally:
            print(_SAID.format(time.perf_counter() - start), flush=True)

    setattr(ScriptRunner, "_run_script", timed)  # noqa: B010 - for mypy, which knows it as fixed


if __name__ == "__main__":
    _measure_runs()
    sys.exit(main())
