"""What a training strives for and how it gets there: loss, accuracy, optimizer."""

from typing import Any

import keras

from core.training.config import TrainingConfig
from core.training.device import jit_compile


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
    return keras.optimizers.SGD(rate, momentum=training.momentum, nesterov=training.momentum > 0)


def make_trainer(training: TrainingConfig, source: keras.Model) -> keras.Model:
    """`source` ready for `fit`: a model of its own, so that `source` carries no training."""
    trainer = keras.Model(source.inputs, source.outputs)
    trainer.compile(
        optimizer=make_optimizer(training),
        loss=make_loss(training, source),
        metrics=[make_accuracy(source)],
        jit_compile=jit_compile(),
    )
    # Otherwise the first step makes them, and TensorFlow traces it a second time.
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def make_loss(training: TrainingConfig, model: keras.Model) -> keras.losses.Loss | Any:
    """How wrong `model`'s output is, for labels of either kind.

    Labels are class numbers (N,), or the share of each class, (N, num_classes), as MixUp
    and CutMix give them: the cross-entropy of a blend is the blend of the cross-entropies.
    """
    smoothing, num_classes = training.label_smoothing, int(model.output_shape[-1])
    if num_classes == 1:
        binary = keras.losses.BinaryCrossentropy(label_smoothing=smoothing)

        def binary_crossentropy(labels: Any, probabilities: Any) -> Any:
            # As it is: TensorFlow finds the logits behind it, which a reshaped one has lost.
            return binary(_second_share(labels), probabilities)

        return binary_crossentropy

    def crossentropy(labels: Any, probabilities: Any) -> Any:
        return keras.losses.categorical_crossentropy(
            _shares(labels, num_classes), probabilities, label_smoothing=smoothing
        )

    return crossentropy


def make_accuracy(model: keras.Model) -> keras.metrics.Metric:
    """The share of right answers; of a blend, the class with the largest share is right."""
    num_classes = int(model.output_shape[-1])

    def accuracy(labels: Any, probabilities: Any) -> Any:
        if num_classes == 1:
            wanted = _second_share(labels) > 0.5
            said = keras.ops.reshape(probabilities, (-1, 1)) > 0.5
        else:
            wanted = keras.ops.argmax(_shares(labels, num_classes), axis=-1)
            said = keras.ops.argmax(probabilities, axis=-1)
        return keras.ops.cast(keras.ops.equal(wanted, said), "float32")

    return keras.metrics.MeanMetricWrapper(accuracy, name="accuracy")


def _shares(labels: Any, num_classes: int) -> Any:
    """(N, num_classes): the share of each class, from either kind of labels."""
    if len(labels.shape) == 2 and labels.shape[-1] == num_classes:
        return keras.ops.cast(labels, "float32")
    return keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), num_classes)


def _second_share(labels: Any) -> Any:
    """(N, 1): the share of class 1 of two, from either kind of labels."""
    shared = len(labels.shape) == 2 and labels.shape[-1] == 2
    wanted = labels[:, 1] if shared else labels
    return keras.ops.cast(keras.ops.reshape(wanted, (-1, 1)), "float32")
