"""How a quantity is spread over up to three groups of photos, one row each, as HTML.

The groups differ in colour and in the sign that marks their middle. A band shows what the
photos of training span; photos outside of it stand there one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from ui.charts.style import BASE_CSS
from ui.palette import BAD, QUIET

RAW, COPIES, SEEN = "raw", "copies", "seen"
COLORS = {RAW: QUIET, COPIES: "#cc5c0a", SEEN: "#1f77b8"}
BINS = 64
SMOOTH = 1.6  # bins
MOST_DOTS = 80


@dataclass(frozen=True, eq=False)
class Group:
    """One row of a chart.

    Attributes:
        kind: `RAW`, `COPIES` or `SEEN`: its colour and its sign.
        values: float (n,).
    """

    kind: str
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Range:
    """One chart.

    Attributes:
        title, unit: What is on its axis.
        groups: Its rows, from top to bottom.
        low, high: The band.
        verdict: A few words on the right of the title, "" for none.
        bad: Whether they are a warning.
    """

    title: str
    unit: str
    groups: Sequence[Group]
    low: float
    high: float
    verdict: str = ""
    bad: bool = False


def ranges_html(charts: Sequence[Range], names: dict[str, str]) -> str:
    """All charts in a grid, below a legend.

    Args:
        charts: In their order.
        names: What each kind of group is called; the legend has them in this order.
    """
    legend = "".join(
        f"<span><i class='sign {kind}'></i>{escape(name)}</span>" for kind, name in names.items()
    )
    band = "<span><i class='swatch'></i>what training shows (98 % of its copies)</span>"
    drawn = "".join(_chart(chart, names) for chart in charts)
    return (
        f"<style>{BASE_CSS}{CSS}</style><div class='lp-ranges'>"
        f"<div class='legend'>{legend}{band}</div><div class='grid'>{drawn}</div></div>"
    )


def _chart(chart: Range, names: dict[str, str]) -> str:
    low, high = _axis(chart)
    margin = max((high - low) * 0.03, 1e-6)
    ends = low - margin, high + margin
    left, right = (_percent(value, ends) for value in (chart.low, chart.high))
    rows = "".join(_row(group, chart, ends, names[group.kind]) for group in chart.groups)
    word = f"<span class='{'bad' if chart.bad else ''}'>{escape(chart.verdict)}</span>"
    return (
        f"<section><header><b>{escape(chart.title)}</b>{word if chart.verdict else ''}</header>"
        f"<div class='plot'><div class='band' style='left:{left:.2f}%;width:{right - left:.2f}%'>"
        f"</div>{rows}</div><footer><span>{_number(low, high - low)}</span>"
        f"<span>{escape(chart.unit)}</span><span>{_number(high, high - low)}</span></footer>"
        "</section>"
    )


def _axis(chart: Range) -> tuple[float, float]:
    """From least to most, but not for the sake of a few odd copies."""
    parts = [
        group.values if group.kind == SEEN else np.percentile(group.values, (0.5, 99.5))
        for group in chart.groups
    ]
    every = np.concatenate([*parts, (chart.low, chart.high)])
    return float(every.min()), float(every.max())


def _row(group: Group, chart: Range, ends: tuple[float, float], name: str) -> str:
    first, middle, third = np.percentile(group.values, (25, 50, 75)).tolist()
    span = ends[1] - ends[0]
    outside = group.values[(group.values < chart.low) | (group.values > chart.high)]
    dots = ""
    if group.kind == SEEN:
        dots = "".join(
            f"<i class='dot' style='left:{_percent(value, ends):.2f}%'></i>"
            for value in outside[:MOST_DOTS].tolist()
        )
    words = (
        f"{name}: half of them between {_number(first, span)} and {_number(third, span)}, "
        f"the middle one at {_number(middle, span)}"
    )
    return (
        f"<div class='row {group.kind}' role='img' aria-label='{escape(chart.title)}, "
        f"{escape(words)}' title='{escape(words)}'>"
        f"<div class='hill' style='clip-path: polygon({_hill(group.values, ends)})'></div>{dots}"
        f"<i class='sign {group.kind}' style='left:{_percent(middle, ends):.2f}%'></i></div>"
    )


def _hill(values: np.ndarray, ends: tuple[float, float]) -> str:
    """The outline of the smoothed histogram, as the corners of a CSS polygon."""
    counts, _ = np.histogram(values, BINS, ends)
    reach = np.arange(-6, 7)
    weights = np.exp(-(reach**2) / (2 * SMOOTH**2))
    smooth = np.convolve(np.pad(counts, 6), weights, mode="valid")
    down = 98 - 92 * smooth / max(float(smooth.max()), 1e-9)
    across = (np.arange(BINS) + 0.5) * 100 / BINS
    line = ", ".join(f"{x:.1f}% {y:.1f}%" for x, y in zip(across, down, strict=True))
    return f"0% 100%, {line}, 100% 100%"


def _percent(value: float, ends: tuple[float, float]) -> float:
    return 100 * (value - ends[0]) / (ends[1] - ends[0])


def _number(value: float, span: float) -> str:
    return f"{value:.2f}" if span < 5 else f"{value:.0f}"


CSS = f"""
.lp-ranges {{--lp-bad: {BAD}; --lp-raw: {COLORS[RAW]}; --lp-copies: {COLORS[COPIES]};
  --lp-seen: {COLORS[SEEN]}; font-size: .9rem; line-height: 1.35}}
.lp-ranges .legend {{display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin-bottom: .8rem;
  font-size: .88rem}}
.lp-ranges .legend span {{display: flex; align-items: center; gap: .45em}}
.lp-ranges .grid {{display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 1.1rem 1.6rem}}
.lp-ranges header {{display: flex; flex-wrap: wrap; justify-content: space-between;
  gap: 0 .6rem; margin-bottom: .25rem; min-height: 1.4em}}
.lp-ranges header span {{font-size: .85rem; opacity: .8}}
.lp-ranges header .bad {{opacity: 1; font-weight: 600; color: var(--lp-bad)}}
.lp-ranges .plot {{position: relative; padding: 3px 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 35%, transparent)}}
.lp-ranges .band {{position: absolute; top: 0; bottom: 0; min-width: 2px;
  background: color-mix(in srgb, var(--lp-copies) 13%, transparent);
  border: solid color-mix(in srgb, var(--lp-copies) 60%, transparent); border-width: 0 1px}}
.lp-ranges .row {{position: relative; height: 34px}}
.lp-ranges .hill {{position: absolute; inset: 0; opacity: .55}}
.lp-ranges .raw .hill {{background: repeating-linear-gradient(90deg, var(--lp-raw) 0 3px,
  transparent 3px 5px); opacity: .7}}
.lp-ranges .copies .hill {{background: var(--lp-copies)}}
.lp-ranges .seen .hill {{background: var(--lp-seen)}}
.lp-ranges .sign {{display: inline-block; width: 11px; height: 11px; flex: none;
  box-sizing: border-box; border: 2px solid #fff; outline: 1px solid #0006}}
.lp-ranges .sign.raw {{background: var(--lp-raw); border-radius: 50%}}
.lp-ranges .sign.copies {{background: var(--lp-copies); border-radius: 1px}}
.lp-ranges .sign.seen {{background: var(--lp-seen); border-radius: 1px; transform: rotate(45deg)}}
.lp-ranges .row .sign {{position: absolute; bottom: 0; margin-left: -5.5px}}
.lp-ranges .dot {{position: absolute; bottom: 14px; width: 5px; height: 5px; margin-left: -2.5px;
  background: var(--lp-seen); transform: rotate(45deg); outline: 1px solid #fff8}}
.lp-ranges .swatch {{width: 16px; height: 12px; flex: none;
  background: color-mix(in srgb, var(--lp-copies) 13%, transparent);
  border: solid color-mix(in srgb, var(--lp-copies) 60%, transparent); border-width: 0 1px}}
.lp-ranges footer {{display: flex; justify-content: space-between; gap: .6rem;
  font-size: .78rem; opacity: .75; margin-top: .15rem}}
@media (max-width: 640px) {{.lp-ranges .grid {{grid-template-columns: 1fr}}}}
"""
