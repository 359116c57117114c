"""Accuracy before and after cleaning, by five-fold cross-validation with the same folds.

Cleaned are the photos of LOUPE_BENCH_PHOTOS, by the decisions in LOUPE_BENCH_DECISIONS (a table
with `content_hash` and `decision`: keep, exclude or move:CLASS; `docs/bears-findings.csv` unless
told otherwise). Without photos, pond insects with 5 % of the labels flipped are put right again.

Three accuracies per teacher. "as it came": learnt from and measured on the original labels.
"judged by the cleaned": the same answers measured on the cleaned photos and labels. "cleaned":
also learnt from them. The step from the first to the second is what wrong labels do to the
measuring; from the second to the third, what they do to the learning.
"""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.flipped_labels import SHARE, flip
from benchmarks.measure import Row
from core.datasets.dataset import Dataset, class_names
from core.datasets.importing import import_dataset
from core.evaluation.folds import deal
from core.evaluation.out_of_fold import OutOfFold, judge_all
from core.evaluation.suspects import find_suspects
from core.evaluation.teacher import PRETRAINED, Plan, Teacher, from_recipe, pretrained_backbone
from core.jobs import JobStatus, Reporter
from core.workspace import APP_FOLDER, open_workspace

TITLE = "Cross-validated accuracy after cleaning, compared with before"
FOLDS = 5
EPOCHS = 40
ROUNDS = {"recipe": 2, "pretrained": 10}
RESAMPLES = 2000
NOT_WORSE = 0.98
DECISIONS = APP_FOLDER / "docs" / "bears-findings.csv"


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        before, after = _photos(Path(folder))
        teachers = [PRETRAINED] * (pretrained_backbone() is not None) + [from_recipe("small-cnn")]
        rows: list[Row] = []
        for teacher in teachers:
            rounds, epochs = (1, 1) if quick else (ROUNDS[teacher.kind], EPOCHS)
            folds = 2 if quick else FOLDS
            rows += compare(before, after, teacher, folds, rounds, epochs, Path(folder))
    return rows


def tell_queue(dataset: Dataset, decisions: pd.DataFrame, judged: OutOfFold) -> None:
    """How many photos of `decisions` stand how early in the queue of suspects."""
    queue = find_suspects(judged)
    contents = dict(zip(dataset.manifest["id"], dataset.manifest["content_hash"], strict=True))
    order = [contents[suspect.id] for suspect in queue.suspects]
    wanted = {
        kind: set(decisions["content_hash"][decisions["decision"].str.startswith(kind)])
        for kind in ("move", "exclude", "keep")
    }
    suspects = len(queue.of_kind("class", "none"))
    print(f"Queue: {suspects} suspects, then {len(order) - suspects} further down")
    for length in sorted({5, 10, suspects, 30, 50, len(order)}):
        found = {kind: len(known & set(order[:length])) for kind, known in wanted.items()}
        words = ", ".join(f"{found[kind]} of {len(wanted[kind])} {kind}" for kind in wanted)
        print(f"  among the first {length}: {words}")


def _photos(folder: Path) -> tuple[Dataset, Dataset]:
    """The data set as it came and as it is when cleaned."""
    workspace = open_workspace(folder / "workspace")
    photos = os.environ.get("LOUPE_BENCH_PHOTOS")
    if photos is None:
        right = import_dataset(workspace, "sample:pond-insects", "pond-insects")
        return flip(right, SHARE, seed=0)[0], right
    before = import_dataset(workspace, Path(photos), Path(photos).name)
    decisions = _decisions()
    return before, before if decisions is None else cleaned(before, decisions)


def _decisions() -> pd.DataFrame | None:
    """What was decided about the photos of LOUPE_BENCH_PHOTOS; None for drawn ones."""
    if "LOUPE_BENCH_PHOTOS" not in os.environ:
        return None
    return pd.read_csv(os.environ.get("LOUPE_BENCH_DECISIONS", DECISIONS))


