"""`train`: a training in this very process, which Ctrl-C stops without loss."""

import signal
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.datasets.manifest import open_dataset
from core.endings import Ending
from core.errors import LoupeError
from core.evaluation.metrics import percent
from core.jobs import JobStatus, State, request_stop, run_job
from core.progress import Progress
from core.training.memory import doubt, fit_of
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.runs import Run, create_run
from core.workspace import Workspace


def run_train(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    recipe = _recipe(options)
    run = create_run(workspace, options.dataset, recipe, options.name)
    _tell_of_memory(run, recipe, progress)
    progress(0, 0, f"Run {run.name}")
    with stop_on_signals(run.folder):
        status = run_job(run.folder, lambda status: _tell(status, progress))
    if status.state not in (State.FINISHED, State.STOPPED):
        raise LoupeError(
            f"The training {run.name!r} {_ended(status)}: {status.message}".removesuffix(": "),
            status.next_step or f"Its log is {run.folder / 'log.txt'}.",
        )
    return _result(run, status)


def _tell_of_memory(run: Run, recipe: Recipe, progress: Progress) -> None:
    dataset = open_dataset(run.workspace, run.config.dataset)
    fit = fit_of(dataset, recipe)
    progress(0, 0, doubt(dataset, recipe, fit) or f"Memory: {fit.words()}")


def _ended(status: JobStatus) -> str:
    """ "failed", or "failed (disk-full)" where the ending has a name of its own."""
    plain = (status.state, Ending.REFUSED, Ending.FAULT)
    return str(status.state) if status.ending in plain else f"{status.state} ({status.ending})"


def _recipe(options: Namespace) -> Recipe:
    overrides: dict[str, Any] = dict(_assignment(text) for text in options.set)
    asked = {"budget_seconds": options.budget, "epochs": options.epochs, "seed": options.seed}
    overrides |= {field: value for field, value in asked.items() if value is not None}
    return apply_overrides(get_recipe(options.recipe), overrides)


def _assignment(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals or not field.strip():
        raise LoupeError(
            f"--set expects field=value, received {text!r}.", "Write for example --set epochs=3."
        )
    return field.strip(), value.strip()


def _tell(status: JobStatus, progress: Progress) -> None:
    if not status.message or status.state.is_over:
        return
    known = status.extra.get("val_accuracy")
    so_far = f", validation accuracy {percent(known)}" if known is not None else ""
    of_what = f" ({status.unit})" if status.unit else ""
    progress(status.done, status.total, status.message + so_far + of_what)


@contextmanager
def stop_on_signals(folder: Path) -> Iterator[None]:
    """The first Ctrl-C or polite kill asks the job in `folder` to stop, the second ends it."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in kept.items():
            signal.signal(number, handler)

    def stop(number: int, frame: Any) -> None:
        restore()
        request_stop(folder)
        print("\nStopping; what was learnt so far is kept.", file=sys.stderr, flush=True)

    for number in kept:
        signal.signal(number, stop)
    try:
        yield
    finally:
        restore()


def _result(run: Run, status: JobStatus) -> dict[str, Any]:
    epochs = run.metrics()
    last = epochs[-1] if epochs else {}
    own = status.result if isinstance(status.result, dict) else {}
    return {
        "run": run.name,
        "status": str(status.state),
        "ending": status.ending,
        "epochs": len(epochs),
        "train_accuracy": own.get("train_accuracy", last.get("accuracy")),
        "val_accuracy": own.get("val_accuracy", last.get("val_accuracy")),
        "seconds": round(status.seconds_elapsed, 2),
        "unknown": own.get("unknown", []),
    }
