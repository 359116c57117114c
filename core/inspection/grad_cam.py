"""Grad-CAM: where in a picture a trained model finds what speaks for a class.

Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization", 2017, equations 1 and 2.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import keras
import numpy as np
import tensorflow as tf

from core.errors import LoupeError
from core.evaluation.results import require_model, run_of
from core.inspection.layers import layer_outputs, only, require_maps, with_maps
from core.inspection.walk import Walk, scores_of
from core.models.loading import load_model, num_classes


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
    require_class(model, class_index)
    layer = layer_name or last_layer_with_maps(model)
    require_maps(layer_outputs(model), layer)
    maps, gradients = maps_and_gradients(model, picture, class_index, layer)
    return _over_picture(maps @ gradients.mean(axis=(0, 1)), picture)


def grad_cam_plus_plus(
    model: keras.Model, picture: np.ndarray, class_index: int, layer_name: str | None = None
) -> np.ndarray:
    """As `grad_cam`, but each place of a map has a weight of its own, so that a class that is
    seen several times, or only in a small part, is not drowned out by the mean.

    Chattopadhay et al., "Grad-CAM++: Improved Visual Explanations for Deep Convolutional
    Networks", 2018, equations 10, 11 and 19, for the exponential of the score, whose higher
    derivatives are powers of the first. Arguments, result and errors as of `grad_cam`.
    """
    require_class(model, class_index)
    layer = layer_name or last_layer_with_maps(model)
    require_maps(layer_outputs(model), layer)
    maps, gradients = maps_and_gradients(model, picture, class_index, layer)
    square, cube = gradients**2, gradients**3
    below = 2 * square + maps.sum(axis=(0, 1)) * cube
    shares = np.divide(square, below, out=np.zeros_like(square), where=below != 0)
    weights = (shares * np.maximum(gradients, 0)).sum(axis=(0, 1))
    return _over_picture(maps @ weights, picture)


def _over_picture(heat: np.ndarray, picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    return cv2.resize(scaled(heat), (width, height), interpolation=cv2.INTER_LINEAR)


def require_class(model: keras.Model, class_index: int) -> None:
    """Raises `LoupeError` if the model has no such class."""
    if not 0 <= class_index < num_classes(model):
        raise LoupeError(
            f"The model has no class {class_index}.",
            f"Its classes are 0 to {num_classes(model) - 1}.",
        )


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
        found: list[tf.Tensor] = []

        def seen(name: str, layer: Any, inputs: list[Any], output: Any) -> Any:
            if name == layer_name:
                tape.watch(output)
                found.append(output)
            return output

        walk = Walk(seen)
        answer = walk.through(model, pixels)
        score = scores_of(answer, walk.score, class_index)
    maps = found[-1]
    gradient = tape.gradient(score, maps, unconnected_gradients="zero")
    return maps.numpy()[0], gradient.numpy()[0]
