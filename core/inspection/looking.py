"""One photo, looked at through a run's model: all layers, their numbers, any single value.

Every function takes a run's folder and plain values and returns plain values, so that the
engine can be asked by name. What the last photos gave stays at hand, so that hovering is quick.
"""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import LoupeError, NotFound
from core.evaluation.picture_size import asked_picture, picture_for
from core.evaluation.results import run_of
from core.inspection.activations import model_key, viewer, viewer_at_hand
from core.inspection.fields import all_fields
from core.inspection.graph import PICTURE
from core.inspection.layer_facts import layer_facts
from core.inspection.pixel import explain
from core.inspection.pixel_sum import Sum
from core.inspection.viewer import Viewer
from core.kept import Kept, NotAtHand

# Many people look at small networks at once; of large ones the room holds a few.
MOST_PHOTOS, ROOM = 48, 400e6

Size = tuple[int, int]
Values = dict[str, np.ndarray]


def _weight(values: Values) -> float:
    return float(sum(one.nbytes for one in values.values()))


_values: Kept[Values] = Kept(MOST_PHOTOS, ROOM, _weight)


def values(
    run_folder: str,
    source: bytes | str,
    image_size: Size | None = None,
    epoch: int | None = None,
) -> tuple[Viewer, Values]:
    """The run's `Viewer` and what each of its layers makes of a photo, float32.

    The photo itself, as the model is given it, lies under "".

    Args:
        image_size: (height, width) at which the model looks; None for the run's own. So
            everywhere here.
        epoch: As the model was after it; None for the model that was kept.

    Raises:
        LoupeError: If the run's model does not take pictures of `image_size`.
        UnusablePicture: If the photo cannot be read.
        NotFound: If there is no such run, or no model in it yet.
    """
    shown = viewer(run_folder, epoch)

    def look() -> Values:
        picture = asked_picture(run_of(run_folder), source, image_size)
        return {PICTURE: picture.astype(np.float32)} | shown.values(picture)

    return shown, _values.get(_key(run_folder, source, image_size, epoch), look)


def values_at_hand(
    run_folder: str, source: bytes | str, image_size: Size | None = None
) -> tuple[Viewer, Values]:
    """As `values`, without looking: at once, even while a network is being opened.

    Raises:
        NotAtHand: If the photo would have to be looked at first.
    """
    shown = viewer_at_hand(run_folder)
    seen = _values.at_hand(_key(run_folder, source, image_size)) if shown else None
    if shown is None or seen is None:
        raise NotAtHand("The network has not looked at this photo yet.", "Ask once more.")
    return shown, seen


def _key(
    run_folder: str, source: bytes | str, image_size: Size | None, epoch: int | None = None
) -> tuple[Any, ...]:
    spec = picture_for(run_of(run_folder), image_size)
    if isinstance(source, bytes):
        photo: Any = hashlib.sha256(source).hexdigest()
    else:
        photo = source, Path(source).stat().st_mtime_ns if Path(source).exists() else 0
    return model_key(run_folder, epoch), spec.digest(), photo


def output_of(seen: Values, layer_name: str) -> np.ndarray:
    """What a layer gave.

    Raises:
        NotFound: If the model has no such layer.
    """
    if not layer_name or layer_name not in seen:
        raise NotFound(f"The model has no layer called {layer_name!r}.")
    return seen[layer_name]


def layers_of(
    run_folder: str, source: bytes | str, image_size: Size | None = None
) -> list[dict[str, Any]]:
    """Every layer, first to last, in numbers.

    Returns:
        For each: name, kind, sources (the names of the layers before it; "" is the photo),
        has_maps, parameters, and what `layer_facts` says.
    """
    shown, seen = values(run_folder, source, image_size)
    layers: list[tuple[str, Any]] = [(name, shown.steps[name].layer) for name in shown.layer_names]
    return [
        {
            "name": name,
            "kind": type(layer).__name__,
            "sources": list(shown.steps[name].sources),
            "has_maps": seen[name].ndim == 3,
            "parameters": int(layer.count_params()),
            **layer_facts(seen[name]),
        }
        for name, layer in layers
    ]


def value_at(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    place: tuple[int, ...],
    image_size: Size | None = None,
) -> dict[str, Any]:
    """How one value of a layer comes about.

    Args:
        place: (row, column, map), or (unit,) of a layer without maps.

    Returns:
        layer, kind (of the layer), place, sources, given (the layer's own value), field ([top,
        bottom, left, right] on the photo, in pixels of the photo as the model is given it), box
        (the same on the first layer before it, None where that has no places), and sum: the
        fields of `core.inspection.pixel_sum.Sum`.

    Raises:
        NotFound: If the model has no such layer.
        LoupeError: If the layer has no such value.
    """
    shown, seen = values(run_folder, source, image_size)
    place = tuple(place)
    told = explain_in(shown, seen, layer_name, place)
    step, output = shown.steps[layer_name], seen[layer_name]
    shapes = {name: one.shape for name, one in seen.items()}
    fields = all_fields(shown.steps, shapes, layer_name, place[:2] if len(place) == 3 else None)
    before = step.sources[0]
    return {
        "layer": layer_name,
        "kind": type(step.layer).__name__,
        "place": list(place),
        "sources": list(step.sources),
        "given": float(output[place]),
        "field": _edges(fields[PICTURE]),
        "box": _edges(fields[before]) if len(shapes[before]) == 3 else None,
        "sum": asdict(told),
    }


def explain_in(shown: Viewer, seen: Values, layer_name: str, place: tuple[int, ...]) -> Sum:
    """How a value of a layer that was looked at comes about.

    Raises:
        NotFound: If the model has no such layer.
        LoupeError: If the layer has no such value, or it cannot be told how it comes about.
    """
    step = shown.steps.get(layer_name)
    if step is None or layer_name not in seen:
        raise NotFound(f"The model has no layer called {layer_name!r}.")
    if not step.sources or any(name not in seen for name in step.sources):
        raise LoupeError(
            f"What feeds layer {layer_name!r} is not one single output of a layer.",
            "Its values can be looked at, but not how they come about.",
        )
    return explain(step.layer, [seen[name] for name in step.sources], seen[layer_name], place)


def patch_of(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    place: tuple[int, int] | None,
    image_size: Size | None = None,
) -> np.ndarray:
    """The part of the photo that a place of a layer depends on, uint8 (h, w, channels).

    Raises:
        NotFound: If the model has no such layer.
        LoupeError: If the layer has no such place.
    """
    shown, seen = values(run_folder, source, image_size)
    if layer_name not in seen:
        raise NotFound(f"The model has no layer called {layer_name!r}.")
    shapes = {name: one.shape for name, one in seen.items()}
    if place is not None and any(
        not 0 <= at < side for at, side in zip(place, shapes[layer_name], strict=False)
    ):
        raise LoupeError(f"Layer {layer_name!r} has no place {place}.")
    box = all_fields(shown.steps, shapes, layer_name, place)[PICTURE]
    return seen[PICTURE][slice(*box.rows), slice(*box.columns)].astype(np.uint8)


def _edges(box: Any) -> list[int]:
    return [*map(int, box.rows), *map(int, box.columns)]
