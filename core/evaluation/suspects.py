"""Photos that may be in the wrong class, or in none: a queue, worst first.

Confident learning (Northcutt, Jiang and Chuang, "Confident learning: estimating uncertainty
in dataset labels", 2021), by cleanlab, on out-of-fold probabilities.
"""

import warnings
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

import numpy as np

from core.datasets.manifest import Dataset, open_dataset
from core.errors import LoupeError
from core.evaluation.out_of_fold import OutOfFold, judge_all
from core.evaluation.strangers import strangeness
from core.evaluation.teacher import Plan, Teacher
from core.reporter import Reporter
from core.workspace import open_workspace, read_json, write_json

FILE = "suspects.json"
JOB = "core.evaluation.suspects:suspects_job"
# Beyond what confident learning names: the next in line, for whoever wants to look further.
MORE = 60
MOST_STRANGERS = 0.02
Kind = Literal["class", "none", "more", "far"]


@dataclass(frozen=True)
class Suspect:
    """One photo to look at.

    Attributes:
        id: The photo.
        label: The class it has.
        proposed: The likeliest other class.
        kind: "class": another class is likelier; "none": it may show none of the classes;
            "more" and "far": next in line, not suspect enough for "class" and for "none".
        score: How well the photo fits its class, 0 (not at all) to 1.
        probabilities: What the teacher gives each class, 0..1, out of fold.
        reason: Why it is here, in a plain sentence.
    """

    id: str
    label: str
    proposed: str
    kind: Kind
    score: float
    probabilities: dict[str, float]
    reason: str


@dataclass(frozen=True)
class Queue:
    """What a search found.

    Attributes:
        suspects: Worst first: those of kind "class", then "none", then "more" and "far" in turn.
        typical: For each class the ids of photos that show it best.
        about: teacher, run, kind, plan, dataset_version, created, seconds, photos, accuracy,
            interval.
    """

    suspects: list[Suspect]
    typical: dict[str, list[str]]
    about: dict[str, Any]

    def of_kind(self, *kinds: str) -> list[Suspect]:
        return [suspect for suspect in self.suspects if suspect.kind in kinds]


