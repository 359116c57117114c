"""Learning curves as Vega-Lite dictionaries, small enough to be sent every second."""

from collections.abc import Mapping, Sequence
from typing import Any

from ui.charts.style import BASE_CSS
from ui.palette import GOOD, QUIET

SEEN, UNSEEN = "photos it learns from", "photos it has not seen"
SEEN_COLOR, UNSEEN_COLOR = QUIET, GOOD
CURVE_HEIGHT = 250
# Keeps the axes where they are before the first value comes.
FRAME = [{"epoch": epoch, "value": None, "photos": "none"} for epoch in (0, 1)]
LEGEND_CSS = """
.lp-legend {display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; font-size: .88rem; opacity: .85}
"""


def accuracy_curve(
    metrics: Sequence[dict[str, Any]], live: Mapping[str, Sequence[float]] | None = None
) -> dict[str, Any]:
    """Accuracy, 0 to 100 %, on training and validation photos.

    Args:
        metrics: Dictionaries with `epoch`, `accuracy` and `val_accuracy`, as in
            a run's `metrics.jsonl`. Missing values are left out.
        live: The running values batch by batch: equally long lists under `epoch`,
            `accuracy` and `loss`. They take the place of the training photos' points.
    """
    points = curve_points(metrics, "accuracy", live)
    return _curve(points, "Accuracy, by epochs", {"domain": [0, 1]}, ".0%", ".1%")


def loss_curve(
    metrics: Sequence[dict[str, Any]], live: Mapping[str, Sequence[float]] | None = None
) -> dict[str, Any]:
    """Loss on training and validation photos; lower is better. Arguments as `accuracy_curve`."""
    points = curve_points(metrics, "loss", live)
    return _curve(points, "Loss, by epochs", {"zero": True, "nice": True}, ".2~f", ".3f")


def curve_legend() -> str:
    """What the colours of both curves mean, as HTML."""
    return (
        f"<style>{BASE_CSS}{LEGEND_CSS}</style><div class='lp-legend'>"
        f"<span><i class='lp-chip' style='background:{SEEN_COLOR}'></i>{SEEN}</span>"
        f"<span><i class='lp-chip' style='background:{UNSEEN_COLOR}'></i>{UNSEEN}</span></div>"
    )


def curve_points(
    metrics: Sequence[dict[str, Any]],
    quantity: str,
    live: Mapping[str, Sequence[float]] | None = None,
) -> list[dict[str, Any]]:
    """The points of both lines in long form: `epoch`, `value`, `photos`."""
    unseen = _epoch_points(metrics, "val_" + quantity, UNSEEN) + FRAME
    if live and live.get("epoch"):
        pairs = zip(live["epoch"], live[quantity], strict=True)
        return [{"epoch": x, "value": y, "photos": SEEN} for x, y in pairs] + unseen
    return _epoch_points(metrics, quantity, SEEN) + unseen


def _epoch_points(
    metrics: Sequence[dict[str, Any]], column: str, photos: str
) -> list[dict[str, Any]]:
    return [
        {"epoch": row["epoch"], "value": row[column], "photos": photos}
        for row in metrics
        if row.get(column) is not None
    ]


def _curve(
    points: list[dict[str, Any]],
    title: str,
    scale: dict[str, Any],
    axis_format: str,
    tooltip_format: str,
) -> dict[str, Any]:
    value = {"field": "value", "type": "quantitative"}
    epoch = {"field": "epoch", "type": "quantitative"}
    return {
        "height": CURVE_HEIGHT,
        "title": {"text": title, "anchor": "start", "fontSize": 14},
        "data": {"values": points},
        "encoding": {
            "x": {
                **epoch,
                "axis": {"title": None, "tickMinStep": 1, "format": "d", "grid": False},
                "scale": {"zero": True, "nice": False},
            },
            "y": {
                **value,
                "axis": {"title": None, "tickCount": 5, "format": axis_format},
                "scale": scale,
            },
            "color": {
                "field": "photos",
                "type": "nominal",
                "scale": {"domain": [SEEN, UNSEEN], "range": [SEEN_COLOR, UNSEEN_COLOR]},
                "legend": None,
            },
            "tooltip": [
                {"field": "photos", "type": "nominal"},
                {**epoch, "format": ".1~f"},
                {**value, "title": title.split(",")[0].lower(), "format": tooltip_format},
            ],
        },
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2.5, "interpolate": "linear"}},
            {
                "transform": [{"filter": {"field": "photos", "equal": UNSEEN}}],
                "mark": {"type": "point", "filled": True, "size": 26, "opacity": 1},
            },
        ],
    }
