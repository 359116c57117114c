"""How alike two looks are, layer by layer, as a Vega-Lite dictionary, and its legend."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ui.palette import CLASS_COLORS, QUIET

HEIGHT = 240
SOLID, DASHED = [1, 0], [5, 4]
FEW, LARGE, SMALL = 40, 34, 14  # layers; points in square pixels


def likeness_chart(
    names: Sequence[str],
    lines: Mapping[str, Sequence[float | None]],
    chosen: str | None = None,
    dashed: str = "",
) -> dict[str, Any]:
    """A line per measure over the layers, from the picture to the answer.

    Args:
        names: Of the layers, in order.
        lines: By what they are called: a likeness per layer, −1..1, None where there is none.
        chosen: The layer that is looked at; a rule marks it.
        dashed: The line that is only there for scale.
    """
    values: list[dict[str, Any]] = [
        {"place": place + 1, "layer": name, "likeness": round(share, 4), "what": what}
        for what, line in lines.items()
        for place, (name, share) in enumerate(zip(names, line, strict=True))
        if share is not None
    ]
    lowest = min([0.0, *(value["likeness"] for value in values)])
    titles = list(lines)
    styles = _colors(titles, dashed)
    dashes = [DASHED if title == dashed else SOLID for title in titles]
    place = {"field": "place", "type": "quantitative"}
    axis = {"title": "layers, from the picture to the answer", "grid": False, "tickMinStep": 1}
    scale = {"domain": [1, max(2, len(names))], "nice": False}
    size = LARGE if len(names) <= FEW else SMALL
    curve = {
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": size}},
        "encoding": {
            "x": place | {"axis": axis, "scale": scale},
            "y": {
                "field": "likeness",
                "type": "quantitative",
                "scale": {"domain": [lowest, 1]},
                "axis": {"title": "alike", "format": "%", "tickCount": 5},
            },
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": titles, "range": styles},
                "legend": None,
            },
            "strokeDash": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": titles, "range": dashes},
                "legend": None,
            },
            "tooltip": [
                {"field": "layer", "title": "layer"},
                {"field": "what", "title": "measured"},
                {"field": "likeness", "format": ".0%", "title": "alike"},
            ],
        },
    }
    if chosen not in names:
        return {"height": HEIGHT, "layer": [curve]}
    rule = {
        "data": {"values": [{"place": names.index(chosen) + 1}]},
        "mark": {"type": "rule", "strokeWidth": 1.5, "strokeDash": [3, 3], "color": QUIET},
        "encoding": {"x": place | {"axis": axis, "scale": scale}},
    }
    return {"height": HEIGHT, "layer": [rule, curve]}


def likeness_legend(titles: Sequence[str], dashed: str = "") -> str:
    """What the lines mean, as HTML: it breaks where a telephone is narrow."""
    entries = "".join(
        f"<span><i style='border-top: 3px {'dashed' if title == dashed else 'solid'} {color}'></i>"
        f"{escape(title)}</span>"
        for title, color in zip(titles, _colors(titles, dashed), strict=True)
    )
    return f"<style>{CSS}</style><div class='lp-likeness'>{entries}</div>"


def _colors(titles: Sequence[str], dashed: str) -> list[str]:
    return [QUIET if title == dashed else CLASS_COLORS[n] for n, title in enumerate(titles)]


CSS = """
.lp-likeness {display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem}
.lp-likeness span {display: flex; align-items: center; gap: .5em}
.lp-likeness i {width: 1.6em; flex: none}
"""
