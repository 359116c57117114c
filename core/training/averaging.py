"""A running average of the weights, which wobbles less than they do.

Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; as an
exponential average that forgets the start: Tan and Le, "EfficientNet", 2019, whose code, like
this one, averages what batch normalisation has gathered along with the weights.
"""

from dataclasses import dataclass
from typing import Any

import keras

from core.training.callbacks import Logs


@dataclass
class _Kept:
    """A plain object: Keras would take variables in a list of its own for further weights.

    Attributes:
        momentum: The share of the average that stays at each step, 0..1.
        steps: How many steps are in it.
        moving: What is averaged.
        averages: Their averages, in the same order.
        aside: The values of `moving` while the averages stand in their place, else None.
    """

    momentum: float
    steps: Any
    moving: list[Any]
    averages: list[Any]
    aside: list[Any] | None = None


class AveragingModel(keras.Model):
    """A model made of inputs and outputs that averages its weights while `fit` trains it.

    After step t an average is the mean of the values after steps 1 to t, that of step i
    weighted with momentum^(t - i): the usual exponential average with its start corrected for,
    as Adam does for its own (Kingma and Ba, 2015, section 3). What is averaged are the weights
    that learn, and the moving means and variances of batch normalisation: both belong together.
    """

    def begin(self, momentum: float) -> None:
        """Begins to average, before the first step.

        Args:
            momentum: The share of the average that stays at each step, 0 < momentum < 1.
        """
        moving = [v for v in self.variables if v.trainable or v.name.startswith("moving_")]
        averages = [
            self.add_weight(v.shape, initializer="zeros", trainable=False, name=f"average_{place}")
            for place, v in enumerate(moving)
        ]
        steps = self.add_weight((), initializer="zeros", trainable=False, name="averaged_steps")
        self.kept = _Kept(momentum, steps, moving, averages)

    def train_step(self, *data: Any) -> Any:
        if keras.backend.backend() != "jax":
            logs = super().train_step(*data)
            self._take_in()
            return logs
        logs, (trainable, others, *rest) = super().train_step(*data)
        values = [*zip(self.trainable_variables, trainable, strict=True)]
        values += zip(self.non_trainable_variables, others, strict=True)
        with keras.StatelessScope(state_mapping=values) as scope:
            self._take_in()
        others = [scope.get_current_value(v) for v in self.non_trainable_variables]
        return logs, (trainable, others, *rest)

    def _take_in(self) -> None:
        kept = self.kept
        kept.steps.assign(kept.steps + 1.0)
        # The same as a plain average divided by 1 - momentum^t, without a second set of numbers.
        rate = (1.0 - kept.momentum) / (1.0 - keras.ops.power(kept.momentum, kept.steps))
        for variable, average in zip(kept.moving, kept.averages, strict=True):
            average.assign(average + rate * (keras.ops.cast(variable, "float32") - average))

    def show_average(self) -> None:
        """Puts the averages in the place of the weights, unless they are there or empty."""
        kept = self.kept
        if kept.aside is None and float(kept.steps):
            kept.aside = [keras.ops.copy(variable) for variable in kept.moving]
            for variable, average in zip(kept.moving, kept.averages, strict=True):
                # A copy: JAX gives the memory of each variable away at every step, but once only.
                variable.assign(keras.ops.copy(average))

    def hide_average(self) -> None:
        """Puts the weights back, so that they learn on."""
        for variable, value in zip(self.kept.moving, self.kept.aside or [], strict=False):
            variable.assign(value)
        self.kept.aside = None


class UseAverage(keras.callbacks.Callback):
    """Validates with the averages, and leaves them in the model until it learns on.

    Put it before the callbacks that look at the weights when an epoch ends. After the last
    epoch, also one that was cut short, the averages stay.
    """

    def on_test_begin(self, logs: Logs = None) -> None:
        self.model.show_average()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.model.show_average()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self.model.hide_average()
