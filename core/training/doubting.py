"""Photos whose labels the network contradicts do not count while it learns: they may be wrong.

A network that may take its time learns wrong labels by rote, too, but the others first. So the
first half of a training is for all photos, and in the second it is asked at each step whether
it holds a photo to be another class, and by how much: such a photo waits. Leaving out what fits
worst, again at every look: Shen and Sanghavi, "Learning with bad training data via iterative
trimmed loss minimization", 2019. They leave out a share that has to be known; here it is what
the network says, so that nothing is left out of photos that it finds in order.
"""

from typing import Any

import keras

from core.training.callbacks import Logs
from core.training.label_shares import both_shares, class_shares, two_shares
from core.training.schedule import DOUBTING_FROM, Clock


def contradicted(labels: Any, probabilities: Any, times: float) -> Any:
    """bool (N,): whether another class is held to be more than `times` as likely as the label.

    Args:
        labels: Class numbers (N,) or (N, 1), or shares (N, num_classes); of a blend, what is
            believed of its classes counts by their shares.
        probabilities: (N, num_classes), or (N, 1) for the second of two classes.
        times: More than 1.
    """
    alone = probabilities.shape[-1] == 1
    believed = keras.ops.cast(both_shares(probabilities) if alone else probabilities, "float32")
    wanted = two_shares(labels) if alone else class_shares(labels, believed.shape[-1])
    given = keras.ops.sum(wanted * believed, axis=-1)
    return keras.ops.max(believed, axis=-1) > times * given


def contradiction(times: float) -> keras.metrics.Metric:
    """The share of photos whose labels are `contradicted`, 0..1."""

    def share(labels: Any, probabilities: Any) -> Any:
        return keras.ops.cast(contradicted(labels, probabilities, times), "float32")

    return keras.metrics.MeanMetricWrapper(share, name="contradicted")


class DoubtingModel(keras.Model):
    """A model made of inputs and outputs that can pass over contradicted labels in its steps.

    The loss of a step is then the sum over the other photos, divided by the number of all; a
    validation always counts every photo.
    """

    def get_ready_to_doubt(self, times: float) -> None:
        """To be called before the first step; nothing is passed over yet.

        Args:
            times: See `contradicted`.
        """
        self.doubt_times = times
        self.doubts = self.add_weight((), initializer="zeros", trainable=False, name="doubts")

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        if training:
            doubted = keras.ops.cast(contradicted(y, y_pred, self.doubt_times), "float32")
            sample_weight = keras.ops.stop_gradient(1.0 - self.doubts * doubted)
        return super().compute_loss(x, y, y_pred, sample_weight, training)


class Doubt(keras.callbacks.Callback):
    """Lets a `DoubtingModel` doubt from the first epoch that begins in the second half.

    Put it before the callbacks that look at the scores of an epoch: it adds `passed_over`, the
    share of the training photos that did not count.
    """

    def __init__(self, clock: Clock):
        super().__init__()
        self._clock, self._doubts = clock, False

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._doubts = self._clock.share >= DOUBTING_FROM
        self.model.doubts.assign(float(self._doubts))

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs:
            logs["passed_over"] = logs["contradicted"] if self._doubts else 0.0
