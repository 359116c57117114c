"""`train`: a training in this very process, which Ctrl-C stops without loss."""

import signal
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.commands.augmentations import augmentation
from core.commands.networks import network
from core.datasets.manifest import open_dataset
from core.endings import Ending
from core.errors import LoupeError
from core.evaluation.metrics import percent
from core.jobs import JobStatus, State, request_stop, run_job
from core.progress import Progress
from core.training.choosing import Choice, choose
from core.training.memory import doubt, fit_of
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.repeating import config_of, find_again
from core.training.runs import Run, create_run
from core.workspace import Workspace

CHOOSE, TIME_TO_CHOOSE_FOR = "choose", 300.0
FIRST_RECIPE = "small-cnn"


def run_train(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    run, notes = _new_run(workspace, options, progress)
    for note in notes:
        print(note, file=sys.stderr)
    _tell_of_memory(run, progress)
    progress(0, 0, f"Run {run.name}")
    with stop_on_signals(run.folder):
        status = run_job(run.folder, lambda status: _tell(status, progress))
    if status.state not in (State.FINISHED, State.STOPPED):
        raise LoupeError(
            f"The training {run.name!r} {_ended(status)}: {status.message}".removesuffix(": "),
            status.next_step or f"Its log is {run.folder / 'log.txt'}.",
        )
    return _result(run, status) | ({"notes": list(notes)} if notes else {})


def _tell_of_memory(run: Run, progress: Progress) -> None:
    config = run.config
    dataset = open_dataset(run.workspace, config.dataset, config.dataset_version)
    recipe, fit = config.recipe, fit_of(dataset, config.recipe)
    progress(0, 0, doubt(dataset, recipe, fit) or f"Memory: {fit.words()}")


def _ended(status: JobStatus) -> str:
    """ "failed", or "failed (disk-full)" where the ending has a name of its own."""
    plain = (status.state, Ending.REFUSED, Ending.FAULT)
    return str(status.state) if status.ending in plain else f"{status.state} ({status.ending})"


def _new_run(
    workspace: Workspace, options: Namespace, progress: Progress
) -> tuple[Run, Sequence[str]]:
    """The run that was asked for, and what is to be said about it."""
    if options.dataset is None:
        return _repeat(workspace, options, progress)
    notes: Sequence[str] = ()
    if options.recipe == CHOOSE:
        chosen = _chosen(workspace, options, progress)
        recipe, notes = chosen.recipe, (f"{chosen.recipe.title} was chosen.", *chosen.reasons)
    else:
        recipe = _recipe(workspace, options)
    recipe = apply_overrides(with_own_parts(workspace, options, recipe), _overrides(options))
    return create_run(workspace, options.dataset, recipe, options.name), notes


def _repeat(
    workspace: Workspace, options: Namespace, progress: Progress
) -> tuple[Run, Sequence[str]]:
    if options.source is None:
        raise LoupeError(
            "There is nothing to train on.",
            "Name a data set (see: python -m core datasets), or a training with --from.",
        )
    also = ("recipe", "network", "augmentation", "set", "budget", "epochs", "seed")
    given = [f"--{name}" for name in also if getattr(options, name) not in (None, [])]
    if given:
        raise LoupeError(
            f"A training is repeated as it was, without {given[0]}.",
            "To train the same way with a change, name the data set too: "
            "python -m core train DATASET --from RUN " + f"{given[0]} …",
        )
    progress(0, 0, "Comparing the photos")
    again = find_again(workspace, config_of(workspace, options.source))
    return again.create(options.name), again.notes


def _recipe(workspace: Workspace, options: Namespace) -> Recipe:
    """What --recipe or --from names; with a network of one's own alone, the first recipe."""
    if options.source is not None and options.recipe is not None:
        raise LoupeError("Both --recipe and --from say how to train.", "Leave one of them out.")
    if options.source is not None:
        return config_of(workspace, options.source).recipe
    if options.recipe is None and options.network is None:
        raise LoupeError(
            "How to train is not said.",
            "Add --recipe NAME (see: python -m core recipes), --recipe choose to have one chosen, "
            "--network for a network of your own, or --from for what an earlier training did.",
        )
    return get_recipe(options.recipe or FIRST_RECIPE)


def _chosen(workspace: Workspace, options: Namespace, progress: Progress) -> Choice:
    if options.source is not None or options.network is not None:
        raise LoupeError(
            "A recipe cannot be chosen for a network that is given already.",
            "Leave --recipe choose, or --from and --network, out.",
        )
    progress(0, 0, "Looking at the photos")
    dataset = open_dataset(workspace, options.dataset)
    return choose(dataset, options.budget or TIME_TO_CHOOSE_FOR)


def with_own_parts(workspace: Workspace, options: Namespace, recipe: Recipe) -> Recipe:
    """`recipe` with the network and the augmentation that --network and --augmentation name."""
    changes: dict[str, Any] = {}
    if options.network is not None:
        own = network(workspace, options.network)
        changes |= {"architecture": own, "title": f"{recipe.title}, with “{own.name}”"}
    if options.augmentation is not None:
        changes["augmentation"] = augmentation(workspace, options.augmentation)
    return recipe.model_copy(update=changes)


def _overrides(options: Namespace) -> dict[str, Any]:
    overrides: dict[str, Any] = dict(assignment(text) for text in options.set)
    # Whoever has a recipe chosen says with the budget how long all of it may take: what was
    # chosen keeps to that, looking at the photos included.
    budget = None if options.recipe == CHOOSE else options.budget
    asked = {"budget_seconds": budget, "epochs": options.epochs, "seed": options.seed}
    return overrides | {field: value for field, value in asked.items() if value is not None}


def assignment(text: str) -> tuple[str, str]:
    """Field and value of what `--set` was given.

    Raises:
        LoupeError: If it is not `field=value`.
    """
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
def stop_on_signals(
    folder: Path, words: str = "Stopping; what was learnt so far is kept."
) -> Iterator[None]:
    """The first Ctrl-C or polite kill asks the job in `folder` to stop, the second ends it."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in kept.items():
            signal.signal(number, handler)

    def stop(number: int, frame: Any) -> None:
        restore()
        request_stop(folder)
        print(f"\n{words}", file=sys.stderr, flush=True)

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
        "stopped_early": own.get("stopped_early"),
        "passed_over": own.get("passed_over"),
        "remarks": own.get("remarks", []),
        "unknown": own.get("unknown", []),
    }
