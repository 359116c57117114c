"""Labels as the share of each class: from class numbers, and from blends of photos."""

from typing import Any

import keras


def class_shares(labels: Any, num_classes: int) -> Any:
    """(N, num_classes), each row summing to 1.

    Args:
        labels: Class numbers (N,) or (N, 1), or shares (N, num_classes), as MixUp and CutMix
            give them.
    """
    if len(labels.shape) == 2 and labels.shape[-1] == num_classes:
        return keras.ops.cast(labels, "float32")
    # Some backends are given class numbers as float32.
    numbers = keras.ops.cast(keras.ops.reshape(labels, (-1,)), "int32")
    return keras.ops.one_hot(numbers, num_classes)


def second_share(labels: Any) -> Any:
    """(N, 1): the share of class 1 of two, from either kind of labels."""
    shared = len(labels.shape) == 2 and labels.shape[-1] == 2
    wanted = labels[:, 1] if shared else labels
    return keras.ops.cast(keras.ops.reshape(wanted, (-1, 1)), "float32")


def two_shares(labels: Any) -> Any:
    """(N, 2): the share of each of two classes, from either kind of labels."""
    return both_shares(second_share(labels))


def both_shares(second: Any) -> Any:
    """(N, 2) from (N, 1), the share of class 1 of two, as a single sigmoid gives it."""
    return keras.ops.concatenate([1.0 - second, second], axis=-1)
