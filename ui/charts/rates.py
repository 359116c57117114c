"""A learning-rate range test as a Vega-Lite dictionary: the loss at every rate tried."""

from typing import Any

from core.training.rate_curve import RateCurve
from core.training.schedule import rate_in_words
from ui.charts.curves import LEGEND_CSS
from ui.charts.style import BASE_CSS, RIGHT
from ui.palette import GOOD, QUIET, WARNING

HEIGHT = 260
RAW, SMOOTHED, TAKE, PRESENT = (
    "loss of each batch",
    "the same, smoothed",
    "suggested rate",
    "the rate you have",
)
# An explosion would press all that matters flat: the axis ends this far above where it began.
HEADROOM = 0.35


def rate_chart(curve: RateCurve) -> dict[str, Any]:
    """Raw and smoothed loss over the rates, on a logarithmic axis, with the rates marked."""
    rows = zip(curve.rates, curve.losses, curve.smoothed, strict=True)
    low, high = loss_range(curve)
    points = [
        {
            "rate": rate,
            "loss": round(loss, 5),
            "smoothed": round(smoothed, 5),
            "words": rate_in_words(rate),
        }
        for rate, loss, smoothed in rows
    ]
    layers = [
        _layer({"type": "point", "filled": True, "size": 16, "color": QUIET}, "loss", low, high),
        _layer({"type": "line", "color": RIGHT, "strokeWidth": 2.5}, "smoothed", low, high),
        _rule(curve.present, PRESENT, WARNING, [4, 4]),
    ]
    rate = curve.suggestion.rate
    if rate is not None:
        layers += [_rule(rate, TAKE, GOOD, [1, 0]), _mark(curve, rate, low, high)]
    return {
        "height": HEIGHT,
        "title": {"text": "Loss, by learning rate", "anchor": "start", "fontSize": 14},
        "data": {"values": points},
        "encoding": {
            "x": {
                "field": "rate",
                "type": "quantitative",
                "scale": {"type": "log", "domain": _domain(curve), "nice": False},
                "axis": {"title": None, "format": "~g", "grid": False, "tickCount": 6},
            }
        },
        "layer": layers,
    }


def rate_legend(curve: RateCurve) -> str:
    """What points, line and marks mean, as HTML."""
    entries = [
        (f"height: .5em; width: .5em; border-radius: 50%; background: {QUIET}", RAW),
        (f"border-top: 3px solid {RIGHT}", SMOOTHED),
        (f"border-top: 3px dashed {WARNING}", f"{PRESENT}, {rate_in_words(curve.present)}"),
    ]
    if curve.suggestion.rate is not None:
        words = f"{TAKE}, {rate_in_words(curve.suggestion.rate)}"
        entries.append((f"border-top: 3px solid {GOOD}", words))
    spans = "".join(
        f"<span><i class='lp-rate-line' style='{style}'></i>{words}</span>"
        for style, words in entries
    )
    return f"<style>{BASE_CSS}{LEGEND_CSS}{CSS}</style><div class='lp-legend'>{spans}</div>"


def loss_range(curve: RateCurve) -> tuple[float, float]:
    """The part of the loss that is shown: from the lowest to a little above the first."""
    if not curve.losses:
        return 0.0, 1.0
    low = min(0.0, *curve.smoothed)
    begin = max(curve.smoothed[: max(1, len(curve.smoothed) // 2)])
    return low, low + (begin - low) * (1 + HEADROOM) or 1.0


def _domain(curve: RateCurve) -> list[float]:
    known = [*curve.rates, curve.present]
    return [min(known), max(known)]


def _layer(mark: dict[str, Any], field: str, low: float, high: float) -> dict[str, Any]:
    tooltip = [
        {"field": "words", "type": "nominal", "title": "learning rate"},
        {"field": "loss", "type": "quantitative", "title": "loss", "format": ".3f"},
        {"field": "smoothed", "type": "quantitative", "title": "smoothed", "format": ".3f"},
    ]
    return {
        "mark": {**mark, "clip": True, "opacity": 1 if mark["type"] == "line" else 0.55},
        "encoding": {"y": _y(field, low, high), "tooltip": tooltip},
    }


def _y(field: str, low: float, high: float) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 5, "format": ".2~f"},
        "scale": {"domain": [low, high], "nice": False},
    }


def _rule(rate: float, title: str, color: str, dash: list[int]) -> dict[str, Any]:
    return {
        "data": {"values": [{"rate": rate, "words": rate_in_words(rate)}]},
        "mark": {"type": "rule", "color": color, "strokeWidth": 2, "strokeDash": dash},
        "encoding": {"tooltip": [{"field": "words", "type": "nominal", "title": title}]},
    }


def _mark(curve: RateCurve, rate: float, low: float, high: float) -> dict[str, Any]:
    place = min(range(len(curve.rates)), key=lambda at: abs(curve.rates[at] - rate))
    value = {"rate": rate, "smoothed": curve.smoothed[place], "words": rate_in_words(rate)}
    return {
        "data": {"values": [value]},
        "mark": {"type": "point", "filled": True, "size": 110, "color": GOOD, "opacity": 1},
        "encoding": {
            "y": _y("smoothed", low, high),
            "tooltip": [{"field": "words", "type": "nominal", "title": TAKE}],
        },
    }


CSS = """
.lp-rate-line {display: inline-block; width: 1.5em; vertical-align: middle; margin-right: .45em}
"""
