"""What a run withstands: its answers to the same photos under everything that `sweep` tries."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from core.augmentation.recipe import AugmentationRecipe
from core.errors import LoupeError
from core.evaluation.asked import Asked, ask_photos
from core.evaluation.results import require_model, run_of
from core.evaluation.severity import changed
from core.evaluation.sweep import Trial, trials
from core.reporter import Reporter
from core.training.runs import Run, open_run
from core.workspace import open_workspace, read_json, write_bytes, write_json

JOB = "core.evaluation.robustness:robustness_job"
FORMAT = 1  # of the kept files; others are made anew
Split = Literal["validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
SAMPLES: tuple[int | None, ...] = (200, 1000, None)
MESSAGE = "Asking the model"


class Answers(NamedTuple):
    """What the model said to each trial (first axis) of each photo (second axis).

    Attributes:
        predicted: uint16, the number of the class it is taken for.
        confidence: float16, the probability of that class, 0..1.
    """

    predicted: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True, eq=False)
class Report:
    """One run's answers to everything that was tried on photos of one split.

    Attributes:
        about: run, dataset, split, model (digest of its file), limit, photos (asked),
            available (in the split), class_names, created (ISO), time (seconds since 1970),
            seconds (it took).
        trials: What was done; the first is nothing.
        ids: The photos (n,).
        true: int64 (n,), their class numbers.
        answers: See `Answers`; (len(trials), n) each.
    """

    about: dict[str, Any]
    trials: list[Trial]
    ids: list[str]
    true: np.ndarray
    answers: Answers

    @property
    def class_names(self) -> list[str]:
        return list(self.about["class_names"])

    @property
    def right(self) -> np.ndarray:
        """bool (len(trials), n)."""
        return self.answers.predicted == self.true

    def places(self, kind: str) -> list[int]:
        """Which of `trials` try the step `kind`."""
        return [place for place, trial in enumerate(self.trials) if trial.kind == kind]


def robustness_job(
    folder: Path, reporter: Reporter, run: str, split: Split = "validation", limit: int | None = 200
) -> dict[str, Any]:
    """Asks a run about its photos under everything, and keeps the answers beside it.

    Stopped, it keeps the steps that are done; started again for the same model, split and
    photos, it goes on from there.

    Args:
        folder: The job's folder, `jobs/ID` in the workspace.
        split: "validation" (choosing a recipe by the test photos would spoil the test) or "test".
        limit: At most so many photos, evenly over the classes; None for all.

    Returns:
        run, split, photos, trials and accuracy (unchanged, 0..1).

    Raises:
        LoupeError: If the split has no photos or the run has no model yet.
        Stopped: If it was asked to stop.
    """
    found = open_run(open_workspace(folder.resolve().parents[1]), run)
    reporter.phase("Preparing photos")
    asked = ask_photos(found, split, limit, reporter)
    report = _ask_all(found, asked, split, limit, reporter)
    keep(found, report)
    _part_path(found, split).unlink(missing_ok=True)
    return {
        "run": run,
        "split": split,
        "photos": len(report.ids),
        "trials": len(report.trials),
        "accuracy": float(report.right[0].mean()),
    }


def read_report(run: Run | Path | str, split: str = "validation") -> Report | None:
    """What the last job found, or None before one did, or where its files are of another kind."""
    run = run_of(run)
    path = report_path(run, split)
    try:
        about = read_json(path) if path.is_file() else {}
        if about.get("format") != FORMAT:
            return None
        tried = trials(run.config.recipe.picture, edges(run))
        with np.load(path.with_suffix(".npz"), allow_pickle=False) as kept:
            if about["trials"] != len(tried) or kept["key"].item() != about["key"]:
                return None
            answers = Answers(kept["predicted"], kept["confidence"])
            return Report(about, tried, kept["ids"].tolist(), kept["true"], answers)
    except (OSError, ValueError, KeyError, LoupeError):
        return None


def is_outdated(run: Run, report: Report) -> bool:
    """Whether the run's model is not the one that was asked."""
    return not run.has_model or report.about["model"] != model_stamp(run)


def keep(run: Run, report: Report) -> None:
    """Writes the report beside the run; a reader sees the old one, the new one or none."""
    path = report_path(run, report.about["split"])
    _write(path.with_suffix(".npz"), report.about["key"], report.ids, report.true, report.answers)
    write_json(path, report.about | {"accuracy": float(report.right[0].mean())})


