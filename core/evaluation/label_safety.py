"""Steps that turn one class into another, found from the confusion they cause.

A picture that is merely spoilt is taken for anything, or for the one class that the model
answers when it is lost; that class then keeps its own photos, and collects those of others
too. A step that turns a class into another does something else: it *exchanges* them. Upside
down, a 6 is taken for a 9, and the 9 is no longer taken for a 9; and the opposite step takes a
9 for a 6. `find_turns` looks for exactly that. Steps that push all photos one way (darker,
nearer, more contrast) can exchange nothing, so that nothing is said about them: a model that
takes dark photos for night answers like one that is lost in the dark.

Taking the colour away is the other case: where two classes differ by nothing else, the step
makes them the same. `find_turns` names it where the model can no longer tell them apart.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from core.augmentation.steps import STEP_LABELS
from core.augmentation.strength import TWO_SIDED
from core.augmentation.words import in_words
from core.evaluation.metrics import percent
from core.evaluation.robustness import Report
from core.evaluation.safety_rule import SafetyRule
from core.evaluation.severity_curves import value_words
from core.evaluation.sweep import SWITCHES, Trial


@dataclass(frozen=True)
class Turn:
    """A step that turns photos of one class into another class, or makes two the same.

    Attributes:
        kind: Of the step.
        how: "exchange", or "erased" where what sets the two apart is taken away.
        first, second: Class numbers; photos of `first` are taken for `second`.
        place: The trial that shows it best.
        trial: What was done there.
        taken, photos: So many of so many photos of `first` are taken for `second`; only those
            count that are named rightly unchanged.
        back, photos_back: The same for `second`, taken for `first`.
        confidence: The model's mean confidence in those answers, 0..1.
        safe: The strongest tried value up to which the model still knows both classes and takes
            neither for the other; None where there is none.
        before: The strongest tried value before either begins to be taken for the other, also
            where the model knows neither any more; None where there is none.
        names: Of the classes.
    """

    kind: str
    how: Literal["exchange", "erased"]
    first: int
    second: int
    place: int
    trial: Trial
    taken: int
    photos: int
    back: int
    photos_back: int
    confidence: float
    safe: float | None
    before: float | None
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        return STEP_LABELS[self.kind]

    @property
    def heading(self) -> str:
        """As in "6 and 9"."""
        return f"{self.names[self.first]} and {self.names[self.second]}"

    @property
    def done(self) -> str:
        """What was done to the photos, as in "turned 180° clockwise"."""
        words = ", ".join(in_words(change) for change in self.trial.drawn.changes)
        return "turned upside down" if (self.kind, self.trial.value) == ("rotation", 180) else words

    @property
    def shown(self) -> str:
        """What the model takes for what, as in "Turned upside down, 47 of 52 photos of 6 …"."""
        first, second = self.names[self.first], self.names[self.second]
        done = self.done[:1].upper() + self.done[1:]
        return f"{done}, {self.taken} of {self.photos} photos of {first} are taken for {second}"

    @property
    def sentence(self) -> str:
        """What the model takes for what, and what that means for training."""
        first, second = self.names[self.first], self.names[self.second]
        said = f"{self.shown}, with {percent(self.confidence)} confidence on average"
        if self.how == "erased":
            return f"{said}, and {second} stays {second}: colour is what sets the two apart."
        if self.back:
            said += f"; of {second}, {self.back} of {self.photos_back} for {first}"
        return f"{said}. This step teaches the model that {first} is {second}."

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.safe is None:
            return "Leave it out."
        return f"Leave it out, or keep it at {value_words(self.kind, self.safe)} at most."


@dataclass(frozen=True, eq=False)
class _Table:
    """How often each class is taken for each, at every trial.

    Only photos that are named rightly unchanged count: the others say nothing of the step.
    """

    report: Report

    @cached_property
    def known(self) -> np.ndarray:
        return self.report.right[0]

    @cached_property
    def counts(self) -> np.ndarray:
        """int64 (trials, num_classes, num_classes): what it is, what it is taken for."""
        number = len(self.report.class_names)
        true = self.report.true[self.known]
        made = np.zeros((len(self.report.trials), number, number), np.int64)
        for place, predicted in enumerate(self.report.answers.predicted[:, self.known]):
            np.add.at(made[place], (true, predicted), 1)
        return made

    @cached_property
    def photos(self) -> np.ndarray:
        """int64 (num_classes,)."""
        return self.counts[0].sum(axis=1)

    @cached_property
    def usual(self) -> float:
        """How sure the model is of its right answers to unchanged photos, on average."""
        return float(self.report.answers.confidence[0, self.known].mean(dtype=np.float32))

    def share(self, place: int, first: int, second: int) -> float:
        return float(self.counts[place, first, second] / max(1, self.photos[first]))

    def from_others(self, place: int, first: int, second: int) -> float:
        """Which share of the photos of third classes is taken for `second`."""
        rest = [n for n in range(len(self.photos)) if n not in (first, second)]
        photos = self.photos[rest].sum()
        return float(self.counts[place, rest, second].sum() / photos) if photos else 0.0

    def moved(self, place: int, first: int, second: int) -> tuple[int, int, float]:
        """How many of how many photos of `first` are taken for `second`, and their share by chance.

        Who guesses names each class alike, or `second` as often as for third classes.
        """
        guessed = max(1 / len(self.photos), self.from_others(place, first, second))
        return int(self.counts[place, first, second]), int(self.photos[first]), guessed

    def taken(self, place: int, first: int, second: int) -> np.ndarray:
        """bool (n,): the photos of `first` that are taken for `second`."""
        predicted = self.report.answers.predicted[place]
        return self.known & (self.report.true == first) & (predicted == second)

    def confidence(self, place: int, first: int, second: int) -> np.ndarray:
        """float32: of those answers."""
        chosen = self.taken(place, first, second)
        return self.report.answers.confidence[place, chosen].astype(np.float32)


def find_turns(report: Report, rule: SafetyRule | None = None) -> list[Turn]:
    """Every step that turns one class into another, each pair of classes once per step.

    Photos of a class `first` that the model names rightly are, at one strength, taken for one
    other class `second`: most of them, with confidence, and far more than chance would
    explain. `second` loses its own photos there, third classes do not go there alike, and the
    opposite (the other end of the range; for a step with one end the step itself) takes
    photos of `second` for `first`. How often guessing would look like that anywhere in the report
    is bounded by `rule.chance` (binomial tails, corrected for the number of comparisons).

    Returns:
        The surest first.
    """
    rule = rule or SafetyRule()
    table = _Table(report)
    found: dict[tuple[str, int, int], Turn] = {}
    for place, first, second in _candidates(table, rule):
        turn = _exchange(table, rule, place, first, second) or _erased(
            table, rule, place, first, second
        )
        if turn is None:
            continue
        key = (turn.kind, min(first, second), max(first, second))
        if key not in found or _weight(turn) > _weight(found[key]):
            found[key] = turn
    turns = list(found.values())
    return sorted(turns, key=_weight, reverse=True)


def unjudged(report: Report, rule: SafetyRule | None = None) -> list[str]:
    """The classes of which too few photos are named rightly to say anything about them."""
    rule = rule or SafetyRule()
    photos = _Table(report).photos
    return [name for name, n in zip(report.class_names, photos, strict=True) if n < rule.photos]


def examples(report: Report, turn: Turn, most: int = 6) -> list[str]:
    """Ids of photos that show it, the most confident answers first."""
    chosen = np.flatnonzero(_Table(report).taken(turn.place, turn.first, turn.second))
    order = np.argsort(-report.answers.confidence[turn.place, chosen], kind="stable")
    return [report.ids[place] for place in chosen[order][:most]]


def _candidates(table: _Table, rule: SafetyRule) -> list[tuple[int, int, int]]:
    shares = table.counts / np.maximum(1, table.photos)[None, :, None]
    many = (shares >= rule.share) & (table.counts >= rule.photos)
    places = np.argwhere(many)
    return [(int(p), int(a), int(b)) for p, a, b in places if a != b]


def _exchange(table: _Table, rule: SafetyRule, place: int, first: int, second: int) -> Turn | None:
    trial = table.report.trials[place]
    share = table.share(place, first, second)
    back, same, back_place = max(
        (table.share(other, second, first), other == place, other)
        for other in _opposites(table.report, place)
    )
    confidence = table.confidence(place, first, second)
    exchanged = [table.moved(place, first, second), table.moved(back_place, second, first)]
    if (
        back < rule.back
        or table.share(place, second, second) > rule.stay
        or table.from_others(place, first, second) > rule.others * share
        or confidence.mean() < rule.confidence * table.usual
        or _odds(table, exchanged) > rule.chance
    ):
        return None
    return _turn(
        table,
        "exchange",
        place,
        first,
        second,
        back=int(table.counts[place, second, first]) if same else 0,
        photos_back=int(table.photos[second]) if same else 0,
        safe=_until(table, rule, trial.kind, first, second, rule.known),
        before=_until(table, rule, trial.kind, first, second, 0.0),
    )


def _erased(table: _Table, rule: SafetyRule, place: int, first: int, second: int) -> Turn | None:
    """Without colour nearly all of `first` are taken for `second`, which stays what it is.

    A model that is merely lost without colour answers like that, too. So either it has to be
    as sure of both alike, or the two are exchanged by turning the colour wheel.
    """
    trial = table.report.trials[place]
    if trial.kind != "grey" or table.share(place, second, second) < 0.8:
        return None
    if (
        table.share(place, first, second) < 0.8
        or _odds(table, [table.moved(place, first, second)]) > rule.chance
    ):
        return None
    theirs = table.confidence(place, first, second)
    alike = 0.25 <= _order(theirs, table.confidence(place, second, second)) <= 0.75
    if not alike and not _by_hue(table, rule, first, second):
        return None
    return _turn(table, "erased", place, first, second)


def _turn(
    table: _Table,
    how: Literal["exchange", "erased"],
    place: int,
    first: int,
    second: int,
    back: int = 0,
    photos_back: int = 0,
    safe: float | None = None,
    before: float | None = None,
) -> Turn:
    trial, confidence = table.report.trials[place], table.confidence(place, first, second)
    return Turn(
        kind=trial.kind,
        how=how,
        first=first,
        second=second,
        place=place,
        trial=trial,
        taken=len(confidence),
        photos=int(table.photos[first]),
        back=back,
        photos_back=photos_back,
        confidence=float(confidence.mean()),
        safe=safe,
        before=before,
        names=tuple(table.report.class_names),
    )


def _by_hue(table: _Table, rule: SafetyRule, first: int, second: int) -> bool:
    """Whether turning the colour wheel exchanges the two classes."""
    pairs = ((first, second), (second, first))
    return any(
        min(table.counts[place, a, b] for a, b in pairs) >= rule.photos
        and _exchange(table, rule, place, *pair) is not None
        for place in table.report.places("hue")
        for pair in pairs
    )


def _opposites(report: Report, place: int) -> list[int]:
    """The trials that undo a trial: as strong, the other way; it may be its own opposite."""
    trial = report.trials[place]
    return [
        other
        for other in report.places(trial.kind)
        if report.trials[other].value == trial.value and (other == place or trial.kind in TWO_SIDED)
    ]


def _odds(table: _Table, exchanged: list[tuple[int, int, float]]) -> float:
    """How likely chance would find such an exchange anywhere in the report, at most.

    Each of `exchanged` is (taken, photos, share by chance), of different photos. Their
    probabilities are combined as by R. A. Fisher, "Statistical Methods for Research Workers",
    1925 (for two: the product p becomes p · (1 − ln p)), then corrected for every trial, pair of
    classes and end of the range that was looked at (Bonferroni).
    """
    number = len(table.report.class_names)
    comparisons = len(table.report.trials) * number * (number - 1)
    product = math.prod(_at_least(*one) for one in exchanged)
    if len(exchanged) > 1 and product > 0:
        product *= 1 - math.log(product)
    return min(1.0, comparisons * product)


def _at_least(taken: int, photos: int, share: float) -> float:
    """The probability of `taken` or more of `photos`, each with the probability `share`."""
    if taken == 0 or share >= 1:
        return 1.0
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, photos + 1)))])
    many = np.arange(taken, photos + 1)
    ways = log_factorial[photos] - log_factorial[many] - log_factorial[photos - many]
    return float(np.exp(ways + many * np.log(share) + (photos - many) * np.log1p(-share)).sum())


def _order(first: np.ndarray, second: np.ndarray) -> float:
    """How often a value of `first` is above one of `second`, ties counted half: 0..1."""
    above = (first[:, None] > second[None, :]).mean()
    return float(above + (first[:, None] == second[None, :]).mean() / 2)


def _until(
    table: _Table, rule: SafetyRule, kind: str, first: int, second: int, known: float
) -> float | None:
    """The last value before either class begins to be taken for the other, or is lost.

    Args:
        known: The share of each class that must still be named rightly.
    """
    if kind in SWITCHES:
        return None
    safe: float | None = None
    report = table.report
    places = report.places(kind)
    for value in dict.fromkeys(report.trials[place].value for place in places):
        ends = [place for place in places if report.trials[place].value == value]
        worst = max(
            table.share(place, *pair)
            for place in ends
            for pair in ((first, second), (second, first))
        )
        left = min(table.share(place, one, one) for place in ends for one in (first, second))
        if worst > rule.begun or left < known:
            return safe
        safe = value
    return safe


def _weight(turn: Turn) -> tuple[float, float, float]:
    """How plainly a turn shows; of its two directions, that of the class that turns more often."""
    share = (turn.taken + turn.back) / max(1, turn.photos + turn.photos_back)
    return share, turn.taken / turn.photos, turn.confidence
