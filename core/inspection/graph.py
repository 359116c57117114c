"""Which layer feeds which, nested models included, as they are called for a picture."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import tree

from core.errors import LoupeError
from core.inspection.walk import Walk

PICTURE = ""
# Where a model takes pictures of any size, one of this size shows how it is built.
SOME_SIDE = 64


@dataclass(frozen=True)
class Formula:
    """An operation between layers, such as `x + 3`.

    Attributes:
        operation: What is done.
        arguments: What with; None stands for what comes from a layer.
        name: Its name in the graph.
    """

    operation: keras.Operation
    arguments: tuple[Any, ...]
    name: str

    def __call__(self, *values: Any) -> Any:
        """The result for `values` in the places that come from layers."""
        given = iter(values)
        filled = [next(given) if one is None else one for one in self.arguments]
        return self.operation(*filled)


@dataclass(frozen=True)
class Step:
    """One layer in the order of computing.

    Attributes:
        name: Its path, such as "backbone/Conv1".
        layer: Keras' own, or an operation between layers.
        sources: Paths of the layers it is fed by; "" is the picture.
    """

    name: str
    layer: keras.layers.Layer | Formula
    sources: tuple[str, ...]


def steps(model: keras.Model) -> dict[str, Step]:
    """Every layer with what it is fed by, first to last.

    Raises:
        LoupeError: If the model takes several inputs.
    """
    shape = picture_shape(model)
    picture = tf.constant(np.zeros((1, *shape), np.float32))
    # The tensors themselves are kept: an id is given anew to the next one otherwise.
    names: dict[int, tuple[str, Any]] = {id(picture): (PICTURE, picture)}
    found: dict[str, Step] = {}

    def seen(name: str, layer: Any, inputs: list[Any], output: Any) -> Any:
        sources = tuple(names[id(one)][0] for one in inputs if id(one) in names)
        if not isinstance(layer, keras.layers.Layer):
            known = [None if id(one) in names else one for one in inputs]
            layer = Formula(layer, tuple(known), layer.name)
        found[name] = Step(name, layer, sources)
        # Dropout hands on what it was given.
        output = tree.map_structure(
            lambda one: tf.identity(one) if any(one is other for other in inputs) else one, output
        )
        for one in tree.flatten(output):
            names[id(one)] = name, one
        return output

    Walk(seen).through(model, picture)
    return found


def picture_shape(model: keras.Model) -> tuple[int, int, int]:
    """(height, width, channels) of the pictures that a model takes, open sides filled in.

    Raises:
        LoupeError: If it takes several inputs, or something that is no picture.
    """
    if len(model.inputs) != 1 or len(model.inputs[0].shape) != 4:
        shapes = ", ".join(str(tuple(one.shape)) for one in model.inputs)
        raise LoupeError(
            f"This model takes {len(model.inputs)} inputs of shape {shapes}.",
            "Only models that take one picture can be looked into.",
        )
    _, height, width, channels = model.inputs[0].shape
    if channels is None:
        raise LoupeError(
            "This model does not say how many colour channels its pictures have.",
            "Only models that take pictures in colour or in shades of grey can be looked into.",
        )
    return height or SOME_SIDE, width or SOME_SIDE, channels
