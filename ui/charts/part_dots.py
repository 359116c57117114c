"""The accuracy of every part of a cross-validation as a dot, as a Vega-Lite dictionary."""

import math
from collections.abc import Sequence
from typing import Any

from ui.palette import GOOD, QUIET

HEIGHT = 230
MOST_LABELLED = 10  # dots; more would leave no room for their figures
# The axis begins at a multiple of this, at least this far below the lowest dot.
STEP = 0.05


def part_dots(
    parts: Sequence[dict[str, Any]],
    of: int,
    folds: int,
    mean: float | None,
    spread: float | None,
    lowest: float | None = None,
) -> dict[str, Any]:
    """Dots in the order of the training, the mean as a line, the spread as a band around it.

    Args:
        parts: `round`, `part` (from 1), `accuracy` (0..1), `right` and `photos` of each that is
            done.
        of: How many there will be.
        folds: How many parts a round has.
        mean: Of the accuracies; None before the first.
        spread: Their standard deviation; None where there are fewer than two.
        lowest: What the axis must reach down to, so that charts side by side share it; None
            for the lowest dot.
    """
    dots = [_dot(part, folds) for part in parts]
    if lowest is None:
        lowest = min([dot["value"] for dot in dots], default=0.5)
    bottom = max(0.0, STEP * math.floor((lowest - STEP) / STEP))
    waiting = [{"x": x, "value": bottom} for x in _missing(dots, of)]
    y = {
        "type": "quantitative",
        "axis": {"title": None, "format": ".0%", "tickCount": 5},
        "scale": {"domain": [bottom, 1], "zero": False},
    }
    x = {
        "field": "x",
        "type": "quantitative",
        "axis": {
            "title": "Part" if of == folds else "Part, round after round",
            "format": "d",
            "grid": False,
            "values": list(range(1, of + 1, 1 if of <= 20 else 5)),
        },
        "scale": {"domain": [0.5, of + 0.5], "nice": False, "zero": False},
    }
    layers: list[dict[str, Any]] = [
        _mark(waiting, {"type": "tick", "color": QUIET, "opacity": 0.5, "thickness": 2}, x, y),
        _mark(dots, _point(), x, y, _tooltip()),
    ]
    if of <= MOST_LABELLED:
        layers += [_labels(dots, mean, below, x, y) for below in (False, True)]
    if mean is not None:
        layers.insert(0, _level(mean, y))
    if mean is not None and spread is not None:
        layers.insert(0, _band(max(bottom, mean - spread), min(1.0, mean + spread), y))
    return {"height": HEIGHT, "layer": layers}


def spoken_dots(parts: Sequence[dict[str, Any]], mean: float | None) -> str:
    """The same for people who hear it."""
    said = ", ".join(f"{part['accuracy']:.1%}" for part in parts)
    return f"Accuracy of each part: {said}. Mean {mean:.1%}." if said else "No part is done yet."


def _dot(part: dict[str, Any], folds: int) -> dict[str, Any]:
    return {
        "x": (part["round"] - 1) * folds + part["part"],
        "value": part["accuracy"],
        "right": f"{part['right']} of {part['photos']}",
        "name": f"{part['part']} in round {part['round']}",
    }


def _missing(dots: Sequence[dict[str, Any]], of: int) -> list[int]:
    known = {dot["x"] for dot in dots}
    return [x for x in range(1, of + 1) if x not in known]


def _mark(
    values: list[dict[str, Any]], mark: dict[str, Any], x: Any, y: Any, more: Any = None
) -> dict[str, Any]:
    return {
        "data": {"values": values},
        "mark": mark,
        "encoding": {"x": x, "y": {"field": "value", **y}, **(more or {})},
    }


def _point() -> dict[str, Any]:
    return {"type": "point", "filled": True, "size": 110, "opacity": 1, "color": GOOD}


def _labels(
    dots: list[dict[str, Any]], mean: float | None, below: bool, x: Any, y: Any
) -> dict[str, Any]:
    """The figures at the dots, on the side that the line of the mean leaves free."""
    mine = [dot for dot in dots if (mean is not None and dot["value"] < mean) == below]
    text = {"type": "text", "dy": 15 if below else -14, "fontSize": 12, "color": GOOD}
    return _mark(mine, text, x, y, {"text": {"field": "value", "format": ".1%"}})


def _tooltip() -> dict[str, Any]:
    return {
        "tooltip": [
            {"field": "name", "title": "part"},
            {"field": "value", "title": "right", "format": ".1%"},
            {"field": "right", "title": "photos"},
        ]
    }


def _level(mean: float, y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": [{"value": mean}]},
        "mark": {"type": "rule", "color": GOOD, "strokeWidth": 2, "strokeDash": [6, 4]},
        "encoding": {
            "y": {"field": "value", **y},
            "tooltip": [{"field": "value", "title": "mean", "format": ".1%"}],
        },
    }


def _band(low: float, high: float, y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": [{"low": low, "high": high}]},
        "mark": {"type": "rect", "color": GOOD, "opacity": 0.14},
        "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}},
    }
