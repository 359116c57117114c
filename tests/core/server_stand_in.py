"""What the server does, in short: launches a run, warms the engine, says who is who, waits.

`python -m tests.core.server_stand_in RUN_FOLDER`
"""

import json
import sys
import time
from pathlib import Path

from core.engine import get_engine
from core.launcher import get_fork_server, launch, warm_up

if __name__ == "__main__":
    warm_up()
    begun = time.perf_counter()
    launch(Path(sys.argv[1]))
    seconds = time.perf_counter() - begun
    get_engine().call("core.workspace:slugify", "hello")
    loaded = [name for name in ("keras", "tensorflow") if name in sys.modules]
    pids = {"engine": get_engine().pid, "fork_server": get_fork_server().pid}
    print(json.dumps({**pids, "launch_seconds": seconds, "loaded": loaded}), flush=True)
    time.sleep(600)
