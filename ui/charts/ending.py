"""The losses of a training, with the epoch that is kept and the one after which it would end."""

from collections.abc import Mapping, Sequence
from typing import Any

from ui.charts.curves import SEEN, SEEN_COLOR, UNSEEN, UNSEEN_COLOR, curve_points
from ui.palette import WARNING

HEIGHT = 200
# Leaps of the loss above this many times its median are cut off, so that the rest can be read,
# unless it began there.
LEAP = 2.5


def ending_chart(rows: Sequence[dict[str, Any]], found: Mapping[str, Any]) -> dict[str, Any]:
    """Both losses by epochs, as a Vega-Lite dictionary.

    Args:
        rows: A run's `metrics.jsonl`.
        found: What `core.training.replay.replay` found: `stopped_after` and `kept`.
    """
    points = [point for point in curve_points(rows, "loss") if point["value"] is not None]
    kept = [row for row in rows if row["epoch"] == found["kept"]]
    loss = "val_loss" if any("val_loss" in row for row in rows) else "loss"
    dots = [{"epoch": row["epoch"], "value": row[loss], "what": "kept"} for row in kept]
    epoch = {"field": "epoch", "type": "quantitative"}
    value = {"field": "value", "type": "quantitative"}
    axis = {"title": None, "tickMinStep": 1, "format": "d", "grid": False}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": points},
            "mark": {"type": "line", "strokeWidth": 2, "clip": True},
            "encoding": {
                "color": {
                    "field": "photos",
                    "type": "nominal",
                    "scale": {"domain": [SEEN, UNSEEN], "range": [SEEN_COLOR, UNSEEN_COLOR]},
                    "legend": None,
                }
            },
        },
        {
            "data": {"values": dots},
            "mark": {
                "type": "point",
                "filled": True,
                "size": 140,
                "color": UNSEEN_COLOR,
                "opacity": 1,
            },
            "encoding": {"tooltip": [{"field": "what"}, epoch]},
        },
    ]
    if found["stopped_after"] is not None:
        layers.append(
            {
                "data": {"values": [{"epoch": found["stopped_after"]}]},
                "mark": {"type": "rule", "color": WARNING, "strokeDash": [4, 3], "strokeWidth": 2},
                "encoding": {"tooltip": [{**epoch, "title": "would have ended after epoch"}]},
            }
        )
    return {
        "height": HEIGHT,
        "title": {"text": "Loss, by epochs", "anchor": "start", "fontSize": 14},
        "encoding": {
            "x": {**epoch, "axis": axis, "scale": {"zero": False, "nice": False}},
            "y": {
                **value,
                "axis": {"title": None, "tickCount": 4, "format": "~g"},
                # By its root, so that small losses are told apart below a high beginning.
                "scale": {"type": "sqrt", "domain": _domain(points), "nice": False},
            },
        },
        "layer": layers,
    }


def _domain(points: Sequence[dict[str, Any]]) -> list[float]:
    """What the losses reach, without leaps."""
    losses = sorted(point["value"] for point in points)
    first = min(point["epoch"] for point in points)
    begun = max(point["value"] for point in points if point["epoch"] == first)
    top = min(losses[-1], max(begun, LEAP * losses[len(losses) // 2]))
    return [0.9 * losses[0], 1.05 * top]
