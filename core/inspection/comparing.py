"""Two looks at a network side by side: which layers and which maps answer differently.

Two photos, a photo and its varied copy, or two runs of the same layers.
"""

from typing import Any

import numpy as np

from core.errors import LoupeError
from core.inspection.graph import PICTURE
from core.inspection.looking import values

# A map whose values hardly move says the same of everything: nothing to compare.
SMALLEST = 1e-6


def compare(
    run_folder: str, source: bytes | str, other_folder: str, other_source: bytes | str
) -> dict[str, Any]:
    """How alike the layers of two looks are.

    Args:
        run_folder, source: The first run and its photo (bytes of a file, or a path).
        other_folder, other_source: The second.

    Returns:
        layers: for each layer that both have in the same shape its name, likeness (cosine of
        all its values, −1..1), drift (how far the values moved, as a share of their size, 0..2)
        and maps (the drift of each map, a list); missing: the layers that only one has, or that
        have another shape.

    Raises:
        LoupeError: If no layer can be compared.
        UnusablePicture: If a photo cannot be read.
    """
    ours, theirs = values(run_folder, source)[1], values(other_folder, other_source)[1]
    shared = [
        name
        for name in ours
        if name != PICTURE and name in theirs and ours[name].shape == theirs[name].shape
    ]
    if not shared:
        raise LoupeError(
            "The two networks have no layer of the same name and shape.",
            "Compare trainings of the same network.",
        )
    missing = sorted({*ours, *theirs} - {*shared, PICTURE})
    layers = [_layer(name, ours[name], theirs[name]) for name in shared]
    return {"layers": layers, "missing": missing}


def _layer(name: str, one: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    return {
        "name": name,
        "likeness": likeness(one, other),
        "drift": float(drift(one.reshape(-1, 1), other.reshape(-1, 1))[0]),
        "maps": drift(one.reshape(-1, one.shape[-1]), other.reshape(-1, other.shape[-1])).tolist(),
    }


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The cosine of the angle between two arrays, −1..1; 1 if both are nothing."""
    sizes = float(np.linalg.norm(one) * np.linalg.norm(other))
    if sizes < SMALLEST:
        return 1.0 if np.allclose(one, other, atol=SMALLEST) else 0.0
    return float(np.vdot(one, other) / sizes)


def drift(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """float32 (maps,): ‖one − other‖ over the mean of both sizes, for each column, 0..2.

    0: the map says the same of both (it is invariant); 2: the opposite.
    """
    moved = np.linalg.norm(one - other, axis=0)
    size = (np.linalg.norm(one, axis=0) + np.linalg.norm(other, axis=0)) / 2
    return np.divide(moved, size, out=np.zeros_like(moved), where=size > SMALLEST)
