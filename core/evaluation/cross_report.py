"""What the answers of a cross-validation come to: each part, the whole, classes, worst photos."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.evaluation import metrics
from core.evaluation.cross_folder import CrossValidation
from core.evaluation.paired import accuracy_of
from core.evaluation.results import write_table
from core.workspace import write_json


def write_report(cross: CrossValidation) -> dict[str, Any]:
    """Puts together what the parts that are done say, and writes it down.

    `report.json` holds what `describe` returns. `predictions.parquet` has a row per photo and
    round: id (str, the photo's in its data set), round and part (int64, from 1), label and
    predicted (str), probability (float32, of the predicted class) and p_CLASS for each class
    (float32, a row sums to 1). Each was given by a network that had not learnt from the photo.

    Raises:
        ValueError: If no part is done.
        LoupeError: If a part cannot be read.
    """
    done, plan = cross.done(), cross.plan
    if not done:
        raise ValueError("no part is done")
    answers = pd.concat([cross.answers(*which) for which in done], ignore_index=True)
    parts = [cross.about_part(*which) for which in done]
    report = describe(answers, parts, plan.class_names, plan.folds)
    report["of"] = len(plan.order())
    write_table(cross.folder / "predictions.parquet", answers)
    write_json(cross.folder / "report.json", report)
    return report


def part_answers(
    photos: pd.DataFrame, answers: np.ndarray, class_names: Sequence[str], turn: int, part: int
) -> pd.DataFrame:
    """A part's rows of `predictions.parquet`.

    Args:
        photos: Rows of the manifest.
        answers: float32 (n, num_classes).
        turn, part: Which round and part, from 0.
    """
    predicted = answers.argmax(axis=1)
    columns: dict[str, Any] = {
        "id": photos["id"].tolist(),
        "round": turn + 1,
        "part": part + 1,
        "label": photos["label"].tolist(),
        "predicted": [class_names[place] for place in predicted],
        "probability": answers.max(axis=1).astype(np.float32),
    }
    columns |= {f"p_{n}": answers[:, i].astype(np.float32) for i, n in enumerate(class_names)}
    return pd.DataFrame(columns)


def describe(
    answers: pd.DataFrame, parts: list[dict[str, Any]], class_names: Sequence[str], folds: int
) -> dict[str, Any]:
    """What follows from the answers so far.

    Args:
        answers: Rows of `predictions.parquet`.
        parts: What is known of each part that is done.
        folds: How many parts a round has.

    Returns:
        photos (that have an answer), answers (their number), rounds (that are complete), parts,
        mean, spread (standard deviation, None for one part), low and high of the parts'
        accuracies, luck (the spread that so large parts would have by chance alone), accuracy
        and interval (low, high; 95 %) of all photos, class_names, confusion (rows: what it is,
        columns: what it was called; over all answers), classes (name, n, precision, recall) and
        seconds (of all parts together).

        The interval is Wilson's on the answers of the first round taken together, or with two
        and more complete rounds that of `paired.crossed_interval`, which takes in how much the
        rounds differ. Both take the photos for independent. The networks of a round learnt from
        mostly the same photos, so they are not quite, and the interval is a little too narrow;
        by how much cannot be estimated without bias: Y. Bengio and Y. Grandvalet, "No unbiased
        estimator of the variance of k-fold cross-validation", JMLR 5 (2004).
    """
    names = list(class_names)
    each = np.array([part["accuracy"] for part in parts])
    sizes = np.array([part["photos"] for part in parts])
    matrix = _confusion(answers, names)
    right = rounds_of(answers, folds)
    share = accuracy_of(right)
    classes = metrics.per_class(matrix, names)
    held = answers.drop_duplicates("id")["label"].value_counts()
    return {
        "photos": int(answers["id"].nunique()),
        "answers": len(answers),
        "rounds": sum(_is_complete(answers, turn, folds) for turn in _turns(answers)),
        "parts": parts,
        "mean": float(each.mean()),
        "spread": float(each.std(ddof=1)) if len(each) > 1 else None,
        "low": float(each.min()),
        "high": float(each.max()),
        "luck": float(np.sqrt(np.mean(share.value * (1 - share.value) / sizes))),
        "accuracy": share.value,
        "interval": [share.low, share.high],
        "class_names": names,
        "confusion": matrix.tolist(),
        "classes": [row | {"n": int(held.get(row["name"], 0))} for row in classes],
        "seconds": round(sum(part["seconds"] for part in parts), 1),
    }


def rounds_of(answers: pd.DataFrame, folds: int) -> np.ndarray:
    """bool (rounds, photos): right or not in each complete round, the photos ordered by id.

    Before the first is complete: of the photos that it has judged so far.
    """
    right = answers.assign(right=answers["label"] == answers["predicted"])
    whole = [turn for turn in _turns(answers) if _is_complete(answers, turn, folds)]
    table = right[right["round"].isin(whole or _turns(answers)[:1])]
    return table.pivot(index="round", columns="id", values="right").to_numpy(bool)


def wrong_photos(answers: pd.DataFrame) -> pd.DataFrame:
    """The photos that were taken for something else, the surest mistakes first.

    Returns:
        id, label, predicted (the wrong class that was said most often), probability (0..1, its
        mean where it was said), wrong (in how many rounds) and rounds.
    """
    wrong = answers[answers["label"] != answers["predicted"]]
    if wrong.empty:
        columns = ["id", "label", "predicted", "probability", "wrong", "rounds"]
        return pd.DataFrame(columns=columns)
    rounds = answers.groupby("id").size()
    said = wrong.groupby(["id", "label", "predicted"], as_index=False).agg(
        times=("probability", "size"), probability=("probability", "mean")
    )
    said = said.sort_values(["id", "times", "probability"], ascending=[True, False, False])
    first = said.drop_duplicates("id").drop(columns="times")
    first["wrong"] = first["id"].map(wrong.groupby("id").size())
    first["rounds"] = first["id"].map(rounds)
    share = first["wrong"] / first["rounds"]
    ordered = first.assign(share=share).sort_values(
        ["share", "probability", "id"], ascending=[False, False, True]
    )
    return ordered.drop(columns="share").reset_index(drop=True)


def _confusion(answers: pd.DataFrame, names: list[str]) -> np.ndarray:
    places = {name: place for place, name in enumerate(names)}
    true, said = answers["label"].map(places), answers["predicted"].map(places)
    return metrics.confusion(true.to_numpy(), said.to_numpy(), len(names))


def _turns(answers: pd.DataFrame) -> list[int]:
    return sorted(int(turn) for turn in answers["round"].unique())


def _is_complete(answers: pd.DataFrame, turn: int, folds: int) -> bool:
    return int(answers.loc[answers["round"] == turn, "part"].nunique()) == folds
