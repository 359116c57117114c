"""Activation maximisation: a picture made from noise that a map answers to as much as it can.

Erhan et al., "Visualizing Higher-Layer Features of a Deep Network", 2009; the small moves and
the blur that keep it from becoming noise again: Mordvintsev et al., "Inceptionism", 2015, and
Olah et al., "Feature Visualization", Distill, 2017.
"""

from typing import Any

import cv2
import keras
import numpy as np
import tensorflow as tf

from core.errors import LoupeError, NotFound
from core.inspection.layers import layer_outputs, only
from core.progress import Progress, silent

STEPS = 96
# Of the range of pixel values, per step.
STEP_SIZE = 6.0
MOST_MOVED = 4
BLUR_EVERY, BLUR = 8, 0.6


def maximise(
    model: keras.Model,
    layer_name: str,
    index: int,
    steps: int = STEPS,
    seed: int = 0,
    progress: Progress = silent,
) -> tuple[np.ndarray, list[float]]:
    """What drives map (or unit) `index` of a layer.

    Returns:
        uint8 (height, width, channels), and the mean of the map after each step.

    Raises:
        NotFound: If there is no such layer or map.
        LoupeError: If the map answers with something that is no number.
        Stopped: From `progress`.
    """
    climb = _climber(model, layer_name, index)
    height, width, channels = (side or 96 for side in model.input_shape[1:])
    rng = np.random.default_rng(seed)
    picture = rng.normal(127.0, 12.0, (height, width, channels)).astype(np.float32)
    reached = []
    for step in range(steps):
        progress(step, steps, "Making a picture that the map answers to")
        moves = rng.integers(-MOST_MOVED, MOST_MOVED + 1, 2)
        moved = np.roll(picture, moves, (0, 1))
        value, gradient = climb(tf.constant(moved[None]))
        way = np.roll(gradient.numpy()[0], -moves, (0, 1))
        picture = picture + STEP_SIZE * way / (np.sqrt(np.mean(way**2)) + 1e-12)
        if step % BLUR_EVERY == BLUR_EVERY - 1 and step < steps - BLUR_EVERY:
            picture = cv2.GaussianBlur(picture, (0, 0), BLUR).reshape(picture.shape)
        picture = np.clip(picture, 0, 255)
        reached.append(float(value))
        if not np.isfinite(reached[-1]) or not np.isfinite(picture).all():
            raise LoupeError(
                f"Map {index} of layer {layer_name!r} answers with something that is no number.",
                "The training has probably come apart: train again with a lower learning rate.",
            )
    return np.rint(picture).astype(np.uint8), reached


def _climber(model: keras.Model, layer_name: str, index: int) -> Any:
    """A function from a picture to the mean of the map and its gradient."""
    entry = next((one for one in layer_outputs(model) if one.name == layer_name), None)
    if entry is None:
        raise NotFound(f"The model has no layer called {layer_name!r}.")
    count = int(entry.tensor.shape[-1])
    if not 0 <= index < count:
        raise NotFound(
            f"Layer {layer_name!r} has no map {index}.", f"Its maps are 0 to {count - 1}."
        )
    part = keras.Model(only(model.inputs), entry.tensor)

    @tf.function
    def climb(pixels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(pixels)
            value = tf.reduce_mean(tf.cast(part(pixels, training=False)[..., index], tf.float32))
        return value, tape.gradient(value, pixels, unconnected_gradients="zero")

    return climb
