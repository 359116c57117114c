"""A whole network at once: for one photo, the busiest maps of each layer and what feeds them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from core.evaluation.results import run_of
from core.images import encode_png, thumbnail
from core.inspection.graph import PICTURE, Step
from core.inspection.looking import values
from core.inspection.overview_groups import blocks_of, grouped, shown_layers
from core.inspection.overview_links import Shapes, is_one_to_one, links

MOST_MAPS, MOST_UNITS, MOST_CLASSES = 8, 16, 12
LARGEST_CELL = 72  # pixels
LARGEST_PHOTO = 224
Size = tuple[int, int]


class Sprite(NamedTuple):
    """All thumbnails in one picture: a strip of equal cells per layer, strips on top of each other.

    Attributes:
        pixels: uint8 (height, width), 0 for a map's lowest value and 255 for its highest.
        tops: Where each layer's strip begins.
        cells: (height, width) of each layer's thumbnails.
    """

    pixels: np.ndarray
    tops: dict[str, int]
    cells: dict[str, Size]


def overview(
    run_folder: str,
    source: bytes | str,
    opened: Sequence[str] = (),
    every_layer: bool = False,
    image_size: Size | None = None,
) -> dict[str, Any]:
    """Everything that a drawing of the whole network needs.

    Args:
        run_folder: A run with a trained model.
        source: The photo as the bytes of its file, or the path of the file.
        opened: Names of the groups of which every layer is shown.
        every_layer: Whether all are.
        image_size: (height, width) at which the model looks; None for the run's own.

    Returns:
        columns: for each layer that is shown: layer, kind (class of the layer), group and title
        (of its group), kinds (of all layers in the group), open, shape, units, shown (the
        numbers of its units that are shown), lows and highs (of each of those), low and high (of
        all), has_maps, and for maps top and cell [height, width] of its strip in the sprite.
        edges: from and to (numbers of columns, 0 is the photo) and strength (rows: shown there,
        columns: shown here, 0..1 of the strongest into that layer). png: the sprite, see `Sprite`.
        photo: a PNG, as the model sees it, but no larger than LARGEST_PHOTO; picture: [height,
        width] at which the model sees it. probabilities: of every class.

    Raises:
        UnusablePicture: If the photo cannot be read.
        NotFound: If there is no such run, or no model in it yet.
    """
    shown, seen = values(run_folder, source, image_size)
    steps = {name: step for name, step in shown.steps.items() if name in seen}
    shapes = {name: one.shape for name, one in seen.items()}
    blocks = blocks_of(shown.model, run_of(run_folder).config.recipe.architecture)
    groups = grouped(steps, blocks)
    opened = [group.name for group in groups] if every_layer else opened
    columns = shown_layers(groups, opened)
    busy = {name: _busy(seen[name]) for name in steps}
    units = busiest(steps, shapes, busy, list(columns))
    sprite = draw_sprite({name: seen[name][..., units[name]] for name in columns})
    places = {name: place for place, name in enumerate([PICTURE, *columns])}
    kinds = {name: _kind(step.layer) for name, step in steps.items()}
    return {
        "columns": [
            {
                "layer": name,
                "kind": kinds[name],
                "group": group.name,
                "title": group.title,
                "kinds": [kinds[one] for one in group.layers],
                "open": group.name in opened,
                **_column(seen[name], units[name]),
                **_strip(sprite, name),
            }
            for name, group in columns.items()
        ],
        "edges": [
            {"from": places[start], "to": places[end], "strength": np.round(rows, 2).tolist()}
            for (start, end), rows in links(steps, shapes, units, busy).items()
        ],
        "png": encode_png(sprite.pixels),
        "photo": encode_png(thumbnail(seen[PICTURE].astype(np.uint8), LARGEST_PHOTO)),
        "picture": list(shapes[PICTURE][:2]),
        "probabilities": probabilities(seen[list(steps)[-1]]),
    }


def busiest(
    steps: Mapping[str, Step],
    shapes: Shapes,
    busy: Mapping[str, np.ndarray],
    columns: Sequence[str],
) -> dict[str, list[int]]:
    """The numbers of the units of each column in which most goes on, in their order.

    Layers that work on each map for itself show the maps of the layer before them, so that a
    map can be followed through them; the last of such a chain chooses.
    """
    chains: dict[str, str] = {}
    for name in reversed(list(steps)):
        chains.setdefault(name, name)
        if is_one_to_one(steps[name], shapes):
            for one in steps[name].sources:
                chains.setdefault(one, chains[name])
    answer = list(steps)[-1]
    return {name: _most(busy[chains[name]], _room(name, answer, shapes)) for name in columns}


def draw_sprite(layers: Mapping[str, np.ndarray]) -> Sprite:
    """The maps among `layers`, float32 (height, width, maps) each, as one picture."""
    strips, tops, cells, top = [], {}, {}, 0
    for name, maps in layers.items():
        if maps.ndim != 3:
            continue
        small = _shrunk(np.nan_to_num(maps, posinf=0.0, neginf=0.0))
        height, width, count = small.shape
        low, high = _ends(maps)
        share = (small - low) / np.where(high > low, high - low, 1)
        pixels = np.round(255 * np.clip(share, 0, 1)).astype(np.uint8)
        strips.append(pixels.transpose(0, 2, 1).reshape(height, count * width))
        tops[name], cells[name] = top, (height, width)
        top += height
    widest = max((strip.shape[1] for strip in strips), default=1)
    padded = [np.pad(strip, ((0, 0), (0, widest - strip.shape[1]))) for strip in strips]
    pixels = np.concatenate(padded) if padded else np.zeros((1, 1), np.uint8)
    return Sprite(pixels, tops, cells)


def probabilities(answer: np.ndarray) -> list[float]:
    """The answer as a probability per class; a single sigmoid is that of the second class."""
    flat = np.nan_to_num(answer.reshape(-1).astype(np.float64))
    pair = [1 - flat[0], flat[0]] if len(flat) == 1 else flat
    return [round(float(one), 6) for one in pair]


def _kind(layer: Any) -> str:
    return type(getattr(layer, "operation", layer)).__name__


def _busy(output: np.ndarray) -> np.ndarray:
    """How much goes on in each unit: the spread of a map, the size of a number."""
    finite = np.nan_to_num(output, posinf=0.0, neginf=0.0)
    lively = finite.std(axis=(0, 1)) if finite.ndim == 3 and finite[..., 0].size > 1 else None
    if lively is None:
        lively = np.abs(finite.reshape(-1, finite.shape[-1])[0])
    return lively.astype(np.float32)


def _room(name: str, answer: str, shapes: Shapes) -> int:
    if name == answer:
        return MOST_CLASSES
    return MOST_MAPS if len(shapes[name]) == 3 else MOST_UNITS


def _most(lively: np.ndarray, most: int) -> list[int]:
    return sorted(np.argsort(-lively, kind="stable")[:most].tolist())


def _column(output: np.ndarray, units: Sequence[int]) -> dict[str, Any]:
    finite = np.nan_to_num(output, posinf=0.0, neginf=0.0)
    lows, highs = _ends(finite[..., list(units)])
    return {
        "shape": list(output.shape),
        "units": int(output.shape[-1]),
        "shown": list(units),
        "lows": [float(f"{one:.5g}") for one in lows],
        "highs": [float(f"{one:.5g}") for one in highs],
        "low": float(f"{finite.min():.5g}"),
        "high": float(f"{finite.max():.5g}"),
        "has_maps": output.ndim == 3,
    }


def _strip(sprite: Sprite, name: str) -> dict[str, Any]:
    if name not in sprite.tops:
        return {}
    return {"top": sprite.tops[name], "cell": list(sprite.cells[name])}


def _ends(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest value of each map, or unit."""
    finite = np.nan_to_num(maps, posinf=0.0, neginf=0.0)
    by_unit = finite.reshape(-1, finite.shape[-1])
    return by_unit.min(axis=0), by_unit.max(axis=0)


def _shrunk(maps: np.ndarray) -> np.ndarray:
    longest = max(maps.shape[:2])
    if longest <= LARGEST_CELL:
        return maps
    height, width = (max(1, round(side * LARGEST_CELL / longest)) for side in maps.shape[:2])
    each = (np.ascontiguousarray(maps[..., number]) for number in range(maps.shape[-1]))
    small = [cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in each]
    return np.stack(small, axis=-1)
