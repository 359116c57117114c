"""How sure a model is at growing strength, as a Vega-Lite dictionary."""

from collections.abc import Sequence
from typing import Any

from core.evaluation.strength_curve import Point
from ui.charts.curves import LEGEND_CSS
from ui.charts.style import BASE_CSS
from ui.palette import CLASS_COLORS, GOOD, QUIET

HEIGHT = 260
SURE_COLOR, RIGHT_COLOR = CLASS_COLORS[0], GOOD
SURE, MIDDLE, RIGHT, USED = (
    "how sure of the right class, on average",
    "the middle half of the photos",
    "share still named rightly",
    "your range",
)


def strength_chart(
    points: Sequence[Point], title: str, used: float | None = None
) -> dict[str, Any]:
    """Line and band of how sure it is, a dashed line of the share that is right.

    Args:
        points: In the order of the strip; the axis runs from the first to the last.
        title: Of the axis of strengths.
        used: Strength that is marked.
    """
    downwards = points[-1].value < points[0].value
    values = [
        {name: round(value, 4) for name, value in point.__dict__.items() if name[:5] != "less_"}
        for point in points
    ]
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": title, "grid": False},
        "scale": {"reverse": downwards, "nice": False, "zero": False},
    }
    layers = [
        {
            "mark": {"type": "area", "color": SURE_COLOR, "opacity": 0.2},
            "encoding": {"y": _share("low"), "y2": {"field": "high"}},
        },
        _line("right", RIGHT_COLOR, strokeDash=[6, 4], strokeWidth=2),
        _line("mean", SURE_COLOR, strokeWidth=2.5),
        _dots("right", RIGHT_COLOR, "square"),
        _dots("mean", SURE_COLOR, "circle"),
    ]
    chart: dict[str, Any] = {
        "height": HEIGHT,
        "data": {"values": values},
        "encoding": {"x": x},
        "layer": layers,
    }
    if used is not None:
        layers.append(_mark(used))
    return chart


def strength_legend(used: bool) -> str:
    """What lines and band mean, as HTML."""
    entries = [
        (f"border-top: 3px solid {SURE_COLOR}", SURE),
        (f"background: {SURE_COLOR}; opacity: .35; height: .72em", MIDDLE),
        (f"border-top: 3px dashed {RIGHT_COLOR}", RIGHT),
    ]
    if used:
        entries.append((f"border-left: 3px dotted {QUIET}; height: 1em; width: 3px", USED))
    spans = "".join(
        f"<span><i class='lp-line' style='{style}'></i>{words}</span>" for style, words in entries
    )
    return f"<style>{BASE_CSS}{LEGEND_CSS}{CSS}</style><div class='lp-legend'>{spans}</div>"


def _share(field: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "axis": {"title": None, "format": ".0%", "tickCount": 5},
        "scale": {"domain": [0, 1]},
    }


def _line(field: str, color: str, **more: Any) -> dict[str, Any]:
    return {"mark": {"type": "line", "color": color, **more}, "encoding": {"y": _share(field)}}


def _dots(field: str, color: str, shape: str) -> dict[str, Any]:
    percent = ".0%"
    tooltip = [
        {"field": "value", "title": "strength", "type": "quantitative"},
        {"field": "mean", "title": "sure of the right class", "format": percent},
        {"field": "mean_low", "title": "its mean: from", "format": percent},
        {"field": "mean_high", "title": "its mean: to (95 %)", "format": percent},
        {"field": "low", "title": "middle half: from", "format": percent},
        {"field": "high", "title": "middle half: to", "format": percent},
        {"field": "right", "title": "named rightly", "format": percent},
        {"field": "right_low", "title": "rightly: from", "format": percent},
        {"field": "right_high", "title": "rightly: to (95 %)", "format": percent},
    ]
    return {
        "mark": {
            "type": "point",
            "filled": True,
            "shape": shape,
            "color": color,
            "size": 55,
            "opacity": 1,
        },
        "encoding": {"y": _share(field), "tooltip": tooltip},
    }


def _mark(used: float) -> dict[str, Any]:
    return {
        "data": {"values": [{"value": used}]},
        "mark": {"type": "rule", "color": QUIET, "strokeDash": [2, 3], "strokeWidth": 2.5},
        "encoding": {"tooltip": [{"field": "value", "title": "your range ends at"}]},
    }


CSS = """
.lp-line {display: inline-block; width: 1.5em; vertical-align: middle; margin-right: .45em}
"""
