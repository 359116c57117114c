"""Layers of two trainings compared: their maps come in no common order.

The same network, trained from two different starts, finds about the same patterns, but in maps of
other numbers and strengths (Li et al., "Convergent learning", 2016). What can be compared is which
places of the photo a layer takes for alike.
"""

import numpy as np

# The comparison of all places with all others: of more, evenly chosen ones speak for all.
MOST_PLACES = 784
FEWEST_PLACES = 4
NOTHING = 1e-9


def alike_up_to_order(
    one: np.ndarray, other: np.ndarray, grid: tuple[int, ...] | None = None
) -> float | None:
    """How alike two layers group the places of a photo, whatever the order of their maps.

    The unbiased estimate of the linear centred kernel alignment (Kornblith et al., "Similarity of
    neural network representations revisited", 2019; unbiased after Song et al., "Feature selection
    via dependence maximization", 2012): about 0 for layers that have nothing to do with each
    other, even where there are more maps than places; 1 for the same up to a turn of the maps.

    Args:
        one, other: float (places, maps), the same places; the number of maps may differ.
        grid: (height, width) of the places.

    Returns:
        0..1, or None where there are too few places, or nothing differs between them.
    """
    chosen = _chosen_places(len(one), grid)
    if len(chosen) < FEWEST_PLACES:
        return None
    a, b = (_kernel(maps[chosen].astype(np.float64)) for maps in (one, other))
    sizes = _shared(a, a) * _shared(b, b)
    if sizes <= NOTHING:
        return None
    return float(np.clip(_shared(a, b) / np.sqrt(sizes), 0.0, 1.0))


def partners(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """For each map of `one` the map of `other` that answers most like it, int64 (maps,).

    Args:
        one, other: float (height, width, maps); compared is the correlation over the places.
    """
    a, b = (_units(maps.reshape(-1, maps.shape[-1]).astype(np.float32)) for maps in (one, other))
    return np.argmax(a.T @ b, axis=1)


def _units(columns: np.ndarray) -> np.ndarray:
    """Mean 0 and length 1; maps that are the same everywhere are alike to one another only."""
    centred = columns - columns.mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    flat = size <= NOTHING
    units = np.divide(centred, size, out=np.zeros_like(centred), where=~flat)
    return np.concatenate([units, flat[None].astype(units.dtype)])


def _kernel(rows: np.ndarray) -> np.ndarray:
    """Every place against every other, brought to a size that sums can bear."""
    rows = rows - rows.mean(axis=0)
    kernel = rows @ rows.T
    np.fill_diagonal(kernel, 0.0)
    return kernel / (np.abs(kernel).max() or 1.0)


def _shared(a: np.ndarray, b: np.ndarray) -> float:
    """Song's unbiased estimate of what two kernels with an empty diagonal have in common."""
    n = len(a)
    both = np.sum(a * b)
    each = a.sum() * b.sum() / ((n - 1) * (n - 2))
    through = 2 * (a.sum(axis=0) @ b.sum(axis=0)) / (n - 2)
    return float((both + each - through) / (n * (n - 3)))


def _chosen_places(count: int, grid: tuple[int, ...] | None) -> np.ndarray:
    step = 1
    if grid is None:
        return np.arange(count)[:: -(-count // MOST_PLACES)]
    height, width = grid[0], grid[1]
    while -(-height // step) * -(-width // step) > MOST_PLACES:
        step += 1
    return np.arange(count).reshape(height, width)[::step, ::step].reshape(-1)
