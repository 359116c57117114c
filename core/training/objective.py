"""What a training strives for and how it gets there: loss, accuracy, optimizer."""

from typing import Any

import keras

from core.training.config import TrainingConfig


def make_optimizer(training: TrainingConfig) -> keras.optimizers.Optimizer:
    """The optimizer that `training` names, at its learning rate."""
    rate = training.learning_rate
    if training.optimizer == "adamw":
        optimizer = keras.optimizers.AdamW(rate, weight_decay=training.weight_decay)
        # Scales and offsets are not to be pulled to zero (He et al., "Bag of Tricks", 2019).
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        return optimizer
    if training.optimizer == "adam":
        return keras.optimizers.Adam(rate)
    if training.optimizer == "rmsprop":
        return keras.optimizers.RMSprop(rate)
    return keras.optimizers.SGD(rate, momentum=0.9, nesterov=True)


def make_loss(training: TrainingConfig, model: keras.Model) -> keras.losses.Loss | Any:
    """How wrong the answers are, for class numbers (N,) against `model`'s output."""
    smoothing, num_classes = training.label_smoothing, int(model.output_shape[-1])
    if num_classes == 1:
        return keras.losses.BinaryCrossentropy(label_smoothing=smoothing)

    def crossentropy(numbers: Any, probabilities: Any) -> Any:
        wanted = keras.ops.one_hot(keras.ops.reshape(numbers, (-1,)), num_classes)
        return keras.losses.categorical_crossentropy(
            wanted, probabilities, label_smoothing=smoothing
        )

    return crossentropy


def make_accuracy(model: keras.Model) -> keras.metrics.Metric:
    """The share of right answers, for class numbers against `model`'s output."""
    if int(model.output_shape[-1]) == 1:
        return keras.metrics.BinaryAccuracy(name="accuracy")
    return keras.metrics.SparseCategoricalAccuracy(name="accuracy")
