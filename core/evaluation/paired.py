"""Two ways of training, asked about the same photos: is one better, or was it luck?

Both twins answer the same photos, so what counts is where they disagree. And both are trained
with the same few seeds, so that the luck of a start is not taken for the effect of a recipe.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from core.evaluation.metrics import wilson_interval

LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


@dataclass(frozen=True)
class Estimate:
    """A share or a difference of shares, with the 95 % interval that it most likely lies in."""

    value: float
    low: float
    high: float


def mcnemar(gained: int, lost: int) -> float:
    """How likely so uneven a change of sides is when both twins are equally good, 0..1.

    The exact conditional test, two-sided: Q. McNemar, "Note on the sampling error of the
    difference between correlated proportions or percentages", Psychometrika 12 (1947).

    Args:
        gained: Photos that only the first got right.
        lost: Photos that only the second got right.
    """
    changed, fewer = gained + lost, min(gained, lost)
    ways = total = 1
    for place in range(fewer):
        ways = ways * (changed - place) // (place + 1)
        total += ways
    return min(1.0, 2 * total / 2**changed)


def newcombe_interval(both: int, gained: int, lost: int, neither: int) -> tuple[float, float]:
    """Between which values the difference of two paired shares most likely lies, -1..1.

    Method 10 ("square and add", with the correlation corrected for continuity) of
    R. G. Newcombe, "Improved confidence intervals for the difference between binomial
    proportions based on paired data", Statistics in Medicine 17 (1998).

    Args:
        both, neither: Photos that both got right, or both got wrong.
        gained, lost: Photos that only the first got right, or only the second.
    """
    n = both + gained + lost + neither
    if n == 0:
        return -1.0, 1.0
    first, second = (both + gained) / n, (both + lost) / n
    low_1, high_1 = wilson_interval(both + gained, n, Z)
    low_2, high_2 = wilson_interval(both + lost, n, Z)
    tied = 2 * _correlation(both, gained, lost, neither)
    down = _length(first - low_1, high_2 - second, tied)
    up = _length(high_1 - first, second - low_2, tied)
    value = (gained - lost) / n
    return max(-1.0, value - down), min(1.0, value + up)


def _length(one: float, other: float, tied: float) -> float:
    return math.sqrt(max(0.0, one * one - tied * one * other + other * other))


def _correlation(both: int, gained: int, lost: int, neither: int) -> float:
    margins = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    if not margins:
        return 0.0
    together = float(both * neither - gained * lost)
    half = (both + gained + lost + neither) / 2
    if together > 0:
        together = max(0.0, together - half)
    return together / math.sqrt(margins)


def crossed_interval(values: np.ndarray, added: Sequence[float] = ()) -> tuple[float, float]:
    """The interval for the mean of `values`, when photos and seeds are both a sample.

    Other photos would have been judged otherwise, and other seeds would have learnt otherwise.
    Every seed answers every photo, so the variance of the mean has three parts: the photos',
    the seeds', and what is left. They are taken apart as in a two-way analysis of variance,
    and Student's t stands in for the normal distribution with the degrees of freedom that
    few seeds leave. This is how studies are judged in which several readers read the same
    cases: S. L. Hillis, "A comparison of denominator degrees of freedom methods for multiple
    observer ROC analysis", Statistics in Medicine 26 (2007). A bootstrap over three seeds
    would know only three values of their luck and be too sure of itself.

    Neither part is ever taken for less than nothing, so the interval is never narrower than
    the photos alone make it.

    Args:
        values: float (seeds, photos), at least two seeds.
        added: Photos made up, with these values for all seeds. They keep the interval honest
            where (nearly) all photos agree: (-1, 1) for differences is D. G. Bonett and
            R. M. Price, "Adjusted Wald confidence interval for a difference of binomial
            proportions based on paired data" (2012); (0, 0, 1, 1) for shares is A. Agresti and
            B. A. Coull, "Approximate is better than exact" (1998).

    Raises:
        ValueError: If there are fewer than two seeds or photos.
    """
    from scipy.stats import t

    seeds = len(values)
    padded = np.concatenate([values, np.tile(np.asarray(added, float), (seeds, 1))], axis=1)
    photos = padded.shape[1]
    if seeds < 2 or photos < 2:
        raise ValueError(f"two seeds and two photos are needed, received {values.shape}")
    by_seed, by_photo, rest = mean_squares(padded)
    whole = max(by_seed + max(0.0, by_photo - rest), by_photo, rest)
    freedom = (seeds - 1) * (whole / by_seed) ** 2 if by_seed > 0 else math.inf
    reach = Z if math.isinf(freedom) else float(t.ppf((1 + LEVEL) / 2, freedom))
    half = reach * math.sqrt(whole / (seeds * photos))
    mean = float(padded.mean())
    return mean - half, mean + half


def seed_luck(values: np.ndarray) -> float:
    """How far the mean of `values` may be off by the seeds' luck alone, however many photos.

    Half the width that the interval of `crossed_interval` would keep, for (seeds, photos).
    """
    from scipy.stats import t

    seeds, photos = values.shape
    by_seed, _, rest = mean_squares(values)
    variance = max(0.0, by_seed - rest) / photos
    return float(t.ppf((1 + LEVEL) / 2, seeds - 1)) * math.sqrt(variance / seeds)


def mean_squares(values: np.ndarray) -> tuple[float, float, float]:
    """Mean squares between seeds, between photos, and of what is left, of (seeds, photos)."""
    seeds, photos = values.shape
    mean, of_seeds, of_photos = values.mean(), values.mean(axis=1), values.mean(axis=0)
    left = values - of_seeds[:, None] - of_photos[None, :] + mean
    return (
        photos * float(((of_seeds - mean) ** 2).sum()) / (seeds - 1),
        seeds * float(((of_photos - mean) ** 2).sum()) / (photos - 1),
        float((left**2).sum()) / ((seeds - 1) * (photos - 1)),
    )


def accuracy_of(right: np.ndarray) -> Estimate:
    """How often a twin is right, with its interval.

    Args:
        right: bool (seeds, photos). One seed gets Wilson's interval, several the crossed one.
    """
    value = float(right.mean())
    if len(right) == 1:
        return Estimate(value, *wilson_interval(int(right.sum()), right.shape[1], Z))
    low, high = crossed_interval(right.astype(float), (0, 0, 1, 1))
    return Estimate(value, max(0.0, low), min(1.0, high))


def difference_of(first: np.ndarray, second: np.ndarray) -> Estimate:
    """How much more often the first twin is right than the second, -1..1, with its interval.

    One pair gets Newcombe's interval, which knows of the photos' luck only; several seeds get
    the crossed interval, which knows of both.

    Args:
        first, second: bool (seeds, photos): right or not, the same seeds and photos in both.
    """
    value = float(first.mean() - second.mean())
    if len(first) == 1:
        gained, lost = sides(first[0], second[0])
        both, neither = int((first & second).sum()), int((~first & ~second).sum())
        return Estimate(value, *newcombe_interval(both, gained, lost, neither))
    low, high = crossed_interval(first.astype(float) - second.astype(float), (-1, 1))
    return Estimate(value, max(-1.0, low), min(1.0, high))


def sides(first: np.ndarray, second: np.ndarray) -> tuple[int, int]:
    """How many photos only the first got right, and only the second; bool (photos,) each."""
    return int((first & ~second).sum()), int((~first & second).sum())


def is_shown(first: np.ndarray, second: np.ndarray, difference: Estimate) -> bool:
    """Whether the photos show that the twins differ.

    The interval must leave zero out. A single pair must pass the exact test as well: few
    photos that change sides deceive the interval sooner than the test.
    """
    if difference.low <= 0 <= difference.high:
        return False
    return len(first) > 1 or mcnemar(*sides(first[0], second[0])) < 1 - LEVEL


def changed_sides(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which photos most trainings got right with one twin and wrong with the other.

    Args:
        first, second: bool (seeds, photos).

    Returns:
        bool (photos,) twice: right with the first only, right with the second only.
    """
    ours, theirs = first.mean(axis=0), second.mean(axis=0)
    return (ours > 0.5) & (theirs < 0.5), (theirs > 0.5) & (ours < 0.5)
