"""What a training strives for and how it gets there: loss, accuracy, optimizer."""

from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np

from core.training.averaging import AveragingModel
from core.training.config import TrainingConfig
from core.training.device import jit_compile, mixed_policy
from core.training.doubting import DoubtingModel, contradiction
from core.training.label_shares import class_shares, second_share, two_shares
from core.training.muon import Muon

# Offsets, and the scales and offsets of normalisation, are not to be pulled to zero (He et al.,
# "Bag of Tricks", 2019).
NOT_DECAYED = ["bias", "gamma", "beta"]
OPTIMIZERS = {
    "adamw": keras.optimizers.AdamW,
    "muon": Muon,
    "adam": keras.optimizers.Adam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}


class DoubtingAveragingModel(AveragingModel, DoubtingModel):
    """Does both."""


# By whether weights are averaged, and whether labels are doubted.
TRAINERS: dict[tuple[bool, bool], type[keras.Model]] = {
    (False, False): keras.Model,
    (True, False): AveragingModel,
    (False, True): DoubtingModel,
    (True, True): DoubtingAveragingModel,
}


def make_optimizer(training: TrainingConfig) -> keras.optimizers.Optimizer:
    """The optimizer that `training` names, at its learning rate.

    Weight decay is decoupled from the gradient for all of them (Loshchilov and Hutter,
    "Decoupled weight decay regularization", 2019): at each step a weight loses the share
    learning rate × weight decay of itself. 'adamw' is 'adam' with that.
    """
    decay = training.weight_decay
    given: dict[str, Any] = {
        "learning_rate": training.learning_rate,
        "weight_decay": decay or (0.0 if training.optimizer == "adamw" else None),
    }
    if training.optimizer == "sgd":
        given |= {"momentum": training.momentum, "nesterov": training.momentum > 0}
    if training.optimizer == "muon":
        given["adam_weight_decay"] = given["weight_decay"]
    optimizer = OPTIMIZERS[training.optimizer](**given)
    optimizer.exclude_from_weight_decay(var_names=NOT_DECAYED)
    return optimizer


def make_trainer(
    training: TrainingConfig, source: keras.Model, class_weights: Sequence[float] | None = None
) -> keras.Model:
    """`source` ready for `fit`: a model of its own, so that `source` carries no training.

    With mixed precision the layers of `source` compute in 16 bits from now on, all but its
    last; its weights stay float32, so that a model built without it can take them.

    Args:
        class_weights: What mistakes on each class count; None for equally much.
    """
    optimizer = make_optimizer(training)
    policy = mixed_policy(training.precision)
    if policy:
        compute_in(source, policy)
    if policy == "mixed_float16":
        # Small gradients would become zero: Micikevicius et al., "Mixed precision training",
        # 2018. bfloat16 reaches as far down as float32 does.
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    averages, doubts = bool(training.weight_averaging), training.doubt_labels is not None
    trainer = TRAINERS[averages, doubts](source.inputs, source.outputs)
    metrics = [make_accuracy(source)]
    if averages:
        trainer.begin(training.weight_averaging)
    if training.doubt_labels is not None:
        trainer.get_ready_to_doubt(training.doubt_labels)
        metrics.append(contradiction(training.doubt_labels))
    trainer.compile(
        optimizer=optimizer,
        loss=make_loss(training, source, class_weights),
        metrics=metrics,
        jit_compile=jit_compile(training.xla),
        auto_scale_loss=False,
    )
    # Otherwise the first step makes them, and TensorFlow traces it a second time.
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def compute_in(model: keras.Model, policy: str) -> None:
    """Sets the precision of all layers of `model` but the last, whose answer stays float32.

    So does what brings features to one length: the squares of small ones are nothing in float16.
    """
    for layer in _layers(model):
        if layer is not model.layers[-1] and not isinstance(layer, keras.layers.UnitNormalization):
            layer.dtype_policy = policy


def _layers(model: keras.Model) -> Iterator[keras.layers.Layer]:
    """Those of `model` and of the models within it."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer


def class_weights(labels: np.ndarray, num_classes: int) -> list[float]:
    """What mistakes on each class count: n / (k · n_c), for n photos of k classes, n_c of class c.

    All classes then count equally in sum, and a photo counts 1 on average (the "balanced"
    weights of scikit-learn, after King and Zeng, "Logistic regression in rare events data",
    2001). A class without photos has the weight 1.

    Args:
        labels: int (n,), class numbers.
    """
    counts = np.bincount(labels, minlength=num_classes)
    present = int((counts > 0).sum())
    return [len(labels) / (present * count) if count else 1.0 for count in counts.tolist()]


def make_loss(
    training: TrainingConfig, model: keras.Model, class_weights: Sequence[float] | None = None
) -> keras.losses.Loss | Any:
    """How wrong `model`'s output is: the cross-entropy, for labels of either kind.

    Labels are class numbers (N,), or the share of each class, (N, num_classes), as MixUp
    and CutMix give them: the cross-entropy of a blend is the blend of the cross-entropies,
    each with the weight of its class. The same loss, weights and smoothing included, is
    reported of the training photos and of the validation photos; accuracy is never weighted.

    Args:
        class_weights: What mistakes on each class count; None for equally much.
    """
    smoothing, num_classes = training.label_smoothing, int(model.output_shape[-1])
    if class_weights is not None:
        return _weighted(smoothing, num_classes, np.asarray(class_weights, np.float32))
    if num_classes == 1:

        def binary_crossentropy(labels: Any, probabilities: Any) -> Any:
            # As it is: TensorFlow finds the logits behind it, which a reshaped one has lost.
            return keras.losses.binary_crossentropy(
                second_share(labels), probabilities, label_smoothing=smoothing
            )

        return binary_crossentropy

    def crossentropy(labels: Any, probabilities: Any) -> Any:
        return keras.losses.categorical_crossentropy(
            class_shares(labels, num_classes), probabilities, label_smoothing=smoothing
        )

    return crossentropy


def _weighted(smoothing: float, num_classes: int, weights: np.ndarray) -> Any:
    """The loss of `make_loss` with weights.

    The gradients of the backends hold for shares that sum to 1: so the weighted shares are
    brought to that, and what they summed to is put before the loss.
    """

    def weighted_crossentropy(labels: Any, probabilities: Any) -> Any:
        shares = two_shares(labels) if num_classes == 1 else class_shares(labels, num_classes)
        weighted = shares * weights
        total = keras.ops.sum(weighted, axis=-1)
        shares = weighted / keras.ops.expand_dims(total, -1)
        if num_classes == 1:
            loss = keras.losses.binary_crossentropy(
                shares[:, 1:], probabilities, label_smoothing=smoothing
            )
        else:
            loss = keras.losses.categorical_crossentropy(
                shares, probabilities, label_smoothing=smoothing
            )
        return total * loss

    return weighted_crossentropy


def make_accuracy(model: keras.Model) -> keras.metrics.Metric:
    """The share of right answers; of a blend, the class with the largest share is right."""
    num_classes = int(model.output_shape[-1])

    def accuracy(labels: Any, probabilities: Any) -> Any:
        if num_classes == 1:
            wanted = second_share(labels) > 0.5
            said = keras.ops.reshape(probabilities, (-1, 1)) > 0.5
        else:
            wanted = keras.ops.argmax(class_shares(labels, num_classes), axis=-1)
            said = keras.ops.argmax(probabilities, axis=-1)
        return keras.ops.cast(keras.ops.equal(wanted, said), "float32")

    return keras.metrics.MeanMetricWrapper(accuracy, name="accuracy")
