"""Single photos that teach little: unreadable, tiny, dark, bright, blank, blurred, odd shapes."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.datasets.checks.findings import Finding, Severity
from core.datasets.checks.settings import CheckSettings
from core.datasets.edits import photos

# The normal distribution's ratio of standard deviation and median absolute deviation.
MAD = 1.4826


class Rule(NamedTuple):
    """A check of single photos.

    Attributes:
        kind, title: As in `Finding`.
        severity: How much it matters.
        what: Follows the number of photos in the finding's sentence.
        effect: What it does to a model.
        find: The places of the photos that have it, from the table, worst first.
    """

    kind: str
    title: str
    severity: Severity
    what: str
    effect: str
    find: Callable[[pd.DataFrame, CheckSettings], pd.Series]


def unreadable(reasons: dict[str, str]) -> list[Finding]:
    """Photos whose files went or changed since they were imported."""
    if not reasons:
        return []
    first = next(iter(reasons.values()))
    return [
        Finding(
            kind="unreadable",
            title="Unreadable",
            sentence=f"{photos(len(reasons))} cannot be read any more. {first}",
            effect="A training stops at the first of them.",
            severity="urgent",
            action="exclude",
            ids=tuple(reasons),
        )
    ]


def check_photos(
    table: pd.DataFrame, settings: CheckSettings, dismissed: dict[str, tuple[str, ...]]
) -> list[Finding]:
    """One finding per rule that photos break.

    Args:
        table: Photos in use by id, with the columns of `Measures.table`, `width` and `height`.
        dismissed: Photos to pass over, by kind.
    """
    findings, seen = [], set[str]()
    for rule in RULES:
        badness = rule.find(table, settings).sort_values(ascending=False)
        passed = seen | set(dismissed.get(rule.kind, ()))
        ids = tuple(photo_id for photo_id in badness.index if photo_id not in passed)
        seen.update(badness.index)  # a black photo is blank and blurred too: once is enough
        if ids:
            findings.append(
                Finding(
                    kind=rule.kind,
                    title=rule.title,
                    sentence=f"{photos(len(ids))} {'is' if len(ids) == 1 else 'are'} {rule.what}",
                    effect=rule.effect,
                    severity=rule.severity,
                    action="exclude",
                    ids=ids,
                )
            )
    return findings


def outlying(values: pd.Series, least_spread: float) -> pd.Series:
    """How many robust standard deviations each value lies above the middle.

    Args:
        least_spread: The deviation that is assumed where most values are the same.
    """
    middle = values.median()
    deviation = MAD * (values - middle).abs().median()
    return (values - middle) / max(deviation, least_spread)


def _dark(table: pd.DataFrame, settings: CheckSettings) -> pd.Series:
    brightest = table["brightness"] + 2 * table["contrast"]
    unusual = outlying(-brightest, 4.0)
    return unusual[(brightest < settings.dark) & (unusual > settings.outlier)]


def _bright(table: pd.DataFrame, settings: CheckSettings) -> pd.Series:
    darkest = table["brightness"] - 2 * table["contrast"]
    unusual = outlying(darkest, 4.0)
    return unusual[(darkest > settings.bright) & (unusual > settings.outlier)]


def _blank(table: pd.DataFrame, settings: CheckSettings) -> pd.Series:
    unusual = outlying(-table["contrast"].map(np.log1p), 0.1)
    few = table["contrast"] < settings.blank
    return unusual[few & ((unusual > settings.outlier) | (table["contrast"] < 1))]


def _blurred(table: pd.DataFrame, settings: CheckSettings) -> pd.Series:
    unusual = outlying(-table["sharpness"], 0.02)
    shows = table["contrast"] >= settings.blank
    few = table["sharpness"] < settings.blurred
    return unusual[shows & few & (unusual > settings.outlier)]


def _tiny(table: pd.DataFrame, settings: CheckSettings) -> pd.Series:
    longest = table[["width", "height"]].max(axis=1)
    share = longest / longest.median()
    return (1 - share)[share < settings.tiny]


def _odd(table: pd.DataFrame, settings: CheckSettings) -> pd.Series:
    shape = (table["width"] / table["height"]).map(np.log)
    unusual = outlying(shape, 0.05).abs()
    odd = shape.abs() > np.log(settings.aspect)
    return shape.abs()[odd & (unusual > settings.outlier)]


RULES = (
    Rule(
        "dark",
        "Too dark",
        "look",
        "so dark that hardly anything can be seen, unlike the others.",
        "The model learns that darkness means the class such photos happen to be in.",
        _dark,
    ),
    Rule(
        "bright",
        "Too bright",
        "look",
        "nearly white all over, unlike the others.",
        "What is washed out cannot be learnt; only the brightness is.",
        _bright,
    ),
    Rule(
        "blank",
        "Blank",
        "look",
        "of one shade all over: next to nothing can be seen.",
        "They carry a class but show nothing of it, which teaches the model to guess.",
        _blank,
    ),
    Rule(
        "tiny",
        "Tiny",
        "look",
        "far smaller than the others.",
        "They are enlarged where others are shrunk, so the model may learn to tell classes "
        "by their blur.",
        _tiny,
    ),
    Rule(
        "blurred",
        "Blurred",
        "look",
        "blurred where the others are sharp.",
        "Fine patterns are lost in them; as test photos they make the model look worse.",
        _blurred,
    ),
    Rule(
        "odd_shape",
        "Odd shape",
        "note",
        "far longer or higher than the others.",
        "Brought to the model's size they are squeezed, or most of them is cut away.",
        _odd,
    ),
)