def suspects_job(
    folder: Path,
    reporter: Reporter,
    dataset: str,
    teacher: dict[str, Any],
    plan: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Looks for suspect labels in a data set and keeps the queue beside it.

    Args:
        folder: The job's folder, `jobs/ID` in the workspace.
        dataset: Name of the data set.
        teacher, plan: `Teacher` and `Plan` as JSON.

    Returns:
        dataset, suspects, none, photos, accuracy, teacher.
    """
    workspace = open_workspace(folder.resolve().parents[1])
    opened = open_dataset(workspace, dataset)
    judge = Teacher.model_validate(teacher)
    judged = judge_all(opened, judge, Plan.model_validate(plan or {}), folder, reporter)
    reporter.phase("Looking for suspects")
    queue = find_suspects(judged)
    keep_queue(opened, queue)
    return {
        "dataset": opened.name,
        "suspects": len(queue.of_kind("class")),
        "none": len(queue.of_kind("none")),
        "photos": len(judged.ids),
        "accuracy": judged.accuracy,
        "teacher": judge.title,
    }


def find_suspects(judged: OutOfFold) -> Queue:
    """The queue for what a teacher said out of fold."""
    order, named = ranking(judged)
    strange = strangeness(judged.probabilities, judged.distances)
    by_strangeness = np.argsort(-strange, kind="stable")
    most = max(3, round(MOST_STRANGERS * len(order)))
    in_class = [i for i in order if named[i]]
    none = [i for i in by_strangeness[:most] if strange[i] >= 1 and not named[i]]
    seen = {*in_class, *none}
    far = by_strangeness[: 0 if judged.distances is None else None]
    kinds: list[tuple[Kind, int]] = [("class", i) for i in in_class]
    kinds += [("none", i) for i in none]
    kinds += _in_turn({"more": order, "far": far}, seen)
    quality = label_quality(judged)
    suspects = [_suspect(judged, int(i), kind, float(quality[i])) for kind, i in kinds]
    about = {
        "photos": len(judged.ids),
        "accuracy": judged.accuracy,
        "interval": list(judged.interval),
    }
    return Queue(suspects, _typical(judged, quality, seen), judged.about | about)


def _in_turn(lines: dict[Kind, np.ndarray], seen: set[int]) -> list[tuple[Kind, int]]:
    """The first of each line, then the second of each, and so on; none of `seen`, none twice."""
    waiting = [[int(place) for place in line if place not in seen] for line in lines.values()]
    found: dict[int, Kind] = {}
    for row in zip_longest(*waiting):
        for kind, place in zip(lines, row, strict=True):
            if place is not None:
                found.setdefault(place, kind)
        if len(found) >= MORE:
            break
    return [(kind, place) for place, kind in found.items()][:MORE]


def label_quality(judged: OutOfFold) -> np.ndarray:
    """How well each photo fits the class it has, 0..1: the teacher's probability of it."""
    from cleanlab.rank import get_label_quality_scores

    return get_label_quality_scores(judged.numbers, judged.probabilities, method="self_confidence")


def ranking(judged: OutOfFold) -> tuple[np.ndarray, np.ndarray]:
    """All photos, the most suspect label first, and which of them are named as suspects.

    Returns:
        int (N,) positions, and bool (N,) by position.
    """
    from cleanlab.filter import find_label_issues

    named = np.zeros(len(judged.ids), bool)
    if len(np.unique(judged.numbers)) > 1:
        for rule in ("prune_by_noise_rate", "confident_learning"):
            with warnings.catch_warnings():
                # About classes of few photos or none; those are simply not pruned.
                warnings.simplefilter("ignore")
                named |= find_label_issues(
                    judged.numbers,
                    judged.probabilities,
                    filter_by=rule,
                    min_examples_per_class=0,
                    n_jobs=1,
                )
    named &= judged.probabilities.argmax(axis=1) != judged.numbers
    quality = label_quality(judged)
    return np.lexsort((np.arange(len(named)), quality, ~named)), named


def _suspect(judged: OutOfFold, row: int, kind: Kind, score: float) -> Suspect:
    names, given = judged.class_names, int(judged.numbers[row])
    answers = judged.probabilities[row].astype(float)
    others = answers.copy()
    others[given] = -1
    proposed = names[int(others.argmax())]
    probabilities = {name: round(float(p), 4) for name, p in zip(names, answers, strict=True)}
    label = judged.labels[row]
    return Suspect(
        id=judged.ids[row],
        label=label,
        proposed=proposed,
        kind=kind,
        score=round(score, 4),
        probabilities=probabilities,
        reason=_reason(label, proposed, kind, probabilities, judged.distances is not None),
    )


def _reason(
    label: str, proposed: str, kind: Kind, probabilities: dict[str, float], by_looks: bool
) -> str:
    own, other = probabilities[label], probabilities[proposed]
    if kind == "none" and by_looks:
        return "It looks unlike all the other photos. It may show none of the classes."
    if kind == "far":
        return "It looks less like the other photos than most do."
    if kind == "none":
        return "The teacher cannot tell which class it is. It may show none of them."
    if other > own:
        return (
            f"It looks like {proposed} ({_percent(other)}), hardly like {label} ({_percent(own)})."
        )
    return f"It still looks most like {label} ({_percent(own)}), but {proposed} is not far."


def _percent(share: float) -> str:
    from core.evaluation.metrics import percent

    return percent(share)


def _typical(judged: OutOfFold, quality: np.ndarray, suspects: set[int]) -> dict[str, list[str]]:
    """Six photos per class out of the surest third, spread over it so that they differ."""
    typical = {}
    for number, name in enumerate(judged.class_names):
        rows = np.flatnonzero(judged.numbers == number)
        rows = np.array([row for row in rows if row not in suspects], int)
        best = rows[np.argsort(-quality[rows], kind="stable")][: max(6, len(rows) // 3)]
        places = np.unique(np.linspace(0, len(best) - 1, min(6, len(best))).astype(int))
        typical[name] = [judged.ids[row] for row in best[places]] if len(best) else []
    return typical


def keep_queue(dataset: Dataset, queue: Queue) -> None:
    """Writes the queue beside the photos; the one before it goes."""
    document = {
        "suspects": [asdict(suspect) for suspect in queue.suspects],
        "typical": queue.typical,
        "about": queue.about,
    }
    write_json(dataset.folder / FILE, document)


def read_queue(dataset: Dataset) -> Queue | None:
    """What the last search found, None before any. Photos that are gone since are left out."""
    try:
        document = read_json(dataset.folder / FILE)
        entries = [Suspect(**entry) for entry in document["suspects"]]
    except (LoupeError, KeyError, TypeError):
        # None yet, or damaged: a new search brings it back.
        return None
    known = set(dataset.manifest["id"])
    suspects = [suspect for suspect in entries if suspect.id in known]
    used = set(dataset.used["id"])
    typical = {
        name: [photo for photo in ids if photo in used] for name, ids in document["typical"].items()
    }
    return Queue(suspects, typical, document["about"])
