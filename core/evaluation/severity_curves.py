"""Accuracy against strength, step by step, and up to where a model withstands each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.augmentation.steps import STEP_KINDS, STEP_LABELS
from core.evaluation.metrics import percent, wilson_interval
from core.evaluation.robustness import Report
from core.evaluation.sweep import SWITCHES

# How rarely chance alone may look like a loss, at one strength and in one cell of the table,
# of which there are as many as classes times steps.
CHANCE, CHANCE_IN_CELL = 0.05, 0.01
MODERATE = 2  # of the seven strengths, counted from nothing


@dataclass(frozen=True, eq=False)
class Curve:
    """One step's accuracy at growing strength.

    Attributes:
        kind: Of the step.
        values: The strengths (m,), from the one that does nothing; 0 and 1 for a step that
            only happens or not.
        levels: The place of each among the seven strengths, -1 for one between.
        right: float64 (m, n): at how many ends of its range each photo was named rightly, 0..1.
        true: int64 (n,), the class numbers.
        class_names: Of those numbers.
        idle: Whether no answer ever changed, not even its confidence: these photos have nothing
            that the step could change.
    """

    kind: str
    values: list[float]
    levels: list[int]
    right: np.ndarray
    true: np.ndarray
    class_names: tuple[str, ...]
    idle: bool = False

    @property
    def label(self) -> str:
        return STEP_LABELS[self.kind]

    @property
    def is_switch(self) -> bool:
        return self.kind in SWITCHES

    @cached_property
    def positions(self) -> np.ndarray:
        """float64 (m,), 0..1: where the strengths lie when the seven are equally far apart."""
        if self.is_switch:
            return np.array([0.0, 1.0])
        model = STEP_KINDS[self.kind]
        shares = (np.array(self.values) - model.weakest) / (model.strongest - model.weakest)
        return np.clip(shares, 0, 1) ** (1 / 1.5)

    @cached_property
    def accuracy(self) -> np.ndarray:
        """float64 (m,), 0..1."""
        return self.right.mean(axis=1)

    @cached_property
    def guess(self) -> float:
        """How often the answer that is right most often would be right, 0..1."""
        return float(np.bincount(self.true).max() / len(self.true))

    @cached_property
    def band(self) -> np.ndarray:
        """float64 (m, 2): Wilson's 95 % interval of each accuracy."""
        n = self.right.shape[1]
        return np.array([wilson_interval(round(share * n), n) for share in self.accuracy])

    @cached_property
    def lost(self) -> np.ndarray:
        """int64 (m,): photos named rightly less often than unchanged."""
        return (self.right < self.right[0]).sum(axis=1)

    @cached_property
    def gained(self) -> np.ndarray:
        """int64 (m,): photos named rightly more often than unchanged."""
        return (self.right > self.right[0]).sum(axis=1)

    @cached_property
    def chance(self) -> np.ndarray:
        """float64 (m,): how likely chance alone loses so many photos more than it gains.

        The sign test on the same photos; where a step has one end, McNemar's exact test
        (Q. McNemar, Psychometrika 12, 1947).
        """
        pairs = zip(self.lost, self.gained, strict=True)
        return np.array([sign_test(int(lost), int(gained)) for lost, gained in pairs])

    @cached_property
    def holds(self) -> int:
        """The place of the last strength up to which nothing is lost beyond chance."""
        worse = np.flatnonzero(self.chance < CHANCE)
        return int(worse[0]) - 1 if len(worse) else len(self.values) - 1

    @property
    def harm(self) -> float:
        """What the accuracy loses, on average over the strengths, 0..1."""
        lost = self.accuracy[0] - self.accuracy
        if self.is_switch:
            return float(lost[1])
        return float(np.trapezoid(lost, self.positions))

    def at_level(self, level: int) -> int:
        """The place in `values` of one of the seven strengths, 0 where it does nothing."""
        if self.is_switch:
            return min(level, 1)
        return self.levels.index(level) if level in self.levels else 0

    def by_class(self, place: int) -> np.ndarray:
        """float64 (num_classes,): the accuracy on each class at one place; nan without photos."""
        found = np.full(len(self.class_names), np.nan)
        for number in np.unique(self.true):
            found[number] = self.right[place][self.true == number].mean()
        return found

    def of_class(self, number: int) -> "Curve":
        """The same curve for the photos of one class."""
        mine = self.true == number
        return Curve(
            self.kind,
            self.values,
            self.levels,
            self.right[:, mine],
            self.true[mine],
            self.class_names,
        )

    def value_words(self, place: int) -> str:
        """A strength with its unit, as in "25°"."""
        return "on" if self.is_switch else value_words(self.kind, self.values[place])

    @property
    def holds_words(self) -> str:
        """Up to where the model withstands it, in a few words."""
        last = len(self.values) - 1
        if self.idle:
            return "changes nothing in these photos"
        if self.is_switch:
            return "holds" if self.holds == last else "does not hold"
        if self.holds == last:
            return f"holds to the end, {self.value_words(last)}"
        if self.holds == 0:
            return f"does not hold even at {self.value_words(1)}"
        return f"holds until {self.value_words(self.holds)}"

    def sentence(self, place: int, where: bool = True) -> str:
        """What happens at one strength, with its numbers.

        Args:
            where: Whether it names the strength.
        """
        n = self.right.shape[1]
        at = f" at {self.value_words(place)}" if where and not self.is_switch else ""
        return (
            f"{percent(self.accuracy[place])} right{at} instead of "
            f"{percent(self.accuracy[0])}, {self.lost[place]} of {n} photos lost and "
            f"{self.gained[place]} gained"
        )


