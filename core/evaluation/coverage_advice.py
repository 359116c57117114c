"""What would close a gap, found by trying: steps at growing strength, on a part of the photos."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import MIXING_KINDS, STEP_KINDS, Step
from core.augmentation.steps.base import LIGHT, MIX, SHARPNESS
from core.augmentation.strength import at_strength, can_be_shown, strengths
from core.evaluation.coverage import Coverage, Spread, inside, nearness
from core.evaluation.look import LOOKS, evenly, measure_copies
from core.progress import Progress, silent

PHOTOS, DRAWS = 80, 2  # that a step is tried on
LEVELS = 13  # of strength, twice as fine as the strip's
# Which steps move which look, the plainest first.
MOVERS = {
    "brightness": ("brightness", "gamma"),
    "contrast": ("contrast", "brightness", "gamma"),
    "sharpness": ("blur", "sharpen", "noise", "jpeg"),
    "colourfulness": ("saturation", "grey"),
    "warmth": ("channel_shift", "hue"),
    "tint": ("channel_shift", "hue"),
}
ENOUGH = 0.9  # of what a step's full strength covers: a weaker one that does it is better
WORTH_A_STEP = 0.25  # of the photos outside, that it must bring inside
FEWEST_SEEN = 30  # photos: fewer do not show how far is too far
WASTED, MORE_WASTED = 0.2, 0.15  # of the copies beyond all photos, and more than of the originals
LIGHT_GROUPS = (LIGHT, SHARPNESS, MIX)


@dataclass(frozen=True)
class Closer:
    """A step that would close gaps.

    Attributes:
        step: The step, switched on, at the strength that is enough.
        covers: For each look with a gap that it closes at least in part, how many of the photos
            outside it brings inside, and how many there are; the one it does most for first.
    """

    step: Step
    covers: dict[str, tuple[int, int]]

    @property
    def total(self) -> int:
        return sum(covered for covered, _ in self.covers.values())


@dataclass(frozen=True)
class TooWide:
    """A look in which many copies go beyond every photo asked about.

    Attributes:
        spread: The look.
        share: Of the copies that do, 0..1.
        before: Of the training photos that do, 0..1.
        step: The step that does it, at a strength that stays closer; switched off where none does.
        left: Of the copies that then still do, 0..1.
    """

    spread: Spread
    share: float
    before: float
    step: Step
    left: float


class Trials:
    """Recipes tried on some training photos, each once.

    Args:
        pictures: uint8 (N, height, width, channels), of which `PHOTOS` are taken evenly.
        rows: Their rows in the prepared array.
        recipe: The recipe that is changed.
        seed: Of the draws.
    """

    def __init__(
        self,
        pictures: np.ndarray,
        rows: Sequence[int],
        recipe: AugmentationRecipe,
        seed: int = 0,
        progress: Progress = silent,
    ):
        places = evenly(len(pictures), PHOTOS)
        self.recipe, self._progress = recipe, progress
        self._pictures, self._rows = pictures[places], [rows[place] for place in places]
        self._seed = seed
        self._kept: dict[str, np.ndarray] = {}

    def looks(self, recipe: AugmentationRecipe) -> np.ndarray:
        """float32 (n, 6): how the copies look that `recipe` makes."""
        key = recipe.model_dump_json()
        if key not in self._kept:
            self._kept[key] = measure_copies(
                self._pictures, self._rows, recipe, DRAWS, self._seed, self._progress
            )
        return self._kept[key]

    def with_step(self, step: Step) -> AugmentationRecipe:
        steps = {one.kind: one for one in self.recipe.steps} | {step.kind: step}
        return self.recipe.model_copy(update={"steps": tuple(steps.values())})

    def step(self, kind: str) -> tuple[Step, float]:
        """The recipe's step of a kind, or a new one, and how strong it is now."""
        new = STEP_KINDS[kind].model_validate({"kind": kind})
        own = next((step for step in self.recipe.steps if step.kind == kind), new)
        on = own is not new and own.enabled and can_be_shown(kind)
        return own, getattr(own, own.strength) if on else own.weakest


def closers(coverage: Coverage, trials: Trials) -> list[Closer]:
    """The steps that bring most of the photos outside in, each as weak as will do.

    The first does most: of those that do nearly as much as the best, the one whose copies the
    photos are nearest to, in all looks at once. Others follow for looks that it leaves open.
    """
    gaps = {spread.look.name: spread for spread in coverage.gaps}
    kinds = dict.fromkeys(kind for name in gaps for kind in MOVERS[name])
    options = {kind: list(_stronger(*trials.step(kind))) for kind in kinds}
    full = [_covered(steps[-1], gaps, trials) for steps in options.values() if steps]
    found: list[Closer] = []
    while gaps:
        useful = [_only(one, gaps) for one in full]
        best = max(useful, key=lambda one: one.total, default=None)
        if best is None or not best.covers:
            break
        near = [one for one in useful if one.total >= ENOUGH * best.total]
        weakest = [_weakest(one, options[one.step.kind], gaps, trials) for one in near]
        found.append(min(weakest, key=lambda one: _distance(one.step, coverage, trials)))
        full = [one for one in full if one.step.kind != found[-1].step.kind]
        gaps = {name: spread for name, spread in gaps.items() if name not in found[-1].covers}
    return found


