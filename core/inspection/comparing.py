"""Two looks at a network side by side: which layers and which maps answer differently.

Two photos, a photo and its varied copy, two epochs of a training, or two trainings.
"""

from typing import Any

import numpy as np

from core.errors import LoupeError, NotFound
from core.inspection import atlas
from core.inspection.graph import PICTURE
from core.inspection.looking import Values, values
from core.inspection.looks import Look
from core.inspection.similar_layers import alike_up_to_order, partners
from core.models.loading import two_columns

# A map whose values hardly move says the same of everything: nothing to compare.
SMALLEST = 1e-6
COLUMNS = 8
ORDERS = ("layer", "changed", "alike")


def compare(one: Look, other: Look, same_maps: bool = True) -> dict[str, Any]:
    """How alike the layers of two looks are.

    Args:
        same_maps: Whether map n of one is map n of the other, as within one training. The maps
            of two trainings come in no common order; see `core.inspection.similar_layers`.

    Returns:
        layers: for each layer that both have, first to last: name, has_maps, shape, likeness
        (0..1, None where it cannot be said) and, with `same_maps`, anywhere (the same after
        each map was averaged over its places: what was seen, wherever), drift (how far the
        values moved, as a share of their size, 0..2) and maps (the drift of each, a list).
        missing: the names of the layers that only one has, or that have another shape.
        answers: the class probabilities of both, two lists.

    Raises:
        UnusablePicture: If a photo cannot be read.
        NotFound: If a run has no model, or no snapshot of the epoch.
    """
    ours, theirs = _seen(one), _seen(other)
    shared = [name for name in ours if name != PICTURE and _fits(ours, theirs, name, same_maps)]
    tell = _layer if same_maps else _of_two_trainings
    return {
        "layers": [tell(name, ours[name], theirs[name]) for name in shared],
        "missing": sorted({*ours, *theirs} - {*shared, PICTURE}),
        "answers": [_answer(ours), _answer(theirs)],
    }


