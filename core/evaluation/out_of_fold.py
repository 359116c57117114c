"""What a teacher says of photos it has not learnt from: the ground that suspicion stands on."""

import hashlib
import time
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.manifest import Dataset
from core.datasets.near_groups import near_groups
from core.errors import LoupeError
from core.evaluation.folds import deal
from core.evaluation.metrics import wilson_interval
from core.evaluation.teacher import Plan, Teacher
from core.reporter import Reporter
from core.workspace import read_json, write_bytes, write_json

FOLDER = "out_of_fold"
KEPT_RESULTS = 5


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """A row per photo in use, in the order of the manifest.

    Attributes:
        ids: Photo ids (N,).
        labels: The class that each photo had, (N,).
        folds: int64 (N,): the part it was judged in, in the first round.
        class_names: Columns of `probabilities`.
        probabilities: float32 (N, num_classes), each row summing to 1; the mean of all rounds.
        distances: float32 (N,), how far a photo lies from its nearest neighbours in the
            teacher's eyes (cosine distance, 0..2), or None where the teacher has no features.
        about: teacher, run, kind, plan, dataset_version, created (ISO), time (seconds since
            1970) and seconds (it took).
    """

    ids: list[str]
    labels: list[str]
    folds: np.ndarray
    class_names: tuple[str, ...]
    probabilities: np.ndarray
    distances: np.ndarray | None
    about: dict[str, Any]

    @cached_property
    def numbers(self) -> np.ndarray:
        """int64 (N,): the given class of each photo, by its place in `class_names`."""
        places = {name: number for number, name in enumerate(self.class_names)}
        return np.array([places[label] for label in self.labels], np.int64)

    @property
    def accuracy(self) -> float:
        """How often the teacher agrees with the given class, 0..1."""
        return float(np.mean(self.probabilities.argmax(axis=1) == self.numbers))

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of `accuracy`."""
        agreed = int(np.sum(self.probabilities.argmax(axis=1) == self.numbers))
        return wilson_interval(agreed, len(self.ids))

    def table(self) -> pd.DataFrame:
        """The probabilities with a row per photo id and a column per class."""
        return pd.DataFrame(self.probabilities, index=self.ids, columns=list(self.class_names))


def judge_all(
    dataset: Dataset, teacher: Teacher, plan: Plan, folder: Path, reporter: Reporter
) -> OutOfFold:
    """Probabilities for every photo in use, each from a teacher that did not learn from it.

    Parts that are done are kept beside the data set and used again, after a stop too.

    Args:
        folder: For what lives only as long as the work.

    Raises:
        LoupeError: If the data set has a single class, or too few photos.
        NotFound: If the teacher needs weights that are not there.
        Stopped: If the job was asked to stop.
    """
    if len(dataset.class_names) < 2:
        raise LoupeError(
            f"{dataset.title!r} has a single class: no photo can be in the wrong one.",
            "Add photos of a second class.",
        )
    begun = time.time()
    judge = _Pretrained if teacher.kind == "pretrained" else _Trained
    work = judge(dataset, teacher, plan, folder, reporter)
    near = near_groups(dataset)
    deals = [deal(dataset.used, plan.folds, plan.seed + turn, near) for turn in range(plan.repeats)]
    rounds = [_round(work, dealt, turn) for turn, dealt in enumerate(deals)]
    judged = OutOfFold(
        ids=dataset.used["id"].tolist(),
        labels=dataset.used["label"].tolist(),
        folds=deals[0],
        class_names=dataset.class_names,
        probabilities=np.mean(rounds, axis=0).astype(np.float32),
        distances=work.distances(),
        about={
            "kind": teacher.kind,
            "teacher": teacher.title,
            "run": teacher.run,
            "plan": plan.model_dump(mode="json"),
            "dataset_version": dataset.version,
            "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "time": time.time(),
            "seconds": round(time.time() - begun, 1),
        },
    )
    keep(dataset, judged)
    for path in work.parts:
        path.unlink(missing_ok=True)
    return judged


def _round(work: "_Work", dealt: np.ndarray, turn: int) -> np.ndarray:
    answers = np.zeros((len(dealt), len(work.dataset.class_names)), np.float32)
    for fold in np.unique(dealt):
        answers[dealt == fold] = work.part(dealt != fold, int(fold), turn)
    return answers


class _Work:
    """One teacher's way of judging parts; remembers those that are done."""

    def __init__(
        self, dataset: Dataset, teacher: Teacher, plan: Plan, folder: Path, reporter: Reporter
    ):
        self.dataset, self.teacher, self.plan = dataset, teacher, plan
        self.folder, self.reporter = folder, reporter
        self.parts: list[Path] = []
        used = dataset.used
        self.numbers = pd.Categorical(used["label"], list(dataset.class_names)).codes.astype(int)
        self._rows = (used["content_hash"] + " " + used["label"]).tolist()

    def part(self, learn: np.ndarray, fold: int, turn: int) -> np.ndarray:
        """Probabilities of the photos not in `learn` (bool, (N,)); kept until all is done."""
        path = self.dataset.folder / FOLDER / f"part-{self._key(learn, turn)}.npy"
        self.parts.append(path)
        try:
            return np.load(path, allow_pickle=False)
        except (OSError, ValueError):
            answers = self.judge(learn, fold, turn)
        content = BytesIO()
        np.save(content, answers)
        write_bytes(path, content.getvalue())
        return answers

    def judge(self, learn: np.ndarray, fold: int, turn: int) -> np.ndarray:
        raise NotImplementedError

    def distances(self) -> np.ndarray | None:
        return None

    def words(self, fold: int, turn: int) -> str:
        which = f"Part {fold + 1} of {self.plan.folds}"
        if self.plan.repeats > 1:
            which += f", round {turn + 1} of {self.plan.repeats}"
        return which

    def _key(self, learn: np.ndarray, turn: int) -> str:
        key = hashlib.sha256(f"{self.teacher.digest(self.plan)} {turn}".encode())
        for row, learnt in zip(self._rows, learn.tolist(), strict=True):
            key.update(f"{row} {int(learnt)}\n".encode())
        return key.hexdigest()[:24]


