"""How a quantity is spread over the photos of each class; its outliers can be clicked."""

from collections.abc import Sequence
from typing import Any

from core.datasets.statistics import Quantity, Spread
from ui.palette import class_colors

ROW = 34  # pixels of height per class


def spread_chart(
    spreads: Sequence[Spread], quantity: Quantity, class_names: Sequence[str]
) -> dict[str, Any]:
    """A box per class, as a Vega-Lite dictionary whose selection `outlier` holds an `id`."""
    colors = class_colors(class_names)
    boxes = [
        {
            "label": one.label,
            "photos": one.count,
            "low": one.low,
            "first": one.first,
            "median": one.median,
            "third": one.third,
            "high": one.high,
        }
        for one in spreads
    ]
    points = [
        {"label": one.label, "id": photo_id, "value": value}
        for one in spreads
        for photo_id, value in one.outliers
    ]
    y = {"field": "label", "type": "nominal", "title": None, "sort": None}
    scale = {"domain": list(colors), "range": list(colors.values())}
    color = {"field": "label", "type": "nominal", "scale": scale, "legend": None}
    return {
        "height": {"step": ROW},
        "data": {"values": boxes},
        "encoding": {"y": y, "color": color},
        "layer": [
            _layer("rule", "low", "high", quantity, size=1.5),
            _layer("bar", "first", "third", quantity, size=15, opacity=0.75),
            {
                "mark": {"type": "tick", "color": "white", "thickness": 2.5, "size": 15},
                "encoding": {
                    "x": {"field": "median", "type": "quantitative"},
                    "color": {"value": "white"},
                    "tooltip": _tooltip(),
                },
            },
            {
                "name": "outliers",
                "data": {"values": points},
                "mark": {"type": "circle", "size": 46, "opacity": 0.75, "cursor": "pointer"},
                "encoding": {
                    "x": {"field": "value", "type": "quantitative"},
                    "y": y,
                    "color": color,
                    "tooltip": [
                        {"field": "label", "title": "class"},
                        {"field": "value", "format": ".3~g", "title": quantity.title},
                    ],
                },
            },
        ],
        "params": [
            {
                "name": "outlier",
                "select": {"type": "point", "fields": ["id"]},
                "views": ["outliers"],
            }
        ],
    }


def _layer(kind: str, low: str, high: str, quantity: Quantity, **mark: Any) -> dict[str, Any]:
    title = f"{quantity.title} ({quantity.unit})"
    return {
        "mark": {"type": kind, **mark},
        "encoding": {
            "x": {"field": low, "type": "quantitative", "title": title},
            "x2": {"field": high},
            "tooltip": _tooltip(),
        },
    }


def _tooltip() -> list[dict[str, str]]:
    form = ".3~g"
    return [
        {"field": "label", "title": "class"},
        {"field": "photos", "title": "photos", "format": ","},
        {"field": "median", "title": "median", "format": form},
        {"field": "first", "title": "a quarter is below", "format": form},
        {"field": "third", "title": "a quarter is above", "format": form},
    ]
