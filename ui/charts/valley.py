"""The way down a valley, and what an average makes of a wobbling way, as Vega-Lite dictionaries."""

from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Any

from ui.charts.style import RIGHT
from ui.palette import GOOD, QUIET, WARNING

HEIGHT, AVERAGE_HEIGHT = 180, 170
ACROSS, UP = 0.2, 0.075  # how far the picture reaches from the ground, to each side
LEVELS, CORNERS = 5, 60


def valley_chart(path: Sequence[Sequence[float]], steepness: Sequence[float]) -> dict[str, Any]:
    """Lines of equal height, and the way from its first to its last place.

    Args:
        path: `[x, y]` of each place; the ground is at (0, 0).
        steepness: Along x and y: the height is half the sum of steepness times place squared.
    """
    points = [
        {"x": round(x, 5), "y": round(y, 5), "step": step} for step, (x, y) in enumerate(path)
    ]
    ends = [points[0] | {"end": "start"}, points[-1] | {"end": "end"}]
    order = {"field": "step", "type": "quantitative"}
    return {
        "height": HEIGHT,
        "encoding": {"x": _hidden("x", ACROSS), "y": _hidden("y", UP)},
        "layer": [
            {
                "data": {"values": _levels(steepness)},
                "mark": {"type": "line", "color": QUIET, "opacity": 0.4, "clip": True},
                "encoding": {"order": order, "detail": {"field": "level"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": RIGHT, "strokeWidth": 2, "clip": True},
                "encoding": {"order": order},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 14, "color": RIGHT, "clip": True},
                "encoding": {"tooltip": [{"field": "step", "title": "after steps"}]},
            },
            {
                "data": {"values": ends},
                "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "clip": True},
                "encoding": {
                    "color": {
                        "field": "end",
                        "type": "nominal",
                        "scale": {"domain": ["start", "end"], "range": [WARNING, GOOD]},
                        "legend": None,
                    },
                    "tooltip": [{"field": "end", "title": "of the way"}],
                },
            },
        ],
    }


def average_chart(
    values: Sequence[float], averages: Sequence[float], names: tuple[str, str]
) -> dict[str, Any]:
    """A wobbling line and its running average, by steps."""
    points = [
        {"step": step + 1, "value": round(value, 5), "line": name}
        for name, line in zip(names, (values, averages), strict=True)
        for step, value in enumerate(line)
    ]
    return {
        "height": AVERAGE_HEIGHT,
        "data": {"values": points},
        "mark": {"type": "line", "interpolate": "linear"},
        "encoding": {
            "x": {
                "field": "step",
                "type": "quantitative",
                "axis": {"title": None, "grid": False, "tickCount": 6, "format": "d"},
            },
            "y": {
                "field": "value",
                "type": "quantitative",
                "axis": {"title": None, "labels": False, "ticks": False, "tickCount": 4},
                "scale": {"zero": False},
            },
            "color": {
                "field": "line",
                "type": "nominal",
                "scale": {"domain": list(names), "range": [QUIET, GOOD]},
                "legend": {"title": None, "orient": "top"},
            },
            "strokeWidth": {
                "field": "line",
                "type": "nominal",
                "scale": {"domain": list(names), "range": [1, 3]},
                "legend": None,
            },
        },
    }


def _levels(steepness: Sequence[float]) -> list[dict[str, float]]:
    """Ellipses of equal height, as far as the picture reaches."""
    points = []
    for level in range(1, LEVELS + 1):
        radius = ACROSS * level / LEVELS
        for corner in range(CORNERS + 1):
            angle = 2 * pi * corner / CORNERS
            y = radius * sin(angle) * sqrt(steepness[0] / steepness[1])
            points.append(
                {"x": radius * cos(angle), "y": y, "step": float(corner), "level": float(level)}
            )
    return points


def _hidden(field: str, reach: float) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-reach, reach], "nice": False},
    }
