"""How errors change with freedom, and with epochs, as Vega-Lite dictionaries."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.concepts.overfitting import Errors
from ui.palette import CLASS_COLORS, QUIET

OWN, NEW = "on what it learnt from", "on what is new"
COLORS = {OWN: CLASS_COLORS[1], NEW: CLASS_COLORS[0]}
HEIGHT, LINE, MOST_ERROR = 210, 15, 1.5


def freedom_chart(errors: Sequence[Errors], chosen: int) -> dict[str, Any]:
    """Both errors over the degrees of freedom, with a mark at the chosen one."""
    points = [
        {"x": one.degree, "value": round(min(value, MOST_ERROR * 4), 5), "line": name}
        for one in errors
        for name, value in ((OWN, one.train), (NEW, one.fresh))
    ]
    largest = min(MOST_ERROR, max(max(one.train, one.fresh) for one in errors))
    scale = {"domain": [0, largest], "clamp": True}
    return _chart(points, "Freedom of the curve", "off by", [(chosen, "yours")], scale)


def epochs_chart(
    curves: Mapping[str, Sequence[float]], marks: Sequence[tuple[int, str]]
) -> dict[str, Any]:
    """Both losses over the epochs, with named marks at some of them."""
    points = [
        {"x": epoch + 1, "value": round(value, 5), "line": name}
        for name, values in ((OWN, curves["loss"]), (NEW, curves["val_loss"]))
        for epoch, value in enumerate(values)
    ]
    return _chart(points, "Epoch", "loss", marks, {"zero": True})


def _chart(
    points: list[dict[str, Any]],
    x_title: str,
    y_title: str,
    marks: Sequence[tuple[int, str]],
    scale: dict[str, Any],
) -> dict[str, Any]:
    x = {
        "field": "x",
        "type": "quantitative",
        "axis": {"title": x_title, "grid": False, "format": "d", "tickMinStep": 1},
        "scale": {"nice": False, "zero": False},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": y_title, "tickCount": 4},
        "scale": scale,
    }
    rules = [{"x": place, "name": name} for place, name in marks]
    return {
        "height": HEIGHT,
        "data": {"values": points},
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2.5, "clip": True},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {
                        "field": "line",
                        "type": "nominal",
                        "scale": {"domain": list(COLORS), "range": list(COLORS.values())},
                        "legend": {"title": None, "orient": "top", "labelLimit": 300},
                    },
                    "tooltip": [
                        {"field": "line", "title": " "},
                        {"field": "x", "title": x_title},
                        {"field": "value", "title": y_title, "format": ".3f"},
                    ],
                },
            },
            {
                "data": {"values": rules},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "strokeWidth": 2},
                "encoding": {
                    "x": {"field": "x", "type": "quantitative"},
                    # Below all names, so that none of them is struck through.
                    "y": {"value": LINE * len(rules)},
                    "y2": {"value": "height"},
                },
            },
            *(_name(rule, LINE * at) for at, rule in enumerate(rules)),
        ],
    }


def _name(rule: dict[str, Any], down: int) -> dict[str, Any]:
    """The name of a mark beside it; each a line below the one before, for they may be near."""
    return {
        "data": {"values": [rule]},
        "mark": {"type": "text", "align": "left", "baseline": "top", "dx": -1, "color": QUIET},
        "encoding": {
            "x": {"field": "x", "type": "quantitative"},
            "y": {"value": 2 + down},
            "text": {"field": "name"},
        },
    }
