"""Learns scikit-learn's digits with whatever backend Keras has here, and tells how well.

`python -m tests.core.training.digits_training FOLDER SEED [SETTINGS]` prints one line of JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
from sklearn.datasets import load_digits

from core.augmentation.recipe import NO_AUGMENTATION
from core.models.architecture import Architecture
from core.models.builder import build
from core.models.loading import load_model, predict_probabilities
from core.reporter import Reporter
from core.status import JobStatus
from core.training.batches import AugmentedBatches
from core.training.config import TrainingConfig
from core.training.keeping import Diary
from core.training.learning import learn

LAYERS = [
    {"kind": "conv2d", "filters": 16, "padding": "same", "use_bias": False},
    {"kind": "batch_normalization", "momentum": 0.9},
    {"kind": "activation"},
    {"kind": "max_pooling2d"},
    {"kind": "conv2d", "filters": 32, "padding": "same", "activation": "relu"},
    {"kind": "flatten"},
    {"kind": "dropout", "rate": 0.2},
    {"kind": "output"},
]
SETTINGS = {"epochs": 5, "learning_rate": 0.01, "batch_size": 64, "weight_decay": 0.01}
SETTINGS |= {
    "balance": "weights",
    "weight_averaging": 0.9,
    "doubt_labels": 20,
    "early_stopping": 3,
    "keep": "best",
}


def train_digits(folder: Path, seed: int, **settings: Any) -> dict[str, Any]:
    """Backend, accuracy on 360 digits as the training says and as the kept model answers."""
    training = TrainingConfig(**SETTINGS | settings | {"seed": seed})
    digits = load_digits()
    pictures = (digits.images * 15.9).astype(np.uint8)[..., None]
    order = np.random.default_rng(0).permutation(len(pictures))
    checked, learnt = order[:360], order[360:]
    keras.utils.set_random_seed(seed)
    architecture = Architecture.model_validate({"name": "digits", "layers": LAYERS})
    source, keeper = (build(architecture, (8, 8, 1), 10) for _ in range(2))

    def batches(rows: np.ndarray, shuffle: bool) -> AugmentedBatches:
        labels = digits.target[rows]
        return AugmentedBatches(
            pictures, rows, labels, NO_AUGMENTATION, seed, training.batch_size, shuffle=shuffle
        )

    diary = Diary(source, pictures[:3], ["0", "1", "2"], digits.target[:3], folder / "history")
    path = folder / "model.keras"
    reporter = Reporter(folder, JobStatus())
    validation = batches(checked, False)
    kept, report = learn(
        training, source, keeper, path, batches(learnt, True), validation, diary, reporter
    )
    said = predict_probabilities(load_model(path), pictures[checked]).argmax(axis=1)
    return {
        "backend": keras.backend.backend(),
        "seed": seed,
        "accuracy": float((said == digits.target[checked]).mean()),
        "told": report.summary(kept)["val_accuracy"],
        "photos_per_second": round(report.photos_per_second),
    }


if __name__ == "__main__":
    given = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
    print(json.dumps(train_digits(Path(sys.argv[1]), int(sys.argv[2]), **given)))
