"""Augmented batches for training, cut from a prepared array.

The pictures stay uint8 in the memory-mapped file; only the batch at hand is
copied, drawn for and warped. Which pictures come when, and what is drawn for
each, follows from the seed and the epoch alone: not from threads or timing.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import keras
import numpy as np

from core.augmentation.drawing import draw_all, picture_seed
from core.augmentation.mixing import mix
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.transforms import apply

# Two threads: OpenCV releases the interpreter while it warps, so that one batch is made
# while another is handed to TensorFlow.
WORKERS = 2
# Batches made ahead. Enough that a slow batch is not waited for, few enough to stay small.
QUEUE_SIZE = 8


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


class AugmentedBatches(keras.utils.PyDataset):
    """`(pictures, labels)` for `model.fit`: uint8 0..255 and int32 class numbers.

    A recipe that mixes pictures mixes labels as well: they are then float32 (batch,
    num_classes), the share of each class, and rows sum to 1. `objective` takes both.

    Give it to `fit` with `shuffle=False` and `callbacks=[FollowEpochs(batches)]`: the
    batches are shuffled already, and Keras would shuffle them again by a seed of its own.

    Args:
        array: uint8 (M, height, width, channels): all prepared pictures.
        indices: int (N,): the rows of `array` to train on.
        labels: int (N,): the class number of each of those rows.
        recipe: What may happen to a picture.
        seed: Decides order and draws, together with the epoch.
        batch_size: Pictures per batch; the last one of an epoch may be smaller.
        shuffle: Whether every epoch has an order of its own. Without it the pictures
            come as in `indices`.
        balanced: See `epoch_order`; needs `shuffle`.
        workers: Threads that make batches.
        num_classes: How many classes there are, for mixed labels. Default: those in `labels`.

    Raises:
        ValueError: If `indices` and `labels` differ in length or are empty.
    """

    def __init__(
        self,
        array: np.ndarray,
        indices: Sequence[int] | np.ndarray,
        labels: Sequence[int] | np.ndarray,
        recipe: AugmentationRecipe,
        seed: int,
        batch_size: int = 32,
        *,
        shuffle: bool = True,
        balanced: bool = False,
        workers: int = WORKERS,
        num_classes: int | None = None,
    ):
        # Its threads cost more than they save on pictures this small, and would compete
        # with the network's.
        cv2.setNumThreads(1)
        super().__init__(workers=workers, use_multiprocessing=False, max_queue_size=QUEUE_SIZE)
        if len(indices) != len(labels) or not len(indices):
            raise ValueError(f"{len(indices)} pictures with {len(labels)} labels cannot be trained")
        # A plain view of the map: rows of a memmap object cost ten times as much to take.
        self._array = np.asarray(array)
        self._indices = np.asarray(indices)
        self._labels = np.asarray(labels, np.int32)
        self._recipe, self._seed, self._batch_size = recipe, seed, batch_size
        self._shuffle, self._balanced = shuffle, balanced
        self._classes = np.eye(num_classes or int(self._labels.max()) + 1, dtype=np.float32)
        self.begin(0)

    @property
    def epoch(self) -> int:
        """The epoch whose batches come now, counted from 0."""
        return self._epoch

    @property
    def photos(self) -> int:
        """How many photos there are."""
        return len(self._indices)

    @property
    def labels(self) -> np.ndarray:
        """int32 (N,): the class number of each photo."""
        return self._labels

    def __len__(self) -> int:
        return -(-len(self._indices) // self._batch_size)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        places = slice(number * self._batch_size, (number + 1) * self._batch_size)
        order = self._order[places]
        pictures = np.empty((len(order), *self._array.shape[1:]), np.uint8)
        rows, copies = self._indices[order].tolist(), self._copies[places].tolist()
        seeds = [
            picture_seed(self._seed, self._epoch, row, copy)
            for row, copy in zip(rows, copies, strict=True)
        ]
        drawn = draw_all(self._recipe, seeds)
        for place, (row, values) in enumerate(zip(rows, drawn, strict=True)):
            pictures[place] = apply(self._array[row], values)
        if not self._recipe.mixes:
            return pictures, self._labels[order]
        mixed, shares = mix(pictures, drawn)
        return mixed, shares @ self._classes[self._labels[order]]

    def begin(self, epoch: int) -> None:
        """Turns to `epoch`, counted from 0."""
        self._epoch = epoch
        if self._shuffle:
            self._order = epoch_order(self._labels, self._seed, epoch, self._balanced)
        else:
            self._order = np.arange(len(self._indices))
        self._copies = times_seen_before(self._order)

    def on_epoch_end(self) -> None:
        self.begin(self._epoch + 1)

    def rows(self, number: int) -> list[int]:
        """The rows of the prepared array that batch `number` of this epoch shows."""
        places = slice(number * self._batch_size, (number + 1) * self._batch_size)
        return self._indices[self._order[places]].tolist()


class FollowEpochs(keras.callbacks.Callback):
    """Keeps the batches' epoch equal to the training's; pass it to `fit` with them.

    Keras ends an epoch that nobody trained on when it first builds a model's metrics,
    so that counting `on_epoch_end` alone would begin with epoch 1.
    """

    def __init__(self, batches: Any):
        super().__init__()
        self._batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self._batches.begin(epoch)


def _drawn_out(positions: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """`length` of `positions`: all of them in a new order, again and again."""
    rounds = -(-length // len(positions))
    return np.concatenate([rng.permutation(positions) for _ in range(rounds)])[:length]


def times_seen_before(order: np.ndarray) -> np.ndarray:
    """int, shape of `order`: how often each value occurred before its place."""
    by_value = np.argsort(order, kind="stable")
    sorted_values = order[by_value]
    first_of_run = np.searchsorted(sorted_values, sorted_values, side="left")
    seen = np.empty(len(order), np.int64)
    seen[by_value] = np.arange(len(order)) - first_of_run
    return seen
