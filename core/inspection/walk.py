"""Runs a model layer by layer, nested models too, and keeps what is asked for on the way."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import tensorflow as tf
from keras import tree

from core.inspection.layers import called, only

# What the last layer may end with; explanations ask for the score before it.
ENDINGS = (keras.activations.softmax, keras.activations.sigmoid)


class Walk:
    """One pass through a model, with its layers called by their path, such as "backbone/Conv1".

    A nested model called as a whole would hide what happens inside it from a gradient tape.

    Args:
        seen: Is told each layer's path, the layer, the list of its inputs and its output;
            what it returns takes the place of the output.

    Attributes:
        score: What the last layer gives before its softmax or sigmoid; None if it has none.
    """

    def __init__(self, seen: Callable[[str, Any, list[Any], Any], Any] | None = None):
        self.score: Any = None
        self._seen = seen
        self._uses: Counter[str] = Counter()

    def through(self, model: keras.Model, inputs: Any, prefix: str = "") -> Any:
        """What `model` gives for `inputs`."""
        graph = model._functional if isinstance(model, keras.Sequential) else model
        return graph._run_through_graph(
            inputs, operation_fn=lambda layer: partial(self._step, prefix, layer)
        )

    def _step(self, prefix: str, layer: Any, *inputs: Any, **named: Any) -> Any:
        name = prefix + called(layer.name, self._uses[prefix + layer.name])
        self._uses[prefix + layer.name] += 1
        if isinstance(layer, keras.Model):
            return self.through(layer, only(tree.flatten(inputs)), f"{name}/")
        self.score = before_ending(layer, *inputs)
        output = layer(*inputs, **named)
        if self._seen is None:
            return output
        return self._seen(name, layer, tree.flatten(inputs), output)


def before_ending(layer: Any, *inputs: Any) -> Any:
    """What `layer` gives before its softmax or sigmoid, None if it does not end with one."""
    if isinstance(layer, keras.layers.Softmax):
        return inputs[0]
    if getattr(layer, "activation", None) not in ENDINGS:
        return None
    if isinstance(layer, keras.layers.Activation):
        return inputs[0]
    if isinstance(layer, keras.layers.Dense):
        scores = keras.ops.matmul(inputs[0], layer.kernel)
        return scores + layer.bias if layer.use_bias else scores
    return None


def scores_of(answers: tf.Tensor, before: tf.Tensor | None, class_index: int) -> tf.Tensor:
    """(N,): the scores of a class before softmax or sigmoid, if the model ends with one.

    Of a single sigmoid, 1 is what it answers with, and 0 the negative of its score.
    """
    scores = answers if before is None else before
    if scores.shape[-1] == 1:
        return scores[:, 0] if class_index == 1 else -scores[:, 0]
    return scores[:, class_index]


def probabilities_of(answers: tf.Tensor, class_index: int) -> tf.Tensor:
    """(N,): what the model answers for a class; of a single sigmoid, 1 minus it for class 0."""
    if answers.shape[-1] == 1:
        return answers[:, 0] if class_index == 1 else 1.0 - answers[:, 0]
    return answers[:, class_index]