class _Trained(_Work):
    @cached_property
    def whole(self) -> Any:
        from core.evaluation.fold_training import WholeReporter

        plan = self.plan
        size, unit = (plan.epochs, "epochs") if plan.epochs else (plan.seconds, "seconds")
        self.reporter.phase("Judging", "Getting ready")
        return WholeReporter(self.reporter, plan.folds * plan.repeats, size, unit)

    def judge(self, learn: np.ndarray, fold: int, turn: int) -> np.ndarray:
        from core.evaluation.fold_training import PartReporter, train_and_judge

        done, place = turn * self.plan.folds + fold, self.folder / "fold"
        words = self.words(fold, turn)
        reporter = PartReporter(place, self.whole, words, lambda share: done + share)
        recipe = self.teacher.timed_recipe(self.plan, self.plan.seed + turn)
        return train_and_judge(self.dataset, recipe, learn, place, reporter)


class _Pretrained(_Work):
    @cached_property
    def features(self) -> np.ndarray:
        from core.evaluation.pretrained import features

        self.reporter.phase("Looking at the photos")
        found = features(self.dataset, self.dataset.used, self.reporter)
        self.reporter.phase("Judging")
        return found

    def judge(self, learn: np.ndarray, fold: int, turn: int) -> np.ndarray:
        from core.evaluation.pretrained import judge

        features = self.features
        rounds, folds = self.plan.repeats, self.plan.folds
        self.reporter(turn * folds + fold, rounds * folds, "Judging the photos")
        return judge(features, self.numbers, len(self.dataset.class_names), learn)

    def distances(self) -> np.ndarray | None:
        from core.evaluation.strangers import neighbour_distances

        return neighbour_distances(self.features)


def keep(dataset: Dataset, judged: OutOfFold) -> None:
    """Writes the result beside the data set; the newest few are kept."""
    columns: dict[str, Any] = {"id": judged.ids, "label": judged.labels, "fold": judged.folds}
    if judged.distances is not None:
        columns["distance"] = judged.distances
    columns |= {f"p_{n}": judged.probabilities[:, i] for i, n in enumerate(judged.class_names)}
    name = f"{time.time_ns():020d}"
    content = BytesIO()
    pd.DataFrame(columns).to_parquet(content, index=False)
    folder = dataset.folder / FOLDER
    write_bytes(folder / f"{name}.parquet", content.getvalue())
    write_json(folder / f"{name}.json", judged.about | {"class_names": list(judged.class_names)})
    for old in sorted(folder.glob("*.json"))[:-KEPT_RESULTS]:
        old.unlink(missing_ok=True)
        old.with_suffix(".parquet").unlink(missing_ok=True)


def read_out_of_fold(folder: Path, run: str | None = None) -> OutOfFold | None:
    """The newest result of the data set in `folder`, or the newest of the recipe of `run`."""
    for path in sorted((folder / FOLDER).glob("*.json"), reverse=True):
        about = read_json(path)
        if run is None or about.get("run") == run:
            return _read(path.with_suffix(".parquet"), about)
    return None


def _read(path: Path, about: dict[str, Any]) -> OutOfFold | None:
    try:
        table = pd.read_parquet(path)
    except OSError:
        return None
    names = tuple(about["class_names"])
    return OutOfFold(
        ids=table["id"].tolist(),
        labels=table["label"].tolist(),
        folds=table["fold"].to_numpy(),
        class_names=names,
        probabilities=table[[f"p_{name}" for name in names]].to_numpy(np.float32),
        distances=table["distance"].to_numpy() if "distance" in table else None,
        about=about,
    )
