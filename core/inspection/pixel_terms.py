"""One value as it can be shown and checked: what counts most first, the rest as one number.

Everything is a plain number, text or list, fit for JSON; what is no number is said in words.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.inspection.fields import window_of
from core.inspection.origins import Origin, origins, weighted_channels
from core.inspection.pixel_sum import Place, Sum

# More cells than these are no grid that anybody reads.
MOST_CELLS = 196
MOST_SCORES = 8


def terms_of(
    layer: Any,
    inputs: Sequence[np.ndarray],
    output: np.ndarray,
    place: Place,
    told: Sum,
    most: int = 6,
) -> dict[str, Any]:
    """`told` for the screen.

    Args:
        layer, inputs, output, place: As for `core.inspection.pixel.explain`.
        told: What it gave.
        most: How many channels or values are listed.

    Returns:
        form, says, value, before, bias, activation, numbers; grids (windows of one channel
        each: channel, values and weights in rows or None where there are too many, count, sum)
        or terms (value, weight, product, input and place); rest (count and sum of those that
        are not listed; None if all are); corner, step and size of the layer before, by which a
        cell of a grid is found there; strongest (input, place, value and share of what counts
        most; None if nothing does); scores of a softmax.
    """
    shown: dict[str, Any] = {
        "form": told.kind,
        "says": told.says,
        "value": plain(told.value),
        "before": plain(told.before),
        "bias": plain(told.bias),
        "activation": told.activation,
        "numbers": {name: plain(one) for name, one in told.numbers.items() if "score" not in name},
        "scores": _scores(told, place[-1]),
        "grids": [],
        "terms": [],
        "rest": None,
    }
    with np.errstate(all="ignore"):  # of a network whose numbers grew beyond all bounds
        if told.patch.ndim == 3:
            return shown | _of_window(layer, inputs[0], place, told, most)
        return shown | _of_values(origins(layer, inputs, output, place, told), told, most)


def plain(value: float | None) -> float | str | None:
    """A number of eight digits; words for what is none."""
    if value is None:
        return None
    value = float(value)
    if math.isfinite(value):
        return float(f"{value:.8g}")
    return "not a number" if math.isnan(value) else "infinity" if value > 0 else "−infinity"


def _of_window(layer: Any, given: np.ndarray, place: Place, told: Sum, most: int) -> dict[str, Any]:
    patch = told.patch.astype(np.float64)
    parts = patch if told.kernel is None else patch * told.kernel
    by_channel = np.where(np.isnan(told.patch), 0.0, parts).sum(axis=(0, 1))
    order = np.argsort(-np.nan_to_num(np.abs(by_channel), nan=np.inf), kind="stable")
    first = weighted_channels(layer, place, given, told)
    corner = told.corner or (0, 0)
    windows = window_of(layer)
    step = [one.dilation for one in windows] if windows else [1, 1]
    found: dict[str, Any] = {
        "corner": list(corner),
        "step": step,
        "size": list(given.shape[:2]),
        "strongest": _strongest_cell(parts, told, corner, step, first),
        "rest": _rest(by_channel[order[most:]]),
    }
    if parts.shape[:2] == (1, 1) and told.kernel is not None:
        places = [(*map(int, corner), first + int(channel)) for channel in order[:most]]
        found["terms"] = [
            _term(told, (0, 0, int(channel)), Origin(0, at))
            for channel, at in zip(order[:most], places, strict=True)
        ]
    else:
        found["grids"] = [
            _grid(told, int(channel), first, float(by_channel[channel])) for channel in order[:most]
        ]
    return found


def _grid(told: Sum, channel: int, first: int, total: float) -> dict[str, Any]:
    values = told.patch[..., channel]
    readable = values.size <= MOST_CELLS
    # Where a pooling's window reaches over the edge there is nothing, told by a None.
    pooling = told.kernel is None
    return {
        "channel": first + channel,
        "values": _rows(values, pooling) if readable else None,
        "weights": None
        if told.kernel is None or not readable
        else _rows(told.kernel[..., channel], False),
        "count": int(np.isfinite(values).sum()) if pooling else int(values.size),
        "sum": plain(total),
    }


def _rows(values: np.ndarray, with_gaps: bool) -> list[list[Any]]:
    return [[None if with_gaps and np.isnan(one) else plain(one) for one in row] for row in values]


def _strongest_cell(
    parts: np.ndarray, told: Sum, corner: tuple[int, int], step: Sequence[int], first: int
) -> dict[str, Any] | None:
    sizes = parts if told.kind == "largest" else np.abs(parts)
    sizes = np.where(np.isnan(sizes), -np.inf, sizes)
    row, column, channel = np.unravel_index(int(sizes.argmax()), parts.shape)
    if not np.isfinite(sizes[row, column, channel]):
        return None
    if told.kind != "largest" and parts[row, column, channel] == 0:
        return None
    at = (corner[0] + row * step[0], corner[1] + column * step[1], first + channel)
    if min(at) < 0:
        return None
    return _lead(Origin(0, tuple(map(int, at))), told.patch, parts, (row, column, channel))


def _of_values(leads: list[Origin | None], told: Sum, most: int) -> dict[str, Any]:
    patch = told.patch.astype(np.float64)
    parts = patch if told.kernel is None else patch * told.kernel
    order = np.arange(len(parts))
    if told.kernel is not None or len(parts) > most:
        order = np.argsort(-np.nan_to_num(np.abs(parts), nan=np.inf), kind="stable")
    finite = np.where(np.isfinite(parts), np.abs(parts), -1.0)
    best = int(finite.argmax())
    lead = leads[best] if finite[best] > 0 or len(parts) == 1 else None
    return {
        "terms": [_term(told, (int(at),), leads[at]) for at in order[:most]],
        "rest": _rest(parts[order[most:]]),
        "strongest": None if lead is None else _lead(lead, told.patch, parts, (best,)),
    }


def _term(told: Sum, at: tuple[int, ...], lead: Origin | None) -> dict[str, Any]:
    value = float(told.patch[at])
    weight = None if told.kernel is None else float(told.kernel[at])
    return {
        "value": plain(value),
        "weight": plain(weight),
        "product": plain(value if weight is None else value * weight),
        "input": None if lead is None else lead.input,
        "place": None if lead is None else list(lead.place),
    }


def _lead(lead: Origin, patch: np.ndarray, parts: np.ndarray, at: Any) -> dict[str, Any]:
    return {
        "input": lead.input,
        "place": list(lead.place),
        "value": plain(patch[at]),
        "share": plain(parts[at]),
    }


def _rest(parts: np.ndarray) -> dict[str, Any] | None:
    if not len(parts):
        return None
    return {"count": len(parts), "sum": plain(float(parts.sum()))}


def _scores(told: Sum, unit: int) -> dict[str, Any] | None:
    """What softmax makes shares of: the highest scores, and the sum of e^(score − highest)."""
    scores = np.array([one for name, one in told.numbers.items() if name.startswith("score ")])
    if told.activation != "softmax" or not len(scores):
        return None
    highest = float(scores.max())
    order = np.argsort(-scores, kind="stable")[:MOST_SCORES]
    return {
        "count": len(scores),
        "highest": plain(highest),
        "total": plain(float(np.exp(scores - highest).sum())),
        "top": [{"unit": int(one), "score": plain(scores[one])} for one in order],
    }
