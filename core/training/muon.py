"""Muon: a step that turns every kernel evenly in all directions.

K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; the size of its
steps after J. Liu et al., "Muon is scalable for LLM training", 2025. Keras' own takes dense layers
alone; here convolutions learn by it too, each kernel a matrix with a column for every filter.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

# Evening out a matrix takes time with the cube of its shorter side: a dense layer behind a
# `flatten` would take longer than all of the network.
LONGEST_SIDE = 512


@keras.saving.register_keras_serializable("loupe")
class Muon(keras.optimizers.Muon):
    """Nudges kernels by the nearest orthogonal matrix of their momentum, all else as AdamW does.

    As in the paper, all else is what has no rows and columns (offsets, scales), and the kernel
    of the answer; here also kernels that would take too long, or have only one row or column.
    Its steps are as long as those of AdamW at the same learning rate (Liu et al., 2025).
    """

    def build(self, variables: Sequence[Any]) -> None:
        kernels = [variable for variable in variables if len(variable.shape) > 1]
        self._answer = kernels[-1].path if kernels else ""
        super().build(variables)

    def _should_use_adamw(self, variable: Any) -> bool:
        if len(variable.shape) < 2 or variable.path == self._answer:
            return True
        return not 1 < min(_as_matrix(variable.shape)) <= LONGEST_SIDE

    def _muon_update_step(self, gradient: Any, variable: Any, lr: Any, m: Any) -> None:
        matrix = _as_matrix(variable.shape)
        self.assign(m, self.momentum * m + gradient)
        ahead = ops.reshape(gradient + self.momentum * m, matrix)
        even = self.zeropower_via_newtonschulz5(ahead, self.ns_steps)
        self.assign_sub(variable, ops.reshape(self.lr_adjust(lr * even), variable.shape))

    def zeropower_via_newtonschulz5(self, x: Any, steps: int) -> Any:
        """As Keras has it, in half the time where one side is much longer than the other.

        Each step is x ← p(xxᵀ) x with the same polynomial p: so its factors are gathered from
        the small square alone, and the long matrix is multiplied once, at the end.
        """
        upright = x.shape[0] > x.shape[1]
        wide = ops.transpose(x) if upright else x
        wide = wide / (ops.norm(wide) + 1e-7)
        square, gathered = wide @ ops.transpose(wide), None
        identity = ops.eye(min(x.shape), dtype=x.dtype)
        for step in range(steps):
            factor = self.muon_a * identity + self.muon_b * square + self.muon_c * square @ square
            gathered = factor if gathered is None else factor @ gathered
            if step < steps - 1:
                square = factor @ square @ factor
        wide = gathered @ wide
        return ops.transpose(wide) if upright else wide


def _as_matrix(shape: Sequence[int]) -> tuple[int, int]:
    """The rows and columns of a kernel: all that goes into a filter, and the filters."""
    *into, filters = shape
    return math.prod(into), filters
