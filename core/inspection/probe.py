"""Moving over one map of a layer, value by value: what is needed at once, and what a hover asks."""

from typing import Any

import numpy as np

from core.errors import LoupeError, NotFound
from core.images import encode_jpeg, encode_png
from core.inspection import atlas
from core.inspection.fields import all_fields
from core.inspection.graph import PICTURE, Formula
from core.inspection.looking import Size, Values, explain_in, values, values_at_hand
from core.inspection.pixel_sum import Place, Sum
from core.inspection.pixel_terms import plain, terms_of
from core.inspection.viewer import Viewer

MOST_REACH, MOST_LISTED = 3, 64
# In a row, units would be a line of points: they are folded into several.
UNITS_PER_ROW = 16
# A larger photo is told as a JPEG: a PNG of it would be slow to send.
LARGEST_PNG = 256
# What rounding may change, of numbers as they are and of those with half the digits.
CLOSE, HALF_CLOSE = 1e-4, 2e-2
BEYOND_BOUNDS = (
    "This value is no number any more: somewhere before it a number grew beyond all bounds. "
    "Train again with a lower learning rate."
)


def probe(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    index: int,
    image_size: Size | None = None,
) -> dict[str, Any]:
    """One map of a layer (or all units of a layer without maps), to be moved over.

    Args:
        index: Of the map; of a layer without maps it is not used.
        image_size: (height, width) at which the model looks; None for the run's own.

    Returns:
        layer, units (whether it has units instead of maps), count (of maps or units), shape
        [rows, columns] as drawn, values float32 (rows, columns) with NaN where a row of units
        ends early, png (the values in colours, a pixel each), photo (a picture file, as the
        model gets it), photo_kind, photo_size [height, width], colours (its channels), rows and
        columns: of each row [top, bottom] and of each column [left, right] of the receptive
        field on the photo.

    Raises:
        NotFound: If the model has no such layer, or the layer no such map.
        LoupeError: If the layer's values are neither maps nor a row of units.
    """
    shown, seen = values(run_folder, source, image_size)
    output = _require(seen, layer_name)
    count, picture = output.shape[-1], np.rint(seen[PICTURE]).astype(np.uint8)
    if not 0 <= index < count:
        what = "map" if output.ndim == 3 else "unit"
        raise NotFound(
            f"Layer {layer_name!r} has no {what} {index}.", f"Its {what}s are 0 to {count - 1}."
        )
    drawn = _folded(output) if output.ndim == 1 else output[..., index]
    rows, columns = _fields(shown, seen, layer_name)
    small = max(picture.shape[:2]) <= LARGEST_PNG
    return {
        "layer": layer_name,
        "units": output.ndim == 1,
        "count": int(count),
        "shape": list(drawn.shape),
        "values": drawn,
        "png": atlas.encode(atlas.levels(drawn[..., None])[..., 0]),
        "photo": (encode_png if small else encode_jpeg)(picture),
        "photo_kind": "image/png" if small else "image/jpeg",
        "photo_size": list(picture.shape[:2]),
        "colours": int(picture.shape[2]),
        "rows": rows,
        "columns": columns,
    }


def values_near(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    place: Place,
    reach: int = 0,
    most: int = 6,
    image_size: Size | None = None,
    at_hand: bool = False,
) -> list[dict[str, Any]]:
    """How a value comes about, and those beside it, fit for JSON.

    Args:
        place: (row, column, map), or (unit,) of a layer without maps.
        reach: How far to the sides, 0 to `MOST_REACH`.
        most: How many channels or values are listed of each.
        at_hand: Whether to answer only if the photo was looked at before.

    Returns:
        For each: place, given (the layer's own value), sources (names of the layers before it;
        "" is the photo), note (what is odd about it, or ""), and what `terms_of` says; without
        the latter where nobody knows how the layer computes, which the note then tells. The
        place that was asked for comes first. Where what counts most comes from an operation
        between layers, strongest leads on to the layer behind it.

    Raises:
        NotFound: If the model has no such layer.
        LoupeError: If the layer has no such value.
        NotAtHand: With `at_hand`, if the photo was not looked at.
    """
    shown, seen = (values_at_hand if at_hand else values)(run_folder, source, image_size)
    output = _require(seen, layer_name)
    _require_place(layer_name, output, place)
    reach, most = min(max(reach, 0), MOST_REACH), min(max(most, 1), MOST_LISTED)
    around = _around(place, output.shape, reach)
    return [_told(shown, seen, layer_name, one, most) for one in around]


