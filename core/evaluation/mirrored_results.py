"""Is the mean over mirror images better? Both ways of asking, on the same test photos."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.edits import photos as counted
from core.evaluation.metrics import percent
from core.evaluation.mirroring import looks_upside_down
from core.evaluation.paired import Estimate, difference_of, is_shown, mcnemar, sides
from core.evaluation.results import (
    ask,
    dataset_of,
    describe,
    evaluate_run,
    photos_of_split,
    predictions_table,
    read_evaluation,
    read_predictions,
    require_model,
    run_of,
)
from core.evaluation.twin_words import points
from core.progress import Progress, silent
from core.training.runs import Run
from core.workspace import read_json, write_json

SPLIT = "test"


def mirrored_path(run: Run) -> Path:
    return run.folder / "mirrored.json"


def evaluate_mirrored(run: Run | Path | str, progress: Progress = silent) -> dict[str, Any]:
    """Asks a run about every test photo and its mirror images, and writes down what differs.

    Returns:
        n; views (how many images of each photo were asked about); upside_down; plain and
        mirrored, each with accuracy (0..1) and interval; difference (value, low, high; -1..1,
        positive where mirrored is better) and p (McNemar's exact test); shown (whether the
        photos show a difference); gained and lost, the photos that only one of both got right
        (id, label, predicted, probability: the mirrored answer); sentence.

    Raises:
        LoupeError: If the run has no model, or there are no test photos.
    """
    run = run_of(run)
    require_model(run)
    plain = read_evaluation(run, SPLIT) or evaluate_run(run, SPLIT, progress)
    photos = photos_of_split(dataset_of(run), SPLIT)
    names = list(run.config.class_names)
    probabilities = ask(run, photos, progress, mirrored=True)
    table = predictions_table(photos, probabilities, names, SPLIT)
    true = np.array([names.index(label) for label in photos["label"]], dtype=np.int64)
    about = _compare(read_predictions(run, SPLIT), table) | {
        "plain": {key: plain[key] for key in ("accuracy", "interval")},
        "mirrored": {
            key: value
            for key, value in describe(true, probabilities, names, SPLIT).items()
            if key in ("accuracy", "interval")
        },
        "upside_down": looks_upside_down(run.config.recipe.augmentation),
    }
    about["views"] = 4 if about["upside_down"] else 2
    about["sentence"] = sentence(about)
    write_json(mirrored_path(run), about)
    return about


def read_mirrored(run: Run) -> dict[str, Any] | None:
    """What `evaluate_mirrored` wrote; None before it did, or when the model is newer."""
    path = mirrored_path(run)
    try:
        if path.stat().st_mtime_ns < run.model_path.stat().st_mtime_ns:
            return None
    except OSError:
        return None
    return read_json(path)


def _compare(plain: pd.DataFrame, mirrored: pd.DataFrame) -> dict[str, Any]:
    """Photo by photo; the tables may have their rows in different orders."""
    before = plain.set_index("id").reindex(mirrored["id"])
    first = (mirrored["label"] == mirrored["predicted"]).to_numpy(bool)
    second = (before["label"] == before["predicted"]).to_numpy(bool)
    difference = difference_of(first[None], second[None])
    return {
        "n": len(mirrored),
        "difference": [difference.value, difference.low, difference.high],
        "p": mcnemar(*sides(first, second)),
        "shown": is_shown(first[None], second[None], difference),
        "gained": _answers(mirrored[first & ~second]),
        "lost": _answers(mirrored[~first & second]),
    }


def _answers(table: pd.DataFrame) -> list[dict[str, Any]]:
    kept = table[["id", "label", "predicted", "probability"]]
    return [{str(key): value for key, value in row.items()} for row in kept.to_dict("records")]


def sentence(about: dict[str, Any]) -> str:
    """What came out, in words."""
    difference = Estimate(*about["difference"])
    gained, lost = len(about["gained"]), len(about["lost"])
    first = (
        f"With mirror images {percent(about['mirrored']['accuracy'])} of "
        f"{counted(about['n'])} are right, without them {percent(about['plain']['accuracy'])}."
    )
    if not gained and not lost:
        return f"{first} Not one photo changed side."
    ends = f"between {points(difference.low)} and {points(difference.high)}"
    changed = f"{gained} became right and {lost} became wrong"
    if about["shown"]:
        better = "better" if difference.value > 0 else "worse"
        return f"{first} That is {better}: {changed}; of many more photos expect {ends}."
    return (
        f"{first} {changed.capitalize()}: no difference that this test set can show. Of many "
        f"more photos it may be {ends}."
    )
