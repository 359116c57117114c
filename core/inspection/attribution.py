"""Which pixels speak for a class: several ways to ask, under one name each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from core.errors import LoupeError, NotFound
from core.evaluation.picture_size import asked_picture
from core.evaluation.results import require_model, run_of
from core.inspection.attribution_words import METHOD_WORDS, Words
from core.inspection.faithfulness import faithfulness
from core.inspection.grad_cam import (
    grad_cam,
    grad_cam_plus_plus,
    last_layer_with_maps,
    require_class,
)
from core.inspection.gradients import integrated_gradients, smooth_grad
from core.inspection.occlusion import occlusion
from core.models.loading import load_model, predict_probabilities

Explain = Callable[[keras.Model, np.ndarray, int, str | None], np.ndarray]


@dataclass(frozen=True)
class Method:
    """A way to explain an answer.

    Attributes:
        words: What it is called and says.
        explain: (model, picture, class index, layer name or None) to (height, width) or
            (height, width, channels).
    """

    words: Words
    explain: Explain


WAYS: dict[str, Explain] = {
    "grad-cam": grad_cam,
    "grad-cam++": grad_cam_plus_plus,
    "integrated-gradients": lambda model, picture, index, layer: integrated_gradients(
        model, picture, index
    ),
    "smoothgrad": lambda model, picture, index, layer: smooth_grad(model, picture, index),
    "occlusion": lambda model, picture, index, layer: occlusion(model, picture, index),
}
METHODS = {name: Method(words, WAYS[name]) for name, words in METHOD_WORDS.items()}


def get_method(name: str) -> Method:
    """The method called `name`.

    Raises:
        NotFound: If there is none; names those that exist.
    """
    if name not in METHODS:
        raise NotFound(f"There is no method {name!r}.", f"Choose one of {', '.join(METHODS)}.")
    return METHODS[name]


def of_run(
    run_folder: str,
    source: bytes | str,
    method: str,
    class_name: str | None = None,
    layer_name: str | None = None,
    judged: bool = False,
    image_size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Asks a run's model about one photo.

    Args:
        source: The photo as the bytes of its file, or the path of the file.
        method: A key of `METHODS`.
        class_name: Which class is asked about. Default: the one the model answers with.
        layer_name: For methods that look at a layer. Default: the last one with maps.
        judged: Whether to measure insertion and deletion, too.
        image_size: (height, width) to be asked at; None for the run's own.

    Returns:
        method, class, class_index, probability, layer (or None), input (float32 (1, height,
        width, channels), 0..255), attribution (float32 (1, height, width) or, where the method
        tells channels apart, (1, height, width, channels)), heat (float32 (height, width), what
        is drawn), signed, and with `judged` faithfulness, a dict of lists and numbers. With
        integrated gradients also difference: how much more probable the class is than in a
        black picture, which is what they should sum to.

    Raises:
        NotFound: If there is no such run, model, method, class or layer.
        LoupeError: If the layer has no maps, or a layer is named that the method does not use.
        UnusablePicture: If the photo cannot be read.
    """
    run, way = run_of(run_folder), get_method(method)
    model = load_model(require_model(run))
    if layer_name and not way.words.has_layer:
        raise LoupeError(
            f"{way.words.title} looks at the photo's pixels, not at a layer.",
            "Leave the layer out, or ask for grad-cam.",
        )
    picture = asked_picture(run, source, image_size)
    probabilities = predict_probabilities(model, picture[None])[0]
    names = list(run.config.class_names)
    index = int(probabilities.argmax()) if class_name is None else _index(names, class_name)
    require_class(model, index)
    layer = (layer_name or last_layer_with_maps(model)) if way.words.has_layer else None
    attribution = way.explain(model, picture, index, layer)
    heat = per_pixel(attribution)
    found = {
        "method": method,
        "class": names[index],
        "class_index": index,
        "probability": float(probabilities[index]),
        "layer": layer,
        "input": picture[None].astype(np.float32),
        "attribution": attribution[None],
        "heat": heat,
        "signed": way.words.signed,
    }
    if method == "integrated-gradients":
        black = predict_probabilities(model, np.zeros_like(picture)[None])[0]
        found["difference"] = float(probabilities[index]) - float(black[index])
    if judged:
        found["faithfulness"] = _plain(faithfulness(model, picture, index, heat)._asdict())
    return found


def per_pixel(attribution: np.ndarray) -> np.ndarray:
    """float32 (height, width): the sum over the channels, if there are several."""
    return attribution if attribution.ndim == 2 else attribution.sum(axis=-1)


def _index(names: list[str], class_name: str) -> int:
    if class_name not in names:
        raise NotFound(
            f"The model knows no class {class_name!r}.", f"Choose one of {', '.join(names)}."
        )
    return names.index(class_name)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }
