"""Does a recipe cover what other photos look like? Only their look is asked, never their labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.evaluation.look import LOOKS, Look
from core.evaluation.metrics import wilson_interval

# What training shows of a look goes from the 1st to the 99th percentile of its pictures: of
# photos just like them, 2 % lie outside.
ENDS = (1, 99)
BY_DEFINITION = (100 - ENDS[1] + ENDS[0]) / 100
# A gap is when more photos lie outside than chance would explain: the interval begins above.
WORTH_A_WORD = 0.05
FEWEST_OUTSIDE = 3  # photos: one or two odd ones are no gap
# Of the distances between training photos: farther than this is farther than they are apart.
NEAR = 95
SMALLEST_SPREAD = 1e-3
AT_ONCE = 256
PARTS = 10  # into which training photos are dealt, to see what is usual


@dataclass(frozen=True)
class Inside:
    """How many of some photos lie within the range that others span.

    Attributes:
        low, high: The range.
        below, above: How many photos lie on either side of it.
        count: How many photos were asked.
    """

    low: float
    high: float
    below: int
    above: int
    count: int

    @property
    def outside(self) -> int:
        return self.below + self.above

    @property
    def share(self) -> float:
        """Of the photos that lie inside, 0..1; 1 when there are none."""
        return 1 - self.outside / self.count if self.count else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        return wilson_interval(self.count - self.outside, self.count)

    @property
    def is_gap(self) -> bool:
        """Whether more lie outside than chance explains."""
        enough = self.outside >= FEWEST_OUTSIDE
        return enough and wilson_interval(self.outside, self.count)[0] > WORTH_A_WORD


@dataclass(frozen=True, eq=False)
class Spread:
    """One look of the training photos, of their copies, and of the photos asked about.

    Attributes:
        look: Which.
        raw: float32 (n,): the training photos as they are.
        copies: float32 (m,): as they are augmented.
        seen: float32 (k,): the photos asked about.
        before: How many of `seen` lie in the range of `raw`.
        after: How many lie in the range of `copies`.
    """

    look: Look
    raw: np.ndarray
    copies: np.ndarray
    seen: np.ndarray
    before: Inside
    after: Inside


@dataclass(frozen=True, eq=False)
class Nearness:
    """All looks at once: how far each photo is from the training photo that looks most like it.

    Attributes:
        limit: 95 % of the training photos have another one nearer than this.
        before: float32 (k,): from the nearest training photo.
        after: float32 (k,): from the nearest training photo or copy.
    """

    limit: float
    before: np.ndarray
    after: np.ndarray

    def near(self, distances: np.ndarray) -> Inside:
        """How many of them are as near as training photos are to each other."""
        far = int((distances > self.limit).sum())
        return Inside(0, self.limit, 0, far, len(distances))


@dataclass(frozen=True, eq=False)
class Coverage:
    """What `cover` found.

    Attributes:
        spreads: One per look, in the order of `LOOKS`.
        nearness: None where nobody is asked about.
        usual: How many of the training photos lie in all ranges that the copies of the *others*
            span: what is to be expected of photos just like them.
    """

    spreads: tuple[Spread, ...]
    nearness: Nearness | None
    usual: Inside

    def in_all(self, shown: str = "copies") -> Inside:
        """How many lie within the range of every look at once; `shown` is "raw" or "copies"."""
        ranges = [spread.before if shown == "raw" else spread.after for spread in self.spreads]
        seen = np.stack([spread.seen for spread in self.spreads], axis=1)
        low, high = (np.array([getattr(one, end) for one in ranges]) for end in ("low", "high"))
        return _within_all(seen, low, high)

    @property
    def is_unusual(self) -> bool:
        """Whether more lie outside, in one look or another, than chance explains."""
        return self.in_all().interval[1] < self.usual.interval[0]

    @property
    def gaps(self) -> list[Spread]:
        """The looks in which too many photos lie outside of what is trained with, worst first."""
        gaps = [spread for spread in self.spreads if spread.after.is_gap]
        return sorted(gaps, key=lambda spread: -spread.after.outside)

    def uncovered(self) -> list[tuple[int, list[str]]]:
        """The photos that lie outside: their places, and how they differ, the farthest first.

        A photo that is within every range, but in no company, differs by "an unusual mixture".
        """
        if self.nearness is None:
            return []
        found = []
        for place, far in enumerate(self.nearness.after.tolist()):
            words = [how for spread in self.spreads if (how := _how(spread, place))]
            if words or far > self.nearness.limit:
                found.append((far, place, words or ["an unusual mixture"]))
        return [(place, words) for _, place, words in sorted(found, key=lambda one: -one[0])]


def cover(looks: Sequence[Look], raw: np.ndarray, copies: np.ndarray, seen: np.ndarray) -> Coverage:
    """Compares training photos and their copies with other photos.

    Args:
        looks: Which of `LOOKS` to compare.
        raw: float (n, 6), n > 0, of the training photos, from `measure_looks`.
        copies: float (draws · n, 6) of their copies, from `measure_copies`.
        seen: float (k, 6), of the photos asked about; none when nobody is.
    """
    columns = [LOOKS.index(look) for look in looks]
    spreads = []
    for look, column in zip(looks, columns, strict=True):
        parts = raw[:, column], copies[:, column], seen[:, column]
        before, after = (inside(part, seen[:, column]) for part in parts[:2])
        spreads.append(Spread(look, *parts, before, after))
    parts = raw[:, columns], copies[:, columns], seen[:, columns]
    near = nearness(*parts) if len(seen) else None
    return Coverage(tuple(spreads), near, _usual(*parts[:2]))


def inside(shown: np.ndarray, seen: np.ndarray) -> Inside:
    """How many of `seen` (k,) lie in the range that `shown` (n,) spans."""
    low, high = (float(end) for end in _ends(shown))
    return Inside(low, high, int((seen < low).sum()), int((seen > high).sum()), len(seen))


def _ends(shown: np.ndarray) -> np.ndarray:
    """The range of each column. The same when all values stand there twice, as copies without
    any change do."""
    return np.percentile(shown, ENDS, axis=0, method="inverted_cdf")


def _usual(raw: np.ndarray, copies: np.ndarray) -> Inside:
    """Each photo against the copies of the other parts: its own would make it look too usual."""
    parts = min(PARTS, len(raw))
    part_of = np.arange(len(raw)) % parts
    outside = 0
    for part in range(parts if parts > 1 else 0):
        held = part_of == part
        others = copies[np.tile(~held, len(copies) // len(raw))]
        outside += _within_all(raw[held], *_ends(others)).outside
    return Inside(0, 0, 0, outside, len(raw))


def _within_all(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> Inside:
    out = ((values < low) | (values > high)).any(axis=1)
    return Inside(0, 0, 0, int(np.count_nonzero(out)), len(values))


def nearness(raw: np.ndarray, copies: np.ndarray, seen: np.ndarray) -> Nearness:
    """Distances in all looks at once, each in standard deviations of the training photos.

    Args:
        raw, copies, seen: float (n, d), (m, d) and (k, d).
    """
    scale = np.maximum(raw.std(axis=0), SMALLEST_SPREAD)
    raw, copies, seen = raw / scale, copies / scale, seen / scale
    among = _nearest(raw, raw, own=True)
    before = _nearest(seen, raw)
    after = np.minimum(before, _nearest(seen, copies))
    limit = float(np.percentile(among, NEAR)) if len(raw) > 1 else 0.0
    return Nearness(limit, before, after)


def _nearest(points: np.ndarray, others: np.ndarray, own: bool = False) -> np.ndarray:
    """float32 (n,): from each point to the nearest of `others`; `own` leaves out itself."""
    found = np.empty(len(points), np.float32)
    for start in range(0, len(points), AT_ONCE):
        part = points[start : start + AT_ONCE]
        far = np.linalg.norm(part[:, None] - others[None], axis=2)
        if own:
            rows = np.arange(len(part))
            far[rows, start + rows] = np.inf
        found[start : start + AT_ONCE] = far.min(axis=1)
    return found


def _how(spread: Spread, place: int) -> str:
    value = float(spread.seen[place])
    if value < spread.after.low:
        return spread.look.low
    return spread.look.high if value > spread.after.high else ""
