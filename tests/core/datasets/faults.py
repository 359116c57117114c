"""Operations on a workspace that are killed, or find the disk full, at a chosen step.

Run as a program it is the zygote: it imports `core` once and forks a child per request, so
that hundreds of real processes die in a few seconds. A step is any change of the file system
below the workspace, told by Python's audit events, and the middle of every file written whole.
"""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
HALF = "loupe.half"
WRITING = os.O_WRONLY | os.O_RDWR


class Zygote:
    """A process that has `core` imported and forks a child for each operation."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.datasets.faults"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lock = threading.Lock()

    def run(self, workspace: Path, operation: str, fault: str = "", at: int = 0) -> dict[str, Any]:
        """`{"ended": "done", "failed" or "killed", "steps", "error"}` of `OPERATIONS[operation]`.

        Args:
            fault: "kill" at step `at`, from 1; or "full": from there on nothing new fits.
        """
        request = {"workspace": str(workspace), "operation": operation, "fault": fault, "at": at}
        with self._lock:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


# Enough digits that a crew of processes reads them, and no more than the steps are worth.
DIGITS = 240


def serve() -> None:
    import core.datasets.jobs  # noqa: F401 - so that no child has to
    from core.datasets.crew import WORTH_A_CREW

    assert DIGITS >= WORTH_A_CREW
    _shorten_the_sample()
    for line in sys.stdin:
        print(json.dumps(_in_a_child(json.loads(line))), flush=True)


def _shorten_the_sample() -> None:
    """Of the digits only the first few: a sample is imported alike whatever its length."""
    import sklearn.datasets

    whole = sklearn.datasets.load_digits()
    few = {name: whole[name][:DIGITS] for name in ("images", "target")}
    sklearn.datasets.load_digits = lambda: type(whole)(**few)


def _in_a_child(request: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        answer = _perform(request)
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return {"ended": "killed", "steps": request["at"], "error": ""}
    return json.loads(said)


def _perform(request: dict[str, Any]) -> dict[str, Any]:
    from core.errors import LoupeError
    from core.workspace import open_workspace

    workspace = open_workspace(request["workspace"])
    # Ready made, so that only the work itself is counted and disturbed.
    operation = OPERATIONS[request["operation"]](workspace)
    steps = _Steps(request["workspace"], request["fault"], request["at"])
    try:
        operation()
    except LoupeError as error:
        return {"ended": "failed", "steps": steps.count, "error": error.message}
    except Exception as error:
        return {"ended": "failed", "steps": steps.count, "error": f"TRACEBACK {error!r}"}
    finally:
        steps.over = True
    return {"ended": "done", "steps": steps.count, "error": ""}


class _Steps:
    """Counts the steps from now on, and disturbs the one it was asked to."""

    def __init__(self, root: str, fault: str, at: int) -> None:
        self.root, self.fault, self.at = root, fault, at
        self.count, self.over, self.process = 0, False, os.getpid()
        sys.addaudithook(self._hear)
        Path.write_bytes = _write_in_two_halves

    def _hear(self, event: str, arguments: tuple) -> None:
        if self.over or not self._is_step(event, arguments):
            return
        self.count += 1
        # A crew's process that dies alone is no crash: another one takes over its work.
        if self.fault == "kill" and self.count == self.at and os.getpid() == self.process:
            os.kill(os.getpid(), signal.SIGKILL)
        needs_room = event in ("open", "os.mkdir", HALF)
        if self.fault == "full" and self.count >= self.at and needs_room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _is_step(self, event: str, arguments: tuple) -> bool:
        if event == HALF or event in CHANGES:
            return True
        if event != "open":
            return False
        path, _, flags = arguments
        return bool(flags & WRITING) and str(path).startswith(self.root)


def _write_in_two_halves(path: Path, data: bytes) -> int:
    with open(path, "wb") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        sys.audit(HALF)
        return file.write(data[len(data) // 2 :])


def _dataset(workspace):
    from core.datasets.manifest import open_dataset

    return open_dataset(workspace, "pets")


def _edit(change):
    def prepare(workspace):
        dataset = _dataset(workspace)
        return lambda: change(dataset)

    return prepare


def _relabel(dataset):
    from core.datasets.edits import relabel

    relabel(dataset, dataset.manifest["id"][:2].tolist(), "lions")


def _exclude(dataset):
    from core.datasets.edits import exclude

    exclude(dataset, dataset.manifest["id"][:2].tolist())


def _restore(dataset):
    from core.datasets.edits import restore

    restore(dataset, dataset.manifest["id"].tolist())


def _rename(dataset):
    from core.datasets.edits import rename_class

    rename_class(dataset, "cats", "kittens")


def _split(dataset):
    from core.datasets.split_plan import SplitPlan, apply_plan

    apply_plan(dataset, SplitPlan(how="folds", folds=2))


def _undo(dataset):
    from core.datasets.manifest import undo

    undo(dataset)


def _redo(dataset):
    from core.datasets.manifest import redo

    redo(dataset)


def _import(source):
    def prepare(workspace):
        from core.datasets.jobs import import_job
        from core.progress import silent

        where = source.replace("HOME", str(workspace.root.parent)).replace(
            "UPLOADS", str(workspace.uploads)
        )
        return lambda: import_job(workspace.jobs / "job", silent, where, "new ones")

    return prepare


def _add(source):
    def prepare(workspace):
        from core.datasets.jobs import add_job
        from core.progress import silent

        where = source.replace("HOME", str(workspace.root.parent)).replace(
            "UPLOADS", str(workspace.uploads)
        )
        return lambda: add_job(workspace.jobs / "job", silent, "pets", where)

    return prepare


def _collection(change):
    def prepare(workspace):
        from core.datasets.collections import open_collection

        collection = open_collection(workspace, "found")
        return lambda: change(collection)

    return prepare


def _collect(collection):
    for number in range(3):
        collection.add(b"bytes of a photo" * 50, "cats", f"{number}.jpg", origin="camera")


def _create(workspace):
    from core.datasets.collections import create_collection

    return lambda: create_collection(workspace, "another")


def _delete(workspace):
    from core.datasets.manifest import delete_dataset

    return lambda: delete_dataset(workspace, "pets")


def _start_job(workspace):
    from core.jobs import new_job

    return lambda: new_job(workspace, "core.datasets.jobs:import_job", {}, "Import")


OPERATIONS = {
    "import a folder": _import("HOME/folder"),
    "import an archive": _import("UPLOADS/photos.zip"),
    "import a sample": _import("sample:digits"),
    "import a collection": _import("collection:found"),
    "add a folder": _add("HOME/folder"),
    "add an archive": _add("UPLOADS/photos.zip"),
    "add a collection": _add("collection:found"),
    "relabel": _edit(_relabel),
    "exclude": _edit(_exclude),
    "restore": _edit(_restore),
    "rename a class": _edit(_rename),
    "split anew": _edit(_split),
    "undo": _edit(_undo),
    "redo": _edit(_redo),
    "collect photos": _collection(_collect),
    "take out of a collection": _collection(lambda c: c.remove([c.entries()[0].id])),
    "bring back into a collection": _collection(lambda c: c.restore(sorted(c.known()))),
    "discard a collection": _collection(lambda c: c.discard()),
    "start a collection": _create,
    "delete a data set": _delete,
    "start a job": _start_job,
}

if __name__ == "__main__":
    serve()
