"""In which order an epoch shows its photos. Needs no Keras, so that pages can show it."""

import numpy as np


def epoch_order(labels: np.ndarray, seed: int, epoch: int, balanced: bool = False) -> np.ndarray:
    """The order in which an epoch shows its pictures.

    Args:
        labels: int (N,), the class of each picture.
        seed: The training's seed.
        epoch: Counted from 0.
        balanced: Whether every class gets an equal share of each batch; the rare ones
            are then shown more than once, and some of the others not at all.

    Returns:
        int (N,) positions in `labels`.
    """
    rng = np.random.default_rng((seed, epoch))
    if not balanced:
        return rng.permutation(len(labels))
    classes = np.unique(labels)
    turns = -(-len(labels) // len(classes))
    columns = [_drawn_out(np.flatnonzero(labels == label), turns, rng) for label in classes]
    return rng.permuted(np.stack(columns, axis=1), axis=1).ravel()[: len(labels)]


def _drawn_out(positions: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """`length` of `positions`: all of them in a new order, again and again."""
    rounds = -(-length // len(positions))
    return np.concatenate([rng.permutation(positions) for _ in range(rounds)])[:length]
