"""Learning curves of twins: every training a line, each side a colour."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from core.training.twin_plan import Side
from ui.charts.curves import LEGEND_CSS
from ui.charts.style import BASE_CSS
from ui.palette import GOOD, WARNING

SIDE_COLORS = {"with": GOOD, "without": WARNING}
HEIGHT = 260


def twin_curves(
    metrics: Mapping[tuple[int, Side], Sequence[dict[str, Any]]],
    titles: Mapping[str, str],
    by_seconds: bool,
) -> dict[str, Any]:
    """Accuracy on the validation photos after every epoch, as a Vega-Lite dictionary.

    Args:
        metrics: The rows of `metrics.jsonl` by seed and side.
        titles: What each side is called.
        by_seconds: Whether the lines run along the seconds of training, else the epochs.
    """
    along = "seconds" if by_seconds else "epoch"
    points = [
        {"x": row[along], "value": row["val_accuracy"], "side": titles[side], "seed": seed}
        for (seed, side), rows in metrics.items()
        for row in rows
        if row.get("val_accuracy") is not None
    ]
    # Keeps the axes where they are before the first value comes.
    frame = [{"x": x, "value": None, "side": title, "seed": -1} for x, title in _corners(titles)]
    domain = [titles[side] for side in SIDE_COLORS]
    side = {"field": "side", "type": "nominal", "legend": None}
    value = {"field": "value", "type": "quantitative"}
    x = {"field": "x", "type": "quantitative"}
    return {
        "height": HEIGHT,
        "title": {
            "text": f"Right on the validation photos, by {'seconds' if by_seconds else 'epochs'}",
            "anchor": "start",
            "fontSize": 14,
        },
        "data": {"values": points + frame},
        "mark": {"type": "line", "strokeWidth": 2, "opacity": 0.85, "point": {"size": 16}},
        "encoding": {
            "x": {**x, "axis": {"title": None, "format": "d", "grid": False, "tickMinStep": 1}},
            "y": {
                **value,
                "axis": {"title": None, "tickCount": 5, "format": ".0%"},
                "scale": {"domain": [0, 1]},
            },
            "color": {**side, "scale": {"domain": domain, "range": list(SIDE_COLORS.values())}},
            "strokeDash": {**side, "scale": {"domain": domain, "range": [[1, 0], [5, 3]]}},
            "detail": {"field": "seed", "type": "nominal"},
            "tooltip": [
                {"field": "side", "title": "trained"},
                {"field": "seed", "title": "seed"},
                {**x, "title": along, "format": ".1~f"},
                {**value, "title": "right", "format": ".1%"},
            ],
        },
    }


def _corners(titles: Mapping[str, str]) -> list[tuple[float, str]]:
    return [(x, title) for x in (0.0, 1.0) for title in titles.values()]


def twin_legend(titles: Mapping[str, str]) -> str:
    """What the colours of the curves mean, as HTML."""
    marks = "".join(
        f"<span><i class='lp-chip' style='background:{color}'></i>{escape(titles[side])}</span>"
        for side, color in SIDE_COLORS.items()
    )
    return f"<style>{BASE_CSS}{LEGEND_CSS}</style><div class='lp-legend'>{marks}</div>"
