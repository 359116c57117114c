"""What can be said of a layer's answer to a photo in numbers: spread, histogram, dead units."""

from typing import Any

import numpy as np

from core.errors import LoupeError

BINS = 24


def layer_facts(values: np.ndarray) -> dict[str, Any]:
    """Numbers about one layer's output.

    Args:
        values: float (height, width, maps) or (units,); any shape with the units last.

    Returns:
        shape, units (maps, or units of a dense layer), dead (the share of units that are 0
        everywhere), zeros (the share of values that are 0), low, high, mean, spread (standard
        deviation), counts (of BINS equal bins between low and high) and busiest (the numbers of
        the units whose values vary most; those of a dense layer with the largest value).
    """
    finite = np.nan_to_num(np.asarray(values, np.float32), posinf=0.0, neginf=0.0)
    finite = finite.reshape(1) if finite.ndim == 0 else finite
    if not finite.size:
        raise LoupeError("This layer gives no values at all.", "Look at another layer.")
    by_unit = finite.reshape(-1, finite.shape[-1])
    low, high = float(finite.min()), float(finite.max())
    counts, _ = np.histogram(finite, bins=BINS, range=(low, high if high > low else low + 1))
    lively = by_unit.std(axis=0) if len(by_unit) > 1 else np.abs(by_unit[0])
    return {
        "shape": list(values.shape),
        "units": int(by_unit.shape[1]),
        "dead": float(np.mean(~by_unit.any(axis=0))),
        "zeros": float(np.mean(finite == 0)),
        "low": low,
        "high": high,
        "mean": float(finite.mean(dtype=np.float64)),
        "spread": float(finite.std(dtype=np.float64)),
        "counts": counts.tolist(),
        "busiest": np.argsort(-lively, kind="stable")[:8].tolist(),
    }
