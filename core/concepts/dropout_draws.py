"""One photo through many draws of dropout, by a real network. Runs where Keras is: in the engine.

The network's last dropout layer is taken apart: what comes in is computed once, and Keras' own
layer draws what stays of it.
"""

from functools import lru_cache
from typing import Any

import keras
import numpy as np
from sklearn.datasets import load_digits

from core.errors import LoupeError
from core.evaluation.picture_size import asked_picture
from core.evaluation.results import run_of
from core.models.loading import load_model, two_columns

DRAWS = 60
MOST_UNITS = 32
DIGITS_FOR_TRAINING, EPOCHS, UNITS, RATE = 1400, 8, 32, 0.5
LEARNING_RATE = 0.01
# Of all digits it has not seen, by how sure it is of them.
OFFERED = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98)


def of_run(
    run_folder: str,
    source: bytes | str,
    rate: float | None,
    seed: int,
    draws: int = DRAWS,
    image_size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """What `look` finds with a run's network and a photo.

    Args:
        source: The bytes of the photo's file, or the path of the file.
        rate: As for `look`; None for the layer's own.

    Raises:
        LoupeError: If its network has no dropout.
        UnusablePicture: If the photo cannot be read.
        NotFound: If there is no such run, or no model in it yet.
    """
    run = run_of(run_folder)
    picture = asked_picture(run, source, image_size)
    return look(load_model(run.model_path), picture, rate, seed, draws)


def of_digit(place: int, rate: float | None, seed: int, draws: int = DRAWS) -> dict[str, Any]:
    """What `look` finds with a small network that was taught digits, and one of `digits`."""
    network, offered = taught_digits()
    return look(network, offered[place]["pixels"], rate, seed, draws)


def digits() -> list[dict[str, Any]]:
    """Handwritten digits that the small network has not seen, from sure to unsure.

    Returns:
        For each: pixels, float32 (8, 8) from 0 to 1; truth, its class.
    """
    return taught_digits()[1]


@lru_cache(maxsize=1)
def taught_digits() -> tuple[keras.Model, list[dict[str, Any]]]:
    """A network with dropout, taught scikit-learn's digits, and digits to ask it about."""
    pictures, labels = load_digits(return_X_y=True)
    pictures = (pictures.reshape(-1, 8, 8) / 16).astype(np.float32)
    network = keras.Sequential(
        [
            keras.layers.Input((8, 8)),
            keras.layers.Flatten(),
            keras.layers.Dense(UNITS, "relu", kernel_initializer=keras.initializers.HeNormal(1)),
            keras.layers.Dropout(RATE, seed=1),
            keras.layers.Dense(
                10, "softmax", kernel_initializer=keras.initializers.GlorotUniform(1)
            ),
        ]
    )
    network.compile(keras.optimizers.Adam(LEARNING_RATE), "sparse_categorical_crossentropy")
    train = slice(0, DIGITS_FOR_TRAINING)
    network.fit(pictures[train], labels[train], 64, EPOCHS, shuffle=False, verbose=0)
    return network, _from_sure_to_unsure(
        network, pictures[DIGITS_FOR_TRAINING:], labels[DIGITS_FOR_TRAINING:]
    )


def look(
    model: keras.Model, picture: np.ndarray, rate: float | None, seed: int, draws: int = DRAWS
) -> dict[str, Any]:
    """One picture through the last dropout layer of `model`, `draws` times in training mode.

    Args:
        picture: `(height, width[, channels])`, as the model takes it.
        rate: The share that is left out, 0 up to but not 1; None for the layer's own.
        seed: Another one gives other draws.

    Returns:
        rate, own_rate: What was left out, and what the layer was trained with.
        units: How many values come into the layer.
        values: The largest `MOST_UNITS` of them, float32, in the order of the layer.
        kept: Which of these stay, `bool` (draws, shown units).
        answers: Probabilities in training mode, float32 (draws, classes).
        plain: Probabilities in prediction mode, float32 (classes,).

    Raises:
        LoupeError: If the model has no dropout layer.
    """
    layer = _last_dropout(model)
    head = keras.Model(model.inputs[0], layer.input)
    tail = keras.Model(layer.output, model.outputs[0])
    values = np.asarray(head(picture[None].astype(np.float32)))
    rate = float(layer.rate) if rate is None else rate
    drawing = keras.layers.Dropout(rate, seed=seed)
    # Drawn over ones, because a value that is 0 does not show whether it stayed.
    factors = np.asarray(drawing(np.ones((draws, *values.shape[1:]), np.float32), training=True))
    dropped = values * factors
    flat = values.reshape(-1)
    shown = np.sort(np.argsort(-np.abs(flat), kind="stable")[:MOST_UNITS])
    return {
        "rate": rate,
        "own_rate": float(layer.rate),
        "units": flat.size,
        "values": flat[shown],
        "kept": factors.reshape(draws, -1)[:, shown] != 0,
        "answers": two_columns(np.asarray(tail(dropped))),
        "plain": two_columns(np.asarray(tail(values)))[0],
    }


def _last_dropout(model: keras.Model) -> keras.layers.Dropout:
    found = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    if not found:
        raise LoupeError(
            "This network has no dropout layer, so its answers do not scatter.",
            "Choose the small network for digits, or train one with dropout on the page Model.",
        )
    return found[-1]


def _from_sure_to_unsure(
    network: keras.Model, pictures: np.ndarray, labels: np.ndarray
) -> list[dict[str, Any]]:
    sureness = np.asarray(network(pictures)).max(axis=1)
    order = np.argsort(-sureness, kind="stable")
    places = order[(np.array(OFFERED) * len(order)).astype(int)]
    return [{"pixels": pictures[place], "truth": int(labels[place])} for place in places]
