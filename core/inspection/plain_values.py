"""How the other layers come to a value: the largest, the mean, a copy, a formula."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from core.errors import LoupeError
from core.inspection.graph import Formula
from core.inspection.pixel_sum import Place, Sum, alone, numbers_of, window_values


def pooling(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    largest = isinstance(layer, keras.layers.MaxPooling2D)
    # Padding counts for neither: it is never the largest, and the mean leaves it out.
    given = inputs[0][..., place[-1:]]
    patch, corner = window_values(layer, given, output, place, np.nan)
    inside, _ = window_values(layer, np.ones_like(given), output, place)
    return _of_many(patch, inside > 0, largest, corner)


def global_pooling(
    layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place
) -> Sum:
    largest = isinstance(layer, keras.layers.GlobalMaxPooling2D)
    patch = inputs[0][..., place[-1:]]
    return _of_many(patch, np.ones(patch.shape, bool), largest, (0, 0))


def _of_many(patch: np.ndarray, inside: np.ndarray, largest: bool, corner: tuple[int, int]) -> Sum:
    values = patch[inside].astype(np.float64)
    count = len(values)
    if largest:
        says = f"The largest of {count:,} values."
        return Sum("largest", says, float(values.max()), patch, corner=corner)
    value = float(values.mean())
    return Sum("mean", f"The mean of {count:,} values.", value, patch, corner=corner)


def rescaling(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    given = float(inputs[0][place])
    scale = float(np.ravel(np.broadcast_to(layer.scale, output.shape[-1:]))[place[-1]])
    offset = float(np.ravel(np.broadcast_to(layer.offset, output.shape[-1:]))[place[-1]])
    numbers = {"scale": scale, "offset": offset}
    return Sum(
        "formula", "value × scale + offset.", given * scale + offset, alone(given), numbers=numbers
    )


def scaled(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    given, scale = float(inputs[0][place]), float(np.ravel(numbers_of(layer.gamma))[place[-1]])
    return Sum("formula", "value × scale.", given * scale, alone(given), numbers={"scale": scale})


def activation(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    given = inputs[0][place[:-1]]
    before = float(given[place[-1]])
    # Softmax looks at all of them; the others at each for itself.
    bent = keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(given[None])))
    name = getattr(getattr(layer, "activation", None), "__name__", type(layer).__name__.lower())
    scores = given if name == "softmax" else ()
    return Sum(
        "formula",
        f"{name}(value).",
        float(bent[0, place[-1]]),
        alone(before),
        before=before,
        activation=name,
        numbers={f"score {number}": float(score) for number, score in enumerate(scores)},
    )


def copy(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    given = inputs[0]
    at = np.unravel_index(np.ravel_multi_index(place, output.shape), given.shape)
    corner = (int(at[0]), int(at[1])) if len(at) == 3 else None
    says = "Handed on as it is."
    if isinstance(layer, keras.layers.Flatten | keras.layers.Reshape):
        says = f"The value at {tuple(int(one) for one in at)}, in another place."
    return Sum("copy", says, float(given[at]), alone(given[at]), corner=corner)


def padding(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    (top, _), (left, _) = layer.padding
    row, column = place[0] - top, place[1] - left
    height, width, _ = inputs[0].shape
    if 0 <= row < height and 0 <= column < width:
        given = inputs[0][row, column, place[2]]
        return Sum("copy", "Handed on as it is.", float(given), alone(given), corner=(row, column))
    return Sum("copy", "A zero of the rim.", 0.0, alone(0.0))


def together(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    parts = np.array([np.broadcast_to(one, output.shape)[place] for one in inputs], np.float32)
    ways: dict[type, tuple[str, Callable[..., Any]]] = {
        keras.layers.Add: ("All of them added.", np.sum),
        keras.layers.Multiply: ("All of them multiplied.", np.prod),
        keras.layers.Average: ("The mean of them.", np.mean),
        keras.layers.Maximum: ("The largest of them.", np.max),
    }
    says, way = ways[type(layer)]
    return Sum("formula", says, float(way(parts.astype(np.float64))), parts)


def concatenate(layer: Any, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place) -> Sum:
    index = place[-1]
    for number, one in enumerate(inputs):
        if index < one.shape[-1]:
            given = one[(*place[:-1], index)]
            says = f"Map {index + 1} of the layer {number + 1} before it, handed on as it is."
            return Sum("copy", says, float(given), alone(given))
        index -= one.shape[-1]
    raise LoupeError("There is no such map.")


def formula(
    operation: Formula, inputs: Sequence[np.ndarray], output: np.ndarray, place: Place
) -> Sum:
    parts = np.array([np.broadcast_to(one, output.shape)[place] for one in inputs], np.float32)
    given = [keras.ops.convert_to_tensor([part]) for part in parts]
    value = float(keras.ops.convert_to_numpy(operation(*given))[0])
    constants = [float(np.ravel(one)[0]) for one in operation.arguments if one is not None]
    numbers = {f"constant {number + 1}": one for number, one in enumerate(constants)}
    says = f"{type(operation.operation).__name__} of these values."
    return Sum("formula", says, value, parts, numbers=numbers)