def report_path(run: Run, split: str) -> Path:
    """The report's JSON file; its arrays lie beside it, as `.npz`."""
    return run.folder / (
        "robustness.json" if split == "validation" else f"robustness-{Path(split).name}.json"
    )


def edges(run: Run) -> AugmentationRecipe:
    """How edges are filled: as in the run's own training."""
    return run.config.recipe.augmentation


def model_stamp(run: Run) -> str:
    """A digest of the run's model file."""
    path = require_model(run)
    return _digest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(path: Path, changed: int) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:24]


def answers_needed(run: Run, photos: int) -> int:
    """How many answers of the model a report about so many photos takes."""
    return photos * len(trials(run.config.recipe.picture, edges(run)))


def seconds_per_answer(run_folder: str, split: str = "validation") -> float:
    """How long the model takes for one changed picture, measured on a few of its photos."""
    asked = ask_photos(run_folder, split, 64)
    run = run_of(run_folder)
    tried = trials(run.config.recipe.picture, edges(run))[:: max(1, len(asked.ids) // 4)][:8]
    pictures = asked.array[asked.rows]
    asked.predict(pictures)  # the first time it is traced
    begun = time.perf_counter()
    for trial in tried:
        asked.predict(changed(pictures, trial.drawn))
    return (time.perf_counter() - begun) / (len(tried) * len(pictures))


def _ask_all(run: Run, asked: Asked, split: Split, limit: int | None, reporter: Reporter) -> Report:
    begun = time.time()
    tried = trials(run.config.recipe.picture, edges(run))
    model = model_stamp(run)
    key = f"{FORMAT} {model} {split} {limit} {len(tried)} {len(asked.ids)}"
    answers, done = _begin(run, split, key, asked, len(tried))
    rest = len(tried) - done
    reporter.phase(MESSAGE, MESSAGE)
    count = 0

    def advance(photos: int) -> None:
        nonlocal count
        count += photos
        reporter(count, rest * len(asked.ids), MESSAGE)

    for kind, places in _by_kind(tried):
        if places[0] < done:
            continue
        reporter.update(extra={"kind": kind})
        for place in places:
            _ask(asked, tried[place], answers, place, advance)
        _write(_part_path(run, split), key, asked.ids, asked.true, answers, places[-1] + 1)
    about = {
        "format": FORMAT,
        "key": key,
        "run": run.name,
        "dataset": run.config.dataset,
        "split": split,
        "model": model,
        "limit": limit,
        "photos": len(asked.ids),
        "available": asked.available,
        "class_names": list(asked.class_names),
        "trials": len(tried),
        "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "time": time.time(),
        "seconds": round(time.time() - begun, 1),
    }
    return Report(about, tried, asked.ids, asked.true, answers)


def _by_kind(tried: list[Trial]) -> Iterator[tuple[str, list[int]]]:
    for kind, group in groupby(range(len(tried)), key=lambda place: tried[place].kind):
        yield kind, list(group)


def _ask(
    asked: Asked, trial: Trial, answers: Answers, place: int, advance: Callable[[int], None]
) -> None:
    for part, rows in asked.chunks():
        probabilities = asked.predict(changed(asked.array[rows], trial.drawn))
        answers.predicted[place, part] = probabilities.argmax(axis=1)
        answers.confidence[place, part] = probabilities.max(axis=1)
        advance(len(rows))


def _begin(run: Run, split: str, key: str, asked: Asked, count: int) -> tuple[Answers, int]:
    """The answers of a job that was stopped, if it asked the same, and how many trials it did."""
    try:
        with np.load(_part_path(run, split), allow_pickle=False) as kept:
            if kept["key"].item() == key and kept["ids"].tolist() == asked.ids:
                return Answers(kept["predicted"], kept["confidence"]), int(kept["done"])
    except (OSError, ValueError, KeyError):
        pass
    shape = (count, len(asked.ids))
    return Answers(np.zeros(shape, np.uint16), np.zeros(shape, np.float16)), 0


def _part_path(run: Run, split: str) -> Path:
    return report_path(run, split).with_suffix(".part.npz")


def _write(
    path: Path, key: str, ids: list[str], true: np.ndarray, answers: Answers, done: int = -1
) -> None:
    content = BytesIO()
    np.savez_compressed(
        content,
        key=np.array(key),
        ids=np.array(ids, dtype=np.str_),
        true=true,
        done=np.array(done),
        **answers._asdict(),
    )
    write_bytes(path, content.getvalue())
