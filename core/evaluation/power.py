"""How small a difference so many photos can show, and how many photos show so small a one."""

import math
from statistics import NormalDist

from core.evaluation.paired import LEVEL, Z

POWER = 0.8
Z_POWER = NormalDist().inv_cdf(POWER)
# Five photos that all change to one side may still be luck (1 in 16), six hardly (1 in 32).
FEWEST_CHANGED = next(n for n in range(1, 99) if 2 * 0.5**n < 1 - LEVEL)
FEW_PHOTOS = 100
# Two trainings of one network agree more than strangers would. Six of the small network on the
# bears (a minute each, three seeds, with and without augmentation) differed on 0.13 to 0.47 of
# the photos that chance alone would have made them differ on, 0.31 on average.
SHARE_OF_CHANCE = 1 / 3
USUAL_ACCURACY = 0.85


def expected_disagreement(accuracy: float = USUAL_ACCURACY) -> float:
    """On which share of the photos one twin will be right and the other wrong, before knowing.

    Two that are right with `accuracy` (0..1), each for itself, would differ on twice
    `accuracy * (1 - accuracy)` of the photos.
    """
    return SHARE_OF_CHANCE * 2 * accuracy * (1 - accuracy)


def photos_needed(difference: float, disagreement: float) -> int:
    """How many photos show a difference with 80 % probability, tested at 5 %.

    R. J. Connor, "Sample size for testing differences in proportions for the paired-sample
    design", Biometrics 43 (1987).

    Args:
        difference: Between the two accuracies; its sign does not matter.
        disagreement: The share of photos on which one is right and the other wrong; with several
            seeds, the mean square of what the photos' own differences are.

    Raises:
        ValueError: If there is no difference: no number of photos would show it.
    """
    size = abs(difference)
    if not size:
        raise ValueError("no number of photos shows a difference of nothing")
    spread = max(disagreement, size * size)
    root = Z * math.sqrt(spread) + Z_POWER * math.sqrt(spread - size * size)
    return math.ceil(max((root / size) ** 2, FEWEST_CHANGED / size) - 1e-9)


def smallest_difference(photos: int, disagreement: float) -> float | None:
    """The smallest difference (0..1) that so many photos show with 80 % probability.

    None where they are so few that not even twins who differ on all of them could be told apart.
    """
    if photos < FEWEST_CHANGED:
        return None
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if photos_needed(middle, max(disagreement, middle)) <= photos:
            high = middle
        else:
            low = middle
    return high
