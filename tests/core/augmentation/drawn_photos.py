"""Pictures to change, and changes to make."""

import numpy as np
from scipy import ndimage

from core.augmentation.changes import Change
from core.augmentation.drawing import Drawn


def photo_like(size: tuple[int, int], channels: int, seed: int = 0) -> np.ndarray:
    """Smooth shapes, hard edges and a little noise, as in a photo."""
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.normal(size=(*size, channels)), (2, 2, 0))
    field = field / field.std() * 45 + 128
    field[size[0] // 4 : size[0] // 2, size[1] // 3 :] += 70
    return np.clip(field + rng.normal(scale=4, size=field.shape), 0, 255).astype(np.uint8)


def what(**values: float | tuple[float, ...]) -> Drawn:
    """`what(rotation=90.0)`: that change and nothing else."""
    pairs = {kind: one if isinstance(one, tuple) else (one,) for kind, one in values.items()}
    return Drawn(tuple(Change(kind, drawn) for kind, drawn in pairs.items()))
