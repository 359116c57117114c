"""Two cross-validations on the same photos in the same parts: is one recipe better, or luck?"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.edits import photos as counted
from core.errors import LoupeError
from core.evaluation.cross_folder import CrossValidation, list_cross
from core.evaluation.cross_report import rounds_of
from core.evaluation.cross_words import share
from core.evaluation.paired import changed_sides, difference_of, is_shown, mcnemar, sides
from core.evaluation.twin_words import points
from core.jobs import State


def comparable(cross: CrossValidation) -> list[CrossValidation]:
    """The others that are finished and judged the same photos in the same parts."""
    mine, found = cross.photos(), []
    for other in list_cross(cross.workspace, cross.plan.dataset):
        if other.name == cross.name or other.status().state is not State.FINISHED:
            continue
        try:
            alike = other.plan.folds == cross.plan.folds and same_parts(mine, other.photos())
            other.predictions()
        except LoupeError:
            continue
        if alike:
            found.append(other)
    return found


def same_parts(mine: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether both dealt the same photos with the same classes alike, in the first round."""
    columns = ["id", "label", "part_1"]
    return bool(mine[columns].equals(other[columns]))


def compare(mine: pd.DataFrame, other: pd.DataFrame, folds: int) -> dict[str, Any]:
    """How much more often the first was right about the same photos.

    Photo by photo, as `core.evaluation.paired` does for twins: one round each gets Newcombe's
    interval and McNemar's exact test, several rounds the crossed interval. The networks of the
    parts learnt from mostly the same photos; as with the accuracy itself, the interval leaves
    that out and is a little too narrow.

    Args:
        mine, other: Rows of `predictions.parquet`, on the same photos and parts.
        folds: How many parts a round has.

    Returns:
        photos, rounds (compared), value, low, high (of the difference, -1..1), shown (whether
        it is more than luck), gained and lost (photos that only the first, or only the second,
        got right in most rounds; lists of ids) and p (McNemar's, None for several rounds).
    """
    first, second = rounds_of(mine, folds), rounds_of(other, folds)
    rounds = min(len(first), len(second))
    first, second = first[:rounds], second[:rounds]
    difference = difference_of(first, second)
    gained, lost = changed_sides(first, second)
    ids = np.array(sorted(mine["id"].unique()))
    return {
        "photos": int(first.shape[1]),
        "rounds": rounds,
        **asdict(difference),
        "shown": is_shown(first, second, difference),
        "gained": ids[gained].tolist(),
        "lost": ids[lost].tolist(),
        "p": mcnemar(*sides(first[0], second[0])) if rounds == 1 else None,
    }


def compared_words(found: Mapping[str, Any], mine: str, other: str) -> str:
    """What `compare` found.

    Args:
        mine, other: What the two are called.
    """
    size = points(found["value"])
    between = f"between {points(found['low'])} and {points(found['high'])}"
    changed = (
        f"{counted(len(found['gained']))} only {mine} got right, {len(found['lost']):,} only "
        f"{other}."
    )
    if not found["shown"]:
        chance = f" So uneven a change comes by luck in {share(found['p'])} of all cases "
        chance = f"{chance}(McNemar's exact test)." if found["p"] is not None else ""
        return (
            f"No difference that {counted(found['photos'])} can show: {size} ({between}). "
            f"{changed}{chance}"
        )
    better = mine if found["value"] > 0 else other
    return f"{better} is better: the difference is {size} ({between}). {changed}"
