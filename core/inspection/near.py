"""What a hover asks: how a value comes about, and those beside it."""

from typing import Any

import numpy as np

from core.errors import LoupeError
from core.inspection.graph import Formula
from core.inspection.looking import Size, Values, explain_in, output_of, values, values_at_hand
from core.inspection.pixel_sum import Place, Sum
from core.inspection.pixel_terms import plain, terms_of
from core.inspection.viewer import Viewer

MOST_REACH, MOST_LISTED = 3, 64
# What rounding may change, of numbers as they are and of those with half the digits.
CLOSE, HALF_CLOSE = 1e-4, 2e-2
BEYOND_BOUNDS = (
    "This value is no number any more: somewhere before it a number grew beyond all bounds. "
    "Train again with a lower learning rate."
)


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
    output = require_output(seen, layer_name)
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


def require_output(seen: Values, layer_name: str) -> np.ndarray:
    """What a layer gave: maps or a row of units.

    Raises:
        NotFound: If the model has no such layer.
        LoupeError: If its output is neither.
    """
    output = output_of(seen, layer_name)
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
