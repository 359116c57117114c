"""What can be said of a layer's answer to a photo in numbers: spread, histogram, dead units."""

from typing import Any

import numpy as np

from core.errors import LoupeError

BINS = 24
MOST_BUSIEST = 8


def layer_facts(values: np.ndarray) -> dict[str, Any]:
    """Numbers about one layer's output.

    Args:
        values: numbers (height, width, maps), (units,), or of any other shape whose last axis
            holds the units. What is not finite counts as 0.

    Returns:
        shape, units (maps, or units of a dense layer), dead (the share of units that are 0
        everywhere), zeros (the share of values that are 0), unreal (the share of values that are
        not finite), low, high, mean, spread (standard deviation), counts (as of `histogram`) and
        busiest (the numbers of the first few units of `liveliest`).
    """
    numbers = np.atleast_1d(np.asarray(values, np.float32))
    if not numbers.size:
        raise LoupeError("This layer gives no values at all.", "Look at another layer.")
    finite = np.nan_to_num(numbers, posinf=0.0, neginf=0.0)
    by_unit = finite.reshape(-1, finite.shape[-1])
    return {
        "shape": list(np.shape(values)),
        "units": int(by_unit.shape[1]),
        "dead": float(np.mean(~by_unit.any(axis=0))),
        "zeros": float(np.mean(finite == 0)),
        "unreal": float(1 - np.isfinite(numbers).mean()),
        "low": float(finite.min()),
        "high": float(finite.max()),
        "mean": float(finite.mean(dtype=np.float64)),
        "spread": float(finite.std(dtype=np.float64)),
        "counts": histogram(finite),
        "busiest": liveliest(finite)[:MOST_BUSIEST].tolist(),
    }


def histogram(values: np.ndarray) -> list[int]:
    """How many of finite `values` lie in each of `BINS` equal bins from lowest to highest."""
    low, high = float(values.min()), float(values.max())
    counts, _ = np.histogram(values, bins=BINS, range=(low, high if high > low else low + 1))
    return counts.tolist()


def liveliest(values: np.ndarray) -> np.ndarray:
    """The numbers of all units: those first whose values vary most over the places.

    Without places (or with one only) those with the largest value, whatever its sign.
    """
    finite = np.nan_to_num(np.asarray(values, np.float32), posinf=0.0, neginf=0.0)
    by_unit = finite.reshape(-1, finite.shape[-1])
    lively = by_unit.std(axis=0) if len(by_unit) > 1 else np.abs(by_unit[0])
    return np.argsort(-lively, kind="stable")
