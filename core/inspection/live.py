"""A small trained network as plain numbers, so that a browser can compute it while one draws.

What goes out is weights and the names of known operations, never code. The file is: the length
of a header, uint32; the header, JSON in UTF-8, padded with spaces to a multiple of four bytes;
then all weights, float32. Everything is little-endian.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.errors import LoupeError
from core.evaluation.picture_size import picture_for
from core.evaluation.results import run_of
from core.inspection.activations import viewer
from core.inspection.graph import PICTURE, Step
from core.inspection.live_layers import Told, Unsupported, told

# What a browser on an ordinary laptop computes in about a tenth of a second.
MOST_WORK = 120_000_000  # multiplications
MOST_WEIGHTS = 2_000_000
MOST_VALUES = 1_500_000  # of all layers together
MOST_NAMED = 3


def fitness(run_folder: str) -> dict[str, Any]:
    """Whether a run's network can be computed in a browser while one draws.

    Returns:
        fits, and what forbids it in sentences as problems, its size first; weights, and work in
        multiplications.

    Raises:
        NotFound: If there is no such run, or no model in it yet.
    """
    steps, shapes = _network(run_folder)
    layers, unknown = _described(steps, shapes)
    weights = viewer(run_folder).model.count_params()
    work, values = sum(layer.work for layer in layers), _values(shapes)
    sizes = ((weights, MOST_WEIGHTS, "weights"), (work, MOST_WORK, "multiplications a picture"))
    problems = [
        f"It has {number:,} {words}; {most:,} are the most that stay quick."
        for number, most, words in (*sizes, (values, MOST_VALUES, "values in all its layers"))
        if number > most
    ]
    problems += unknown
    return {"fits": not problems, "problems": problems, "weights": weights, "work": work}


def export_network(run_folder: str) -> bytes:
    """The run's network as this module's docstring says.

    The header holds picture [height, width, channels], class_names, and layers, first to last:
    name, kind, sources (numbers of the layers before it, -1 is the picture), shape, the settings
    of its kind (see `core.inspection.live_layers`), and weights ({name: [first, count]}).

    Raises:
        LoupeError: If the network cannot be computed there, see `fitness`.
        NotFound: If there is no such run, or no model in it yet.
    """
    fit = fitness(run_folder)
    if not fit["fits"]:
        raise LoupeError(
            "This network cannot react while one draws. " + " ".join(fit["problems"]),
            "Choose a run with a small network, such as small-cnn.",
        )
    steps, shapes = _network(run_folder)
    layers, _ = _described(steps, shapes)
    order = {name: place for place, name in enumerate(steps)}
    blobs: list[np.ndarray] = []
    entries = [
        {
            "name": step.name,
            "kind": layer.kind,
            "class": type(step.layer).__name__,
            "sources": [order.get(source, -1) for source in step.sources],
            "shape": list(shapes[step.name]),
            "weights": _kept(layer.weights, blobs),
            **layer.settings,
        }
        for step, layer in zip(steps.values(), layers, strict=True)
    ]
    header = {
        "picture": list(shapes[PICTURE]),
        "class_names": list(run_of(run_folder).config.class_names),
        "layers": entries,
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(one.tobytes() for one in blobs)


def _network(run_folder: str) -> tuple[dict[str, Step], dict[str, tuple[int, ...]]]:
    """The steps of the run's network, and the shapes of their outputs and of the picture."""
    shown = viewer(run_folder)
    picture = np.zeros(picture_for(run_of(run_folder)).shape, np.uint8)
    shapes = {name: one.shape for name, one in shown.values(picture).items()}
    return shown.steps, {PICTURE: picture.shape, **shapes}


def _described(
    steps: Mapping[str, Step], shapes: Mapping[str, tuple[int, ...]]
) -> tuple[list[Told], list[str]]:
    """The layers that are known, and sentences about the others."""
    layers, problems = [], []
    for step in steps.values():
        try:
            before = [shapes[source] for source in step.sources]
            layers.append(told(step.layer, before, shapes[step.name]))
        except Unsupported as error:
            problems.append(f"Layer “{step.name.rpartition('/')[2]}” {error}.")
    more = len(problems) - MOST_NAMED
    if more > 0:
        problems = [*problems[:MOST_NAMED], f"So it is with {more:,} more of its layers."]
    return layers, problems


def _values(shapes: Mapping[str, tuple[int, ...]]) -> int:
    return sum(int(np.prod(shape)) for shape in shapes.values())


def _kept(weights: Mapping[str, np.ndarray], blobs: list[np.ndarray]) -> dict[str, list[int]]:
    places = {}
    for name, one in weights.items():
        first = sum(blob.size for blob in blobs)
        blobs.append(np.ascontiguousarray(one, "<f4").reshape(-1))
        places[name] = [first, one.size]
    return places