def cleaned(dataset: Dataset, decisions: pd.DataFrame) -> Dataset:
    """The data set with the decisions applied, not written down anywhere."""
    by_hash = decisions.set_index("content_hash")["decision"]
    said = dataset.manifest["content_hash"].map(by_hash).fillna("keep")
    manifest = dataset.manifest.copy()
    manifest["excluded"] |= said == "exclude"
    moved = said.str.startswith("move:")
    manifest.loc[moved, "label"] = said[moved].str.removeprefix("move:")
    return replace(dataset, manifest=manifest, class_names=class_names(manifest))


def compare(
    before: Dataset,
    after: Dataset,
    teacher: Teacher,
    folds: int,
    rounds: int,
    epochs: int,
    folder: Path,
) -> list[Row]:
    """Rows for one teacher: the mean accuracy of all rounds, and its intervals in print."""
    shared = after.used["id"].tolist()
    truth = after.used["label"].to_numpy()
    as_it_came, judged, learnt = [], [], []
    for turn in range(rounds):
        plan = Plan(folds=folds, epochs=epochs, seed=turn)
        dealt = dict(zip(before.used["id"], deal(before.used, folds, turn), strict=True))
        told = _judge(before, dealt, teacher, plan, folder)
        if not turn and (decisions := _decisions()) is not None:
            tell_queue(before, decisions, told)
        old = _Said(told)
        new = _Said(_judge(after, dealt, teacher, plan, folder))
        as_it_came.append(old.right.to_numpy())
        judged.append(old.said.loc[shared].to_numpy() == truth)
        learnt.append(new.right.loc[shared].to_numpy())
    first, second, third = (np.array(each, float) for each in (as_it_came, judged, learnt))
    _tell(teacher, first, second, third)
    case = f"{before.name}, {teacher.kind}"
    return [
        _row(f"{case}: measured on cleaned labels", float(second.mean()), float(first.mean())),
        _row(f"{case}: learnt from them too", float(third.mean()), float(second.mean())),
        _row(f"{case}: altogether", float(third.mean()), float(first.mean())),
    ]


class _Said:
    """What was said about each photo, and whether it agrees with its label, by id."""

    def __init__(self, judged: OutOfFold):
        names = np.array(judged.class_names)
        self.said = pd.Series(names[judged.probabilities.argmax(axis=1)], index=judged.ids)
        self.right = self.said == pd.Series(judged.labels, index=judged.ids)


def _judge(
    dataset: Dataset, dealt: dict[str, int], teacher: Teacher, plan: Plan, folder: Path
) -> OutOfFold:
    manifest = dataset.manifest.copy()
    manifest["fold"] = [int(dealt.get(photo, -1)) for photo in manifest["id"]]
    place = folder / "work"
    place.mkdir(exist_ok=True)
    reporter = Reporter(place, JobStatus())
    return judge_all(replace(dataset, manifest=manifest), teacher, plan, place, reporter)


def _tell(teacher: Teacher, first: np.ndarray, second: np.ndarray, third: np.ndarray) -> None:
    print(f"{teacher.title}: {len(first)} rounds, intervals of 95 % over photos")
    for name, right in (
        ("as it came", first),
        ("judged by the cleaned", second),
        ("cleaned", third),
        ("gain by learning from the cleaned", third - second),
    ):
        low, high = interval(right)
        print(f"  {name}: {right.mean():.4f} ({low:.4f} to {high:.4f}), {right.shape[1]} photos")


def interval(right: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the mean over photos, by the bootstrap.

    Args:
        right: float (rounds, photos); differences of two such tables will do too.
    """
    of_photo = right.mean(axis=0)
    rng = np.random.default_rng(0)
    means = [rng.choice(of_photo, len(of_photo)).mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _row(case: str, ours: float, theirs: float) -> Row:
    return Row(case, ours, theirs, "of 1", ours / theirs, NOT_WORSE, at_least=True)
