"""Named lines over an axis, with dots for the single values, as a Vega-Lite dictionary."""

from collections.abc import Mapping, Sequence
from typing import Any

from ui.palette import QUIET

HEIGHT = 250


def line_chart(
    lines: Mapping[str, Sequence[tuple[float, float]]],
    colors: Mapping[str, str],
    x_title: str,
    *,
    dots: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    ticks: Sequence[float] = (),
    logarithmic: bool = False,
    used: float | None = None,
    reach: tuple[float, float] = (0.0, 1.0),
) -> dict[str, Any]:
    """Shares of 0..1 over `x_title`.

    Args:
        lines: `(x, share)` by the name of the line.
        colors: `#rrggbb` by the same names.
        dots: Single values that the lines are means of.
        ticks: Where the axis has numbers, from its beginning to its end; none for anywhere.
        logarithmic: Whether equal factors lie equally far apart.
        used: A place that is marked.
        reach: Where the axis of shares begins and ends.
    """
    axis: dict[str, Any] = {"title": x_title, "grid": False}
    scale: dict[str, Any] = {"type": "log" if logarithmic else "linear", "nice": False}
    if ticks:
        axis["values"] = list(ticks)
        scale["domain"] = [ticks[0], ticks[-1]]
    x = {"field": "x", "type": "quantitative", "axis": axis, "scale": scale}
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": None, "format": ".0%", "tickCount": 5},
        "scale": {"domain": list(reach)},
    }
    color = {
        "field": "line",
        "type": "nominal",
        "scale": {"domain": list(colors), "range": list(colors.values())},
        "legend": {"title": None, "orient": "top", "labelLimit": 320},
    }
    tooltip = [
        {"field": "line", "title": " "},
        {"field": "x", "title": x_title},
        {"field": "value", "title": "share", "format": ".1%"},
    ]
    encoding = {"x": x, "y": y, "color": color, "tooltip": tooltip}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": _points(lines)},
            "mark": {"type": "line", "strokeWidth": 2.5, "point": {"filled": True, "size": 50}},
            "encoding": encoding,
        }
    ]
    if dots:
        layers.append(
            {
                "data": {"values": _points(dots)},
                "mark": {"type": "point", "size": 26, "opacity": 0.6},
                "encoding": encoding,
            }
        )
    if used is not None:
        layers.append(
            {
                "data": {"values": [{"x": used}]},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "strokeWidth": 2},
                "encoding": {"x": {"field": "x", "type": "quantitative"}},
            }
        )
    return {"height": HEIGHT, "layer": layers}


def _points(lines: Mapping[str, Sequence[tuple[float, float]]]) -> list[dict[str, Any]]:
    return [
        {"x": x, "value": round(value, 5), "line": name}
        for name, points in lines.items()
        for x, value in points
    ]
