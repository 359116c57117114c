"""How good are the answers? Plain arithmetic on arrays of class numbers, and its words."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

FEW_PHOTOS = 30
NAMES_OF_SPLITS = {"train": "Training", "validation": "Validation", "test": "Test"}


def accuracy(true: np.ndarray, predicted: np.ndarray) -> float:
    """The share of equal entries in two int arrays of shape (n,): 0..1, 0 for n = 0."""
    return float(np.mean(np.asarray(true) == np.asarray(predicted))) if len(true) else 0.0


def wilson_interval(correct: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Between which shares the accuracy on very many photos of this kind most likely lies.

    The score interval of E. B. Wilson, "Probable inference, the law of succession,
    and statistical inference", Journal of the American Statistical Association 22 (1927).
    Unlike the textbook's `p ± z·s` it stays within 0..1 and is honest when n is small.

    Args:
        correct: How many of the n were right, 0..n.
        n: How many were tried; with none, nothing is known: (0, 1).
        z: Width in standard deviations; 1.96 covers 95 %.

    Raises:
        ValueError: If `correct` does not lie in 0..n.
    """
    if not 0 <= correct <= n:
        raise ValueError(f"correct must lie in 0..{n}, received {correct}")
    if n == 0:
        return 0.0, 1.0
    share, square = correct / n, z * z / n
    center = (share + square / 2) / (1 + square)
    half = math.sqrt(share * (1 - share) * square + square * square / 4) / (1 + square)
    low = 0.0 if correct == 0 else center - half
    high = 1.0 if correct == n else center + half
    return low, high


def confusion(true: np.ndarray, predicted: np.ndarray, num_classes: int) -> np.ndarray:
    """How often class i (row) was called class j (column): int64 (num_classes, num_classes)."""
    matrix = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(matrix, (np.asarray(true, int), np.asarray(predicted, int)), 1)
    return matrix


def per_class(matrix: np.ndarray, class_names: Sequence[str]) -> list[dict[str, Any]]:
    """For each class its name, n, precision and recall.

    Recall: of the photos of this class, the share that was found. Precision: of the
    photos called by this name, the share that deserved it. None where there was nothing
    to count.
    """
    right, of_class, called = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    return [
        {
            "name": name,
            "n": int(of_class[i]),
            "precision": float(right[i] / called[i]) if called[i] else None,
            "recall": float(right[i] / of_class[i]) if of_class[i] else None,
        }
        for i, name in enumerate(class_names)
    ]


def percent(share: float) -> str:
    """`share` as "97 %"; never "100 %" or "0 %" unless it is exactly that."""
    rounded = round(100 * share)
    if rounded == 100 and share < 1:
        return f"{math.floor(1000 * share) / 10:.1f} %"
    if rounded == 0 and share > 0:
        return f"{math.ceil(1000 * share) / 10:.1f} %"
    return f"{rounded} %"


def summary_sentence(evaluation: dict[str, Any]) -> str:
    """What `evaluation` (accuracy, interval, n, class_names, confusion) says, in words."""
    matrix = np.asarray(evaluation["confusion"])
    n, right = int(matrix.sum()), int(np.trace(matrix))
    low, high = evaluation["interval"]
    split = NAMES_OF_SPLITS[evaluation.get("split", "test")]
    parts = [
        f"{split} accuracy {percent(right / n if n else 0.0)}, "
        f"{right} of {n} {'photo' if n == 1 else 'photos'} right.",
        f"On many more photos of the same kind expect between {percent(low)} and {percent(high)}.",
        _few_photos(n),
        _worst_confusion(matrix, evaluation["class_names"]),
        _against_guessing(matrix, evaluation["class_names"], low),
    ]
    return " ".join(part for part in parts if part)


def _few_photos(n: int) -> str:
    if n >= FEW_PHOTOS:
        return ""
    return "That is a rough answer, because so few photos were asked."


def _worst_confusion(matrix: np.ndarray, class_names: Sequence[str]) -> str:
    wrong = matrix * (1 - np.eye(len(matrix), dtype=np.int64))
    if not wrong.any():
        return "Not one was mistaken for another class."
    true, taken = divmod(int(wrong.argmax()), len(wrong))
    count = wrong[true, taken]
    return (
        f"The most common mistake: {count} of {matrix[true].sum()} photos of {class_names[true]} "
        f"{'was' if count == 1 else 'were'} taken for {class_names[taken]}."
    )


def _against_guessing(matrix: np.ndarray, class_names: Sequence[str], low: float) -> str:
    of_class = matrix.sum(axis=1)
    largest, n = int(of_class.argmax()), int(of_class.sum())
    if not n:
        return ""
    share, right = of_class[largest] / n, np.trace(matrix) / n
    alone = np.count_nonzero(of_class == of_class[largest]) == 1
    what = f"always answering {class_names[largest]}" if alone else "always the same answer"
    guess = f"{what} would be right {percent(share)} of the time"
    if right <= share:
        return f"That is no better than guessing: {guess}."
    if low <= share:
        return f"That may be luck: {guess}."
    return f"For comparison: {guess}."