# Where the unit of a control alone would not say what is counted.
_IN_WORDS = {
    "zoom_crop": "zoom of {:g}",
    "gamma": "gamma {:g}",
    "posterise": "{:g} of 8 bits",
    "solarise": "threshold {:g}",
    "jpeg": "quality {:g}",
    "channel_shift": "{:g} of 255 levels",
    "noise": "{:g} of 255 levels",
    "sharpen": "gain {:g}",
    "randaugment": "magnitude {:g}",
}


def value_words(kind: str, value: float) -> str:
    """A strength with its unit, as in "25°" or "0.2 of the width"."""
    if kind in _IN_WORDS:
        return _IN_WORDS[kind].format(value)
    extra = STEP_KINDS[kind].model_fields[STEP_KINDS[kind].strength].json_schema_extra
    unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
    return f"{value:g}{'' if unit.startswith('°') else ' '}{unit}".strip()


def curves(report: Report) -> list[Curve]:
    """A curve per step that was tried, the most harmful first."""
    kinds = dict.fromkeys(trial.kind for trial in report.trials[1:])
    found = [_curve(report, kind) for kind in kinds]
    return sorted(found, key=lambda curve: -curve.harm)


def _curve(report: Report, kind: str) -> Curve:
    right = report.right
    by_value: dict[float, list[int]] = {}
    levels: dict[float, int] = {}
    for place in report.places(kind):
        trial = report.trials[place]
        by_value.setdefault(trial.value, []).append(place)
        levels[trial.value] = trial.level
    nothing = 0.0 if kind in SWITCHES else float(STEP_KINDS[kind].weakest)
    rows = [right[:1].mean(axis=0)] + [right[places].mean(axis=0) for places in by_value.values()]
    return Curve(
        kind,
        [nothing, *by_value],
        [0, *(levels[value] for value in by_value)],
        np.stack(rows),
        report.true,
        tuple(report.class_names),
        idle=_idle(report, kind),
    )


def _idle(report: Report, kind: str) -> bool:
    places = report.places(kind)
    return all((table[places] == table[0]).all() for table in report.answers)


def sign_test(lost: int, gained: int) -> float:
    """How likely a fair coin shows at least `lost` heads in `lost + gained` throws, 0..1."""
    n = lost + gained
    if n == 0:
        return 1.0
    factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n + 1)))))
    heads = np.arange(lost, n + 1)
    logs = factorials[n] - factorials[heads] - factorials[n - heads] - n * np.log(2)
    return float(min(1.0, np.exp(logs).sum()))


def smallest_loss_seen(n: int) -> float:
    """The smallest loss of accuracy that `n` photos can tell from chance, 0..1."""
    needed = int(np.ceil(np.log2(1 / CHANCE)))
    return min(1.0, needed / n) if n else 1.0


def worst_cells(found: list[Curve], level: int, most: int = 8) -> list[tuple[str, int, float]]:
    """Step, class number and loss (0..1) where one class suffers most at one of the strengths.

    Only losses beyond chance, the largest first.
    """
    cells = []
    for curve in found:
        place = curve.at_level(level)
        for number in np.unique(curve.true):
            mine = curve.of_class(int(number))
            loss = float(mine.accuracy[0] - mine.accuracy[place])
            if mine.chance[place] < CHANCE_IN_CELL:
                cells.append((curve.kind, int(number), loss))
    return sorted(cells, key=lambda cell: -cell[2])[:most]


LEVEL_WORDS = ("nothing", "slight", "moderate", "marked", "strong", "very strong", "extreme")
