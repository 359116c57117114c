"""Grad-CAM: where in a picture a trained model finds what speaks for a class.

Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization", 2017, equations 1 and 2.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import tree

from core.errors import LoupeError
from core.evaluation.results import require_model, run_of
from core.inspection.layers import layer_outputs, only, require_maps, with_maps
from core.models.loading import load_model, num_classes

# What the last layer may end with and Grad-CAM looks behind: the paper asks for the score
# before it.
ENDINGS = (keras.activations.softmax, keras.activations.sigmoid)


def of_run(
    run_folder: str,
    pictures: np.ndarray,
    class_indices: Sequence[int],
    layer_name: str | None = None,
) -> dict[str, Any]:
    """`grad_cam` of a run's model for several pictures, for the engine.

    Args:
        pictures: uint8 (N, height, width, channels).
        class_indices: The class that each is asked about.

    Returns:
        maps (float32 (N, height, width), 0..1), layer (its name) and shape ([height, width]
        of its feature maps).

    Raises:
        LoupeError: If the run has no model, or the model no layer with feature maps.
    """
    model = load_model(require_model(run_of(run_folder)))
    layer = layer_name or last_layer_with_maps(model)
    seen = require_maps(layer_outputs(model), layer).tensor
    shape = (
        keras.Model(only(model.inputs), seen)
        .compute_output_spec(keras.KerasTensor((1, *pictures[0].shape)))
        .shape[1:3]
    )
    pairs = zip(pictures, class_indices, strict=True)
    maps = [grad_cam(model, picture, index, layer) for picture, index in pairs]
    return {"maps": np.stack(maps), "layer": layer, "shape": [int(side) for side in shape]}


def grad_cam(
    model: keras.Model, picture: np.ndarray, class_index: int, layer_name: str | None = None
) -> np.ndarray:
    """Where `picture` speaks for a class: the weighted sum of a layer's feature maps.

    Each map's weight is the mean gradient of the class's score, before the softmax, with
    respect to it. What speaks against the class is left out.

    Args:
        model: Sequential, functional or with others nested in it; it takes raw pixels.
        picture: uint8 (height, width, channels).
        class_index: Of a model with a single sigmoid, 1 is what it answers with, and 0 the
            negative of its score.
        layer_name: As `layers.layer_outputs` names it, such as "backbone/Conv1". Default:
            the last one with feature maps.

    Returns:
        float32 (height, width), 0..1: the strongest place of the layer is 1. All 0 where
        nothing speaks for the class.

    Raises:
        LoupeError: If the model has no such class, no such layer, or none with feature maps.
    """
    if not 0 <= class_index < num_classes(model):
        raise LoupeError(
            f"The model has no class {class_index}.",
            f"Its classes are 0 to {num_classes(model) - 1}.",
        )
    layer = layer_name or last_layer_with_maps(model)
    require_maps(layer_outputs(model), layer)
    maps, gradients = maps_and_gradients(model, picture, class_index, layer)
    weights = gradients.mean(axis=(0, 1))
    height, width = picture.shape[:2]
    return cv2.resize(scaled(maps @ weights), (width, height), interpolation=cv2.INTER_LINEAR)


def last_layer_with_maps(model: keras.Model) -> str:
    """The name of the last layer whose output is (batch, height, width, maps).

    Raises:
        LoupeError: If there is none.
    """
    found = with_maps(layer_outputs(model))
    if not found:
        raise LoupeError(
            "This model has no layer with feature maps, so Grad-CAM has nothing to look at.",
            "Choose a model with convolutions.",
        )
    return found[-1].name


def scaled(heat: np.ndarray) -> np.ndarray:
    """float32: `heat` without what is below 0, its highest value as 1."""
    positive = np.maximum(heat, 0).astype(np.float32)
    highest = positive.max()
    return positive / highest if highest > 0 else positive


def maps_and_gradients(
    model: keras.Model, picture: np.ndarray, class_index: int, layer_name: str
) -> tuple[np.ndarray, np.ndarray]:
    """A layer's feature maps and the gradient of the class's score with respect to them.

    Returns:
        Two float32 (height, width, maps).
    """
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        walk = _Walk(layer_name, tape)
        answer = walk.through(model, pixels, "")
        score = _score(answer, walk.score, class_index)
    gradient = tape.gradient(score, walk.maps, unconnected_gradients="zero")
    return walk.maps.numpy()[0], gradient.numpy()[0]


def _score(answer: tf.Tensor, before: tf.Tensor | None, class_index: int) -> tf.Tensor:
    scores = answer if before is None else before
    if scores.shape[-1] == 1:
        return scores[0, 0] if class_index == 1 else -scores[0, 0]
    return scores[0, class_index]


class _Walk:
    """Runs a model layer by layer, nested ones too, and keeps what Grad-CAM needs of it.

    A nested model called as a whole would hide its feature maps from the tape.

    Attributes:
        maps: What the layer called `layer_name` gave.
        score: What the last layer gives before its softmax or sigmoid; None if it has none.
    """

    def __init__(self, layer_name: str, tape: tf.GradientTape):
        self.maps: Any = None
        self.score: Any = None
        self._layer_name, self._tape = layer_name, tape

    def through(self, model: keras.Model, inputs: Any, prefix: str) -> Any:
        graph = model._functional if isinstance(model, keras.Sequential) else model
        return graph._run_through_graph(
            inputs, operation_fn=lambda layer: partial(self._step, prefix, layer)
        )

    def _step(self, prefix: str, layer: Any, *inputs: Any, **named: Any) -> Any:
        if isinstance(layer, keras.Model):
            return self.through(layer, only(tree.flatten(inputs)), f"{prefix}{layer.name}/")
        self.score = _before_ending(layer, *inputs)
        output = layer(*inputs, **named)
        if prefix + layer.name == self._layer_name:
            self._tape.watch(output)
            self.maps = output
        return output


def _before_ending(layer: Any, *inputs: Any) -> Any:
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