def side_by_side(
    one: Look,
    other: Look,
    layer_name: str,
    index: int = 0,
    order: str = "layer",
    same_maps: bool = True,
) -> dict[str, Any]:
    """The maps of a layer in two looks, and one of them with its values.

    Args:
        index: The number of a map of `one`.
        order: How the maps are sorted: "layer" as they come, "changed" those that drift most
            first, "alike" those that drift least first.
        same_maps: See `compare`; without, each map stands beside the one of the other network
            that answers most like it.

    Returns:
        layer, index, count, order (the numbers of the maps of `one`, as they are drawn), drifts
        (of each map, by its number), sides (two, each with png, columns, rows, cell, gap: all
        maps; map: its number; values, float32 (height, width); low and high of its colours) and
        palette (bytes, red, green, blue from low to high).

    Raises:
        NotFound: If the layers cannot be compared, or have no maps or no such map.
    """
    ours, theirs = _seen(one), _seen(other)
    if not _fits(ours, theirs, layer_name, same_maps) or ours[layer_name].ndim != 3:
        raise NotFound(
            f"The maps of layer {layer_name!r} cannot be compared.", "Choose another layer."
        )
    a, b = ours[layer_name], theirs[layer_name]
    count = a.shape[-1]
    if not 0 <= index < count:
        raise NotFound(
            f"Layer {layer_name!r} has no map {index}.", f"Its maps are 0 to {count - 1}."
        )
    beside = np.arange(count) if same_maps else partners(a, b)
    b = b[..., beside]
    drifts = drift(*(_by_map(one if same_maps else _standard(one)) for one in (a, b)))
    places = _sorted(drifts, order)
    sheets = _sheets(a[..., places], b[..., places], same_maps)
    bounds = [_bounds(a[..., index]), _bounds(b[..., index])]
    if same_maps:
        low, high = np.min(bounds, axis=0)[0], np.max(bounds, axis=0)[1]
        bounds = [(float(low), float(high))] * 2
    return {
        "layer": layer_name,
        "index": index,
        "count": count,
        "order": places.tolist(),
        "drifts": drifts.tolist(),
        "palette": atlas.palette()[: 3 * atlas.LEVELS],
        "sides": [
            {
                "png": atlas.encode(sheet.pixels),
                **sheet.layout(),
                "map": int(number),
                "values": np.ascontiguousarray(maps[..., index], np.float32),
                "low": low,
                "high": high,
            }
            for sheet, number, maps, (low, high) in zip(
                sheets, (index, beside[index]), (a, b), bounds, strict=True
            )
        ],
    }


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The cosine of the angle between two arrays, −1..1; 1 if both are nothing."""
    sizes = float(np.linalg.norm(one) * np.linalg.norm(other))
    if sizes < SMALLEST:
        return 1.0 if np.allclose(one, other, atol=SMALLEST) else 0.0
    return float(np.vdot(one, other) / sizes)


def drift(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """float32 (maps,): ‖one − other‖ over the mean of both sizes, for each column, 0..2.

    0: the map says the same of both (it is invariant); 2: the opposite.
    """
    moved = np.linalg.norm(one - other, axis=0)
    size = (np.linalg.norm(one, axis=0) + np.linalg.norm(other, axis=0)) / 2
    return np.divide(moved, size, out=np.zeros_like(moved), where=size > SMALLEST)


def _seen(look: Look) -> Values:
    look = Look(*look)
    return values(look.run_folder, look.source, look.image_size, look.epoch)[1]


def _fits(ours: Values, theirs: Values, name: str, same_maps: bool) -> bool:
    if name not in ours or name not in theirs or name == PICTURE:
        return False
    one, other = ours[name].shape, theirs[name].shape
    # Two trainings may have another number of maps, so long as their places are the same.
    return one == other if same_maps else len(one) == len(other) == 3 and one[:2] == other[:2]


def _layer(name: str, one: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    a, b = _by_map(one), _by_map(other)
    return {
        "name": name,
        "has_maps": one.ndim == 3,
        "shape": list(one.shape),
        "likeness": likeness(one, other),
        "anywhere": likeness(a.mean(axis=0), b.mean(axis=0)),
        "drift": float(drift(one.reshape(-1, 1), other.reshape(-1, 1))[0]),
        "maps": drift(a, b).tolist(),
    }


def _of_two_trainings(name: str, one: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    found = alike_up_to_order(_by_map(one), _by_map(other), one.shape[:2])
    return {"name": name, "has_maps": True, "shape": list(one.shape), "likeness": found}


def _answer(seen: Values) -> list[float]:
    last = list(seen.values())[-1]
    return [float(share) for share in two_columns(last.reshape(1, -1))[0]]


def _by_map(maps: np.ndarray) -> np.ndarray:
    """(places, maps)."""
    return maps.reshape(-1, maps.shape[-1])


def _standard(maps: np.ndarray) -> np.ndarray:
    """Each map with mean 0 and size 1: networks answer on scales of their own."""
    centred = maps - maps.mean(axis=(0, 1))
    size = np.linalg.norm(centred, axis=(0, 1))
    return np.divide(centred, size, out=np.zeros_like(centred), where=size > SMALLEST)


def _sorted(drifts: np.ndarray, order: str) -> np.ndarray:
    if order not in ORDERS:
        raise LoupeError(f"There is no order {order!r}.", f"Choose one of {', '.join(ORDERS)}.")
    if order == "layer":
        return np.arange(len(drifts))
    return np.argsort(-drifts if order == "changed" else drifts, kind="stable")


def _sheets(a: np.ndarray, b: np.ndarray, one_scale: bool) -> list[atlas.Sheet]:
    """Both atlases; on one scale a map has the same colours in both."""
    columns = min(COLUMNS, a.shape[-1])
    if not one_scale:
        return [atlas.draw(maps, columns=columns) for maps in (a, b)]
    both = atlas.levels(np.concatenate([a, b]))
    return [atlas.draw_levels(part, columns) for part in (both[: len(a)], both[len(a) :])]


def _bounds(one: np.ndarray) -> tuple[float, float]:
    return float(one.min()), float(one.max())