def _told(shown: Viewer, seen: Values, name: str, place: Place, most: int) -> dict[str, Any]:
    output, step = seen[name], shown.steps.get(name)
    found: dict[str, Any] = {
        "place": list(place),
        "given": plain(output[place]),
        "sources": [] if step is None else list(step.sources),
        "note": "",
    }
    try:
        told = explain_in(shown, seen, name, place)
    except LoupeError as error:
        if not np.isfinite(output[place]):
            return found | {"note": BEYOND_BOUNDS}
        return found | {"note": str(error)}
    assert step is not None  # noqa: S101 - else there is nothing to explain
    inputs = [seen[one] for one in step.sources]
    terms = terms_of(step.layer, inputs, output, place, told, most)
    lead = terms["strongest"]
    if lead is not None:
        lead["source"] = step.sources[lead["input"]]
        terms["strongest"] = _to_a_layer(shown, seen, lead)
    return found | terms | {"note": _note(step.layer, told, float(output[place]))}


def _to_a_layer(shown: Viewer, seen: Values, lead: dict[str, Any]) -> dict[str, Any] | None:
    """Operations between layers have no page of their own: the lead goes on through them."""
    through = []
    while (step := shown.steps.get(lead["source"])) is not None and isinstance(step.layer, Formula):
        place = tuple(lead["place"])
        try:
            told = explain_in(shown, seen, step.name, place)
            inputs = [seen[one] for one in step.sources]
            found = terms_of(step.layer, inputs, seen[step.name], place, told)["strongest"]
        except LoupeError:
            return None
        if found is None:
            return None
        through.append(step.name)
        lead = lead | {
            "source": step.sources[found["input"]],
            "place": found["place"],
            "value": found["value"],
        }
    return lead | {"through": through}


def _note(layer: Any, told: Sum, given: float) -> str:
    if not np.isfinite(given):
        return BEYOND_BOUNDS
    digits = str(getattr(layer, "compute_dtype", "float32"))
    half = digits in ("float16", "bfloat16")
    close = HALF_CLOSE if half else CLOSE
    if abs(told.value - given) <= close * max(1.0, abs(given)):
        return (
            f"The network computes with fewer digits ({digits}), so the last ones differ."
            if half
            else ""
        )
    return (
        f"These numbers come to {told.value:.6g}, but the layer gave {given:.6g}: it does more "
        "than is known here."
    )


def _require(seen: Values, layer_name: str) -> np.ndarray:
    if not layer_name or layer_name not in seen:
        raise NotFound(f"The model has no layer called {layer_name!r}.")
    output = seen[layer_name]
    if output.ndim not in (1, 3):
        raise LoupeError(
            f"Layer {layer_name!r} gives numbers in {output.ndim} directions "
            f"({' × '.join(map(str, output.shape))}), neither maps nor a row of units.",
            "Look at the layer before or behind it.",
        )
    return output


def _require_place(layer_name: str, output: np.ndarray, place: Place) -> None:
    if len(place) != output.ndim or any(
        not 0 <= at < size for at, size in zip(place, output.shape, strict=False)
    ):
        raise LoupeError(
            f"Layer {layer_name!r} has no value at {', '.join(map(str, place))}.",
            f"Its output has the shape {' × '.join(map(str, output.shape))}.",
        )


def _around(place: Place, shape: tuple[int, ...], reach: int) -> list[Place]:
    sides = [
        range(max(0, at - reach), min(size, at + reach + 1))
        for at, size in zip(place[:2], shape[:2], strict=True)
    ]
    if len(place) == 1:
        found: list[Place] = [(unit,) for unit in sides[0]]
    else:
        found = [(row, column, place[2]) for row in sides[0] for column in sides[1]]
    return sorted(found, key=lambda one: one != place)


def _folded(units: np.ndarray) -> np.ndarray:
    columns = min(len(units), max(UNITS_PER_ROW, round((3 * len(units)) ** 0.5)))
    rows = -(-len(units) // columns)
    drawn = np.full(rows * columns, np.nan, np.float32)
    drawn[: len(units)] = units
    return drawn.reshape(rows, columns)


def _fields(
    shown: Viewer, seen: Values, layer_name: str
) -> tuple[list[list[int]], list[list[int]]]:
    """Rows depend on rows alone and columns on columns, so one of each is enough."""
    shapes = {name: one.shape for name, one in seen.items()}
    shape = shapes[layer_name]
    if len(shape) != 3:
        whole = all_fields(shown.steps, shapes, layer_name, None)[PICTURE]
        return [list(map(int, whole.rows))], [list(map(int, whole.columns))]

    def at(row: int, column: int) -> Any:
        return all_fields(shown.steps, shapes, layer_name, (row, column))[PICTURE]

    rows = [list(map(int, at(row, 0).rows)) for row in range(shape[0])]
    columns = [list(map(int, at(0, column).columns)) for column in range(shape[1])]
    return rows, columns
