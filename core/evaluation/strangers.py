"""Photos that may show none of the classes: unlike all others, or nobody can tell."""

import numpy as np

NEIGHBOURS = 5
# Enough to know what is usual; comparing all with all grows with the square.
MOST_COMPARED = 20_000
NUMBERS_AT_ONCE = 16_000_000
# In robust standard deviations above the median. On 481 photos of bears with MobileNetV2's
# features this named ten photos, a blank one and a quilt among them; twice the number of
# photos came at 1.5, hardly a stranger among the new ones.
FAR = 1.75
# A teacher that is guessing gives its favourite little more than the others get.
UNSURE = 0.1


def neighbour_distances(features: np.ndarray) -> np.ndarray:
    """How far each photo lies from the nearest others.

    After the distance to the k nearest neighbours, as in Ramaswamy et al., "Efficient
    algorithms for mining outliers from large data sets", 2000.

    Args:
        features: float32 (N, D), each of length 1.

    Returns:
        float32 (N,): the mean cosine distance (0..2) to the five nearest; 0 where there are
        no others.
    """
    count = min(NEIGHBOURS, len(features) - 1)
    if count < 1:
        return np.zeros(len(features), np.float32)
    chosen = np.random.default_rng(0).permutation(len(features))[:MOST_COMPARED]
    others, rows_at_once = features[chosen].T, max(1, NUMBERS_AT_ONCE // len(chosen))
    found = []
    for start in range(0, len(features), rows_at_once):
        part = features[start : start + rows_at_once]
        likeness = part @ others
        likeness[np.arange(start, start + len(part))[:, None] == chosen] = -np.inf
        nearest = np.partition(likeness, -count, axis=1)[:, -count:]
        found.append(1 - nearest.mean(axis=1))
    return np.clip(np.concatenate(found), 0, 2).astype(np.float32)


def strangeness(probabilities: np.ndarray, distances: np.ndarray | None) -> np.ndarray:
    """How likely each photo shows none of the classes, as a number to sort by.

    Args:
        probabilities: float (N, num_classes), out of fold.
        distances: float (N,) from `neighbour_distances`, or None.

    Returns:
        float64 (N,): from 1 on a photo is named as a stranger.
    """
    if distances is None:
        return doubt(probabilities)
    logs = np.log(np.maximum(distances.astype(np.float64), 1e-6))
    middle = np.median(logs)
    spread = 1.4826 * np.median(np.abs(logs - middle))
    return (logs - middle) / max(spread, 1e-6) / FAR


def doubt(probabilities: np.ndarray) -> np.ndarray:
    """1 and more where the favourite class stands out by less than `UNSURE` of what it could."""
    num_classes = probabilities.shape[1]
    best = probabilities.max(axis=1, initial=0.0).astype(np.float64)
    lead = (best - 1 / num_classes) / (1 - 1 / num_classes)
    return UNSURE / np.maximum(lead, 1e-3)
