"""How often each value comes out of a layer, as a Vega-Lite dictionary."""

from collections.abc import Sequence
from typing import Any

from ui.charts.style import RIGHT
from ui.palette import QUIET

HEIGHT = 190
HEADROOM = 1.25
# Each number by itself: an axis with a format gives all of them the largest one's unit, "0.5k".
SHORT = "format(datum.value, '~s')"


def histogram_chart(
    counts: Sequence[int], low: float, high: float, zeros: float = 0.0
) -> dict[str, Any]:
    """Bars from `low` to `high`; the values that are exactly 0 are a bar of their own colour.

    Args:
        counts: Of equal bins.
        zeros: The share of all values that are exactly 0. Where they would press all other bars
            flat, theirs is cut and says how many they are.
    """
    width = (high - low) / len(counts) or 1 / len(counts)
    total = sum(counts) or 1
    nothing = round(zeros * total)
    home = min(max(int((0 - low) / width), 0), len(counts) - 1) if low <= 0 <= high else None
    rest = [count - nothing if at == home else count for at, count in enumerate(counts)]
    top = (max(rest) or nothing or 1) * HEADROOM
    bars = [
        {
            "from": low + at * width,
            "to": low + (at + 1) * width,
            "count": max(0, count),
            "share": max(0, count) / total,
            "what": "values",
        }
        for at, count in enumerate(rest)
    ]
    layers = [_bars({"values": bars}, RIGHT, top)]
    if home is not None and nothing:
        edges = {"from": low + home * width, "to": low + (home + 1) * width}
        zero = edges | {"count": nothing, "share": zeros, "what": "exactly zero"}
        layers.insert(0, _bars({"values": [zero]}, QUIET, top))
        layers.append(_note(zero, zeros, top))
    return {
        "height": HEIGHT,
        "layer": layers,
        "config": {"view": {"stroke": None}},
    }


def _bars(data: dict[str, Any], color: str, top: float) -> dict[str, Any]:
    return {
        "data": data,
        "mark": {"type": "bar", "color": color, "clip": True, "binSpacing": 1},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "bin": {"binned": True},
                "axis": {"title": "value", "grid": False, "tickCount": 6, "format": "~g"},
            },
            "x2": {"field": "to"},
            "y": {
                "field": "count",
                "type": "quantitative",
                "scale": {"domain": [0, top]},
                "axis": {"title": "how often", "tickCount": 4, "labelExpr": SHORT},
            },
            "tooltip": [
                {"field": "what", "title": "what"},
                {"field": "from", "title": "from", "format": ".3~g"},
                {"field": "to", "title": "to", "format": ".3~g"},
                {"field": "count", "title": "how often", "format": ","},
                {"field": "share", "title": "of all", "format": ".1%"},
            ],
        },
    }


def _note(zero: dict[str, Any], zeros: float, top: float) -> dict[str, Any]:
    return {
        "data": {"values": [zero | {"words": f"{zeros:.0%} exactly zero", "top": top}]},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "top",
            "dx": 12,
            "dy": 2,
            "fontSize": 12,
            "color": QUIET,
        },
        "encoding": {
            "x": {"field": "to", "type": "quantitative"},
            "y": {"field": "top", "type": "quantitative"},
            "text": {"field": "words"},
        },
    }
