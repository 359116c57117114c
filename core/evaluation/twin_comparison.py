"""What the answers of twins come to: accuracy of each, difference, classes, changed sides."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from core.evaluation.paired import (
    Estimate,
    accuracy_of,
    changed_sides,
    difference_of,
    is_shown,
    mcnemar,
    seed_luck,
    sides,
)
from core.evaluation.power import photos_needed, smallest_difference
from core.evaluation.results import read_predictions, write_table
from core.training.twin_plan import SIDES, Side
from core.training.twins import Twins
from core.workspace import write_json

HELPS, HARMS, UNCLEAR = "helps", "harms", "unclear"


def compare(twins: Twins) -> dict[str, Any]:
    """Compares all pairs that are complete, and writes down what comes out.

    `comparison.json` holds what `describe` returns and split, classes (name, photos, with,
    without, value, low, high), epochs and seconds {side: one per seed}. `photos.parquet` has a
    row per photo: see `photo_table`.

    Raises:
        ValueError: If no pair is complete.
    """
    plan, seeds = twins.plan, twins.finished_seeds()
    if not seeds:
        raise ValueError("no pair of trainings is complete")
    answers: dict[Side, list[pd.DataFrame]] = {
        side: [read_predictions(twins.training(seed, side), plan.split) for seed in seeds]
        for side in SIDES
    }
    right = {side: np.stack([_right(table) for table in answers[side]]) for side in SIDES}
    found = describe(right["with"], right["without"], seeds)
    labels = answers["with"][0]["label"].to_numpy()
    found["classes"] = _classes(right["with"], right["without"], labels, plan.class_names)
    found |= {"split": plan.split} | _efforts(twins, seeds)
    write_table(twins.folder / "photos.parquet", photo_table(answers))
    write_json(twins.folder / "comparison.json", found)
    return found


def describe(first: np.ndarray, second: np.ndarray, seeds: Sequence[int]) -> dict[str, Any]:
    """What follows from who was right: bool (seeds, photos) for each side.

    Returns:
        photos (how many), seeds, verdict ("helps", "harms" or "unclear"), accuracy {side:
        value, low, high, seeds}, difference (value, low, high), pairs (for each seed: seed,
        value, gained, lost, p), spread (standard deviation of the pairs' differences, None for
        one), disagreement (0..1), photos_needed (None without a difference), seed_luck (see
        `paired.seed_luck`, None for one pair), shows (the smallest difference that these
        photos show, None if none) and changed {gained, lost}.
    """
    difference = difference_of(first, second)
    disagreement = float((first != second).mean())
    photos = first.shape[1]
    gained, lost = changed_sides(first, second)
    return {
        "photos": photos,
        "seeds": list(seeds),
        "verdict": verdict(first, second, difference),
        "accuracy": {
            side: asdict(accuracy_of(right)) | {"seeds": right.mean(axis=1).tolist()}
            for side, right in zip(SIDES, (first, second), strict=True)
        },
        "difference": asdict(difference),
        "pairs": [_pair(*rows) for rows in zip(seeds, first, second, strict=True)],
        "spread": _spread(first, second),
        "disagreement": disagreement,
        "photos_needed": _needed(first, second, difference.value),
        "seed_luck": seed_luck(first.astype(float) - second) if len(first) > 1 else None,
        "shows": smallest_difference(photos, disagreement),
        "changed": {"gained": int(gained.sum()), "lost": int(lost.sum())},
    }


def verdict(first: np.ndarray, second: np.ndarray, difference: Estimate) -> str:
    """Whether the first twin is shown to be better, or worse, or neither."""
    if not is_shown(first, second, difference):
        return UNCLEAR
    return HELPS if difference.value > 0 else HARMS


def photo_table(answers: dict[Side, list[pd.DataFrame]]) -> pd.DataFrame:
    """A row per photo that judged: id, label, gained and lost (bool), and for each side
    right_SIDE (in how many trainings, 0..1), answer_SIDE (the class of the highest mean
    probability) and probability_SIDE (that mean, 0..1).
    """
    some = answers["with"][0]
    columns: dict[str, Any] = {"id": some["id"], "label": some["label"]}
    right = {side: np.stack([_right(table) for table in answers[side]]) for side in SIDES}
    columns["gained"], columns["lost"] = changed_sides(right["with"], right["without"])
    for side in SIDES:
        names = [name for name in some.columns if name.startswith("p_")]
        mean = np.mean([table[names].to_numpy() for table in answers[side]], axis=0)
        columns[f"right_{side}"] = right[side].mean(axis=0)
        columns[f"answer_{side}"] = [names[place][2:] for place in mean.argmax(axis=1)]
        columns[f"probability_{side}"] = mean.max(axis=1)
    return pd.DataFrame(columns)


def _right(table: pd.DataFrame) -> np.ndarray:
    return (table["label"] == table["predicted"]).to_numpy()


def _pair(seed: int, first: np.ndarray, second: np.ndarray) -> dict[str, Any]:
    gained, lost = sides(first, second)
    value = float(first.mean() - second.mean())
    return {
        "seed": seed,
        "value": value,
        "gained": gained,
        "lost": lost,
        "p": mcnemar(gained, lost),
    }


def _spread(first: np.ndarray, second: np.ndarray) -> float | None:
    if len(first) < 2:
        return None
    return float(np.std(first.mean(axis=1) - second.mean(axis=1), ddof=1))


def _needed(first: np.ndarray, second: np.ndarray, value: float) -> int | None:
    """How many photos would show the difference found, with as many seeds as these."""
    if not value:
        return None
    by_photo = (first.astype(float) - second).mean(axis=0)
    return photos_needed(value, float((by_photo**2).mean()))


def _classes(
    first: np.ndarray, second: np.ndarray, labels: np.ndarray, names: Sequence[str]
) -> list[dict[str, Any]]:
    found = []
    for name in names:
        ours, theirs = first[:, labels == name], second[:, labels == name]
        if not ours.shape[1]:
            continue
        shares = {"with": float(ours.mean()), "without": float(theirs.mean())}
        rest = asdict(difference_of(ours, theirs))
        found.append({"name": name, "photos": int(ours.shape[1])} | shares | rest)
    return found


def _efforts(twins: Twins, seeds: Sequence[int]) -> dict[str, dict[Side, list[float]]]:
    """Epochs and seconds of every training."""
    results = {side: [twins.training(s, side).status().result for s in seeds] for side in SIDES}
    return {
        what: {side: [one[what] for one in results[side]] for side in SIDES}
        for what in ("epochs", "seconds")
    }
