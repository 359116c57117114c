"""A small network that learns a few digits by heart, in a second or two; runs in the engine."""

from functools import lru_cache
from typing import Any

import numpy as np

EPOCHS = 120
CHECKED = 500  # digits that it does not learn from
LEARNING_RATE = 0.005
DROPOUT, WEIGHT_DECAY = 0.5, 3.0
AGAINST = ("nothing", "dropout", "weight decay")


def learn(photos: int, units: int, wrong: float, against: str, patience: int) -> dict[str, Any]:
    """Trains a network of one hidden layer on a few handwritten digits, and never stops early.

    Args:
        photos: How many digits it learns from, 10 to 1,000.
        units: Of its hidden layer.
        wrong: The share of those digits that bear another figure's name.
        against: What is done against learning by heart, one of `AGAINST`.
        patience: After how many epochs without a lower validation loss early stopping, the very
            code of trainings, would have ended it.

    Returns:
        loss, val_loss, accuracy, val_accuracy: a list each, a value per epoch; weights: how many
        numbers it learnt; stopped_after: an epoch or None; kept: the epoch that early stopping
        would have made the model; words: how it would have ended, "" for not at all.
    """
    curves, weights = _curves(photos, units, wrong, against)
    return curves | {"weights": weights} | _ended(curves, patience)


@lru_cache(maxsize=64)
def _curves(
    photos: int, units: int, wrong: float, against: str
) -> tuple[dict[str, list[float]], int]:
    import keras  # only here: the server must stay light

    pictures, figures = _digits()
    learnt, checked = slice(0, photos), slice(-CHECKED, None)
    figures = _mislabelled(figures, int(round(photos * wrong)))
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(units, activation="relu")])
    if against == "dropout":
        model.add(keras.layers.Dropout(DROPOUT))
    model.add(keras.layers.Dense(10, activation="softmax"))
    decay = WEIGHT_DECAY if against == "weight decay" else None
    rule = keras.optimizers.AdamW(LEARNING_RATE, weight_decay=decay or 0.0)
    model.compile(rule, "sparse_categorical_crossentropy", metrics=["accuracy"])
    curves: dict[str, list[float]] = {
        name: [] for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    }
    for _ in range(EPOCHS):
        model.train_on_batch(pictures[learnt], figures[learnt])
        for prefix, part in (("", learnt), ("val_", checked)):
            loss, accuracy = model.test_on_batch(pictures[part], figures[part])
            model.reset_metrics()
            curves[f"{prefix}loss"].append(float(loss))
            curves[f"{prefix}accuracy"].append(float(accuracy))
    return curves, model.count_params()


@lru_cache(maxsize=1)
def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits  # only here: the server must stay light

    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    return (digits.data[order] / 16).astype(np.float32), digits.target[order]


def _mislabelled(figures: np.ndarray, count: int) -> np.ndarray:
    """The first `count` figures changed into others."""
    changed = figures.copy()
    changed[:count] = (figures[:count] + 1 + np.arange(count) % 9) % 10
    return changed


def _ended(curves: dict[str, list[float]], patience: int) -> dict[str, Any]:
    from core.training.config import TrainingConfig
    from core.training.replay import replay

    ran = TrainingConfig(epochs=EPOCHS, schedule="constant")
    tried = ran.model_copy(update={"early_stopping": patience, "keep": "best"})
    rows = [
        {"epoch": epoch + 1, "seconds": 0.0} | {name: curves[name][epoch] for name in curves}
        for epoch in range(EPOCHS)
    ]
    return replay(tried, ran, rows, CHECKED)