def _covered(step: Step, gaps: Mapping[str, Spread], trials: Trials) -> Closer:
    """How many of the photos outside the step brings inside, for each of the looks."""
    shown = trials.looks(trials.with_step(step))
    covers = {}
    for name, spread in gaps.items():
        outside = spread.seen[_beyond(spread, spread.seen)]
        found = inside(shown[:, LOOKS.index(spread.look)], outside)
        covers[name] = found.count - found.outside, found.count
    return Closer(step, covers)


def _only(closer: Closer, gaps: Mapping[str, Spread]) -> Closer:
    """What it does for the looks that are still open, if that is worth a step."""
    kept = {
        name: (covered, outside)
        for name, (covered, outside) in closer.covers.items()
        if name in gaps and covered >= max(1, WORTH_A_STEP * outside)
    }
    ordered = sorted(kept.items(), key=lambda one: -one[1][0])
    return Closer(closer.step, dict(ordered))


def _weakest(
    full: Closer, options: Sequence[Step], gaps: Mapping[str, Spread], trials: Trials
) -> Closer:
    """The weakest strength of a step that does nearly what its full strength does."""

    def at(step: Step) -> Closer:
        return _only(_covered(step, gaps, trials), gaps)

    return at(_first(options, lambda step: at(step).total >= ENOUGH * full.total))


def _distance(step: Step, coverage: Coverage, trials: Trials) -> float:
    """How far the photos are on average from the nearest copy that the step makes."""
    columns = [LOOKS.index(spread.look) for spread in coverage.spreads]
    raw, seen = (
        np.stack([getattr(spread, part) for spread in coverage.spreads], axis=1)
        for part in ("raw", "seen")
    )
    copies = trials.looks(trials.with_step(step))[:, columns]
    return float(nearness(raw, copies, seen).after.mean())


def _first(options: Sequence[Step], enough: Callable[[Step], bool]) -> Step:
    """The first that is enough, by halving: a stronger step covers what a weaker one does."""
    low, high = 0, len(options) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(options[middle]) else (middle + 1, high)
    return options[low]


def _stronger(step: Step, now: float) -> Iterator[Step]:
    """The step at each strength of the strip above `now`; as it is where it has none."""
    if not can_be_shown(step.kind):
        yield type(step).model_validate(step.model_dump() | {"enabled": True})
        return
    upwards = step.strongest > step.weakest
    for value in strengths(step.kind, LEVELS)[1:]:
        if value > now if upwards else value < now:
            yield at_strength(step, value)


def _beyond(spread: Spread, values: np.ndarray) -> np.ndarray:
    return (values < spread.after.low) | (values > spread.after.high)


def too_wide(coverage: Coverage, trials: Trials) -> list[TooWide]:
    """Where many copies look like no photo at all, and which step makes them so."""
    found = []
    for spread in coverage.spreads:
        if len(spread.seen) < FEWEST_SEEN:
            continue
        share, before = (_past(spread, values) for values in (spread.copies, spread.raw))
        if share >= WASTED and share - before >= MORE_WASTED:
            narrower = _narrower(spread, share, before, trials)
            found += [narrower] if narrower else []
    return found


def _past(spread: Spread, values: np.ndarray) -> float:
    """The share of `values` beyond the least and the most of the photos asked about."""
    low, high = spread.seen.min(), spread.seen.max()
    return float(((values < low) | (values > high)).mean())


def _narrower(spread: Spread, share: float, before: float, trials: Trials) -> TooWide | None:
    """The step to narrow, if one alone does it and no photo asked about would fall out."""
    column = LOOKS.index(spread.look)

    def without(step: Step) -> float:
        off = trials.with_step(step.model_copy(update={"enabled": False}))
        return _past(spread, trials.looks(off)[:, column])

    on = [step for step in trials.recipe.steps if step.enabled and step.group in LIGHT_GROUPS]
    on = [step for step in on if step.kind not in MIXING_KINDS]
    step = min(on, key=without, default=None)
    if step is None or share - without(step) < (share - before) / 2:
        return None
    covered = spread.after.count - spread.after.outside
    for weaker in _weaker(step):
        shown = trials.looks(trials.with_step(weaker))[:, column]
        left, kept = _past(spread, shown), inside(shown, spread.seen)
        if left < before + MORE_WASTED / 2:
            holds = kept.count - kept.outside >= 0.98 * covered
            return TooWide(spread, share, before, weaker, left) if holds else None
    return None


def _weaker(step: Step) -> Iterator[Step]:
    """The step at each strength of the strip below its own, the strongest first, then off."""
    if can_be_shown(step.kind):
        now = getattr(step, step.strength)
        upwards = step.strongest > step.weakest
        for value in reversed(strengths(step.kind, LEVELS)[1:]):
            if value < now if upwards else value > now:
                yield at_strength(step, value)
    yield step.model_copy(update={"enabled": False})
