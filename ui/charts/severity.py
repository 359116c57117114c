"""Accuracy against strength: a small chart per step, all with the same axes, and a table."""

from collections.abc import Collection, Sequence
from html import escape

import numpy as np

from core.evaluation.metrics import percent
from core.evaluation.severity_curves import CHANCE, Curve
from ui.charts.style import BASE_CSS, RIGHT
from ui.palette import BAD, CLASS_COLORS, GOOD, WARNING, class_colors

WORSE = CLASS_COLORS[1]

COLORS = f"style='--line: {RIGHT}; --held: {GOOD}; --worse: {WORSE}; --bad: {BAD}'"
WIDTH = 220
LEFT, TOP, END, BOTTOM = 30, 8, 212, 104


def severity_panels(curves: Sequence[Curve], unsafe: Collection[str] = ()) -> str:
    """A panel per curve, in their order, as HTML for `ui.components.drawing`.

    Args:
        unsafe: Kinds of steps that turn one class into another; their panels say so.
    """
    panels = "".join(_panel(curve, curve.kind in unsafe) for curve in curves)
    return f"<style>{BASE_CSS}{CSS}</style><div class='lp-severity' {COLORS}>{panels}</div>"


def severity_legend() -> str:
    """What line, band and marks mean, as HTML."""
    return (
        f"<style>{CSS}</style><div class='lp-severity-legend' {COLORS}>"
        "<span><i class='line'></i>accuracy</span>"
        "<span><i class='band'></i>95 % interval</span>"
        "<span><i class='base'></i>unchanged photos</span>"
        "<span><i class='held'></i>holds: what is lost may be chance</span>"
        "<span><i class='worse'></i>more lost than chance explains</span></div>"
    )


def _panel(curve: Curve, unsafe: bool) -> str:
    note = "<em title='See Label safety'>turns classes</em>" if unsafe else ""
    last = len(curve.values) - 1
    ends = "unchanged", "on" if curve.is_switch else curve.value_words(last)
    return (
        f"<figure><figcaption><b>{escape(curve.label)}</b>{note}"
        f"<span>{escape(curve.holds_words)}</span></figcaption>{_drawing(curve)}"
        f"<div class='ends'><span>{ends[0]}</span><span>{escape(ends[1])}</span></div></figure>"
    )


def _drawing(curve: Curve) -> str:
    xs = LEFT + curve.positions * (END - LEFT)
    low, high = (_y(curve.band[:, side]) for side in (0, 1))
    ys = _y(curve.accuracy)
    band = _points(np.concatenate([xs, xs[::-1]]), np.concatenate([high, low[::-1]]))
    held = xs[curve.holds]
    marks = "".join(
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{2.9 if level >= 0 else 1.6}' "
        f"class='{'worse' if curve.chance[place] < CHANCE else 'held'}'>"
        f"<title>{escape(_hint(curve, place))}</title></circle>"
        for place, (x, y, level) in enumerate(zip(xs, ys, curve.levels, strict=True))
    )
    spoken = f"{curve.label}: {curve.holds_words}. " + "; ".join(
        f"{curve.value_words(place)}: {percent(share)}"
        for place, share in enumerate(curve.accuracy)
    )
    return (
        f"<svg viewBox='0 0 {WIDTH} {BOTTOM + 6}' role='img' aria-label='{escape(spoken)}'>"
        f"{_grid()}<rect class='zone' x='{LEFT}' y='{TOP}' width='{held - LEFT:.1f}' "
        f"height='{BOTTOM - TOP}'/>"
        f"<line class='base' x1='{LEFT}' x2='{END}' y1='{ys[0]:.1f}' y2='{ys[0]:.1f}'/>"
        f"<polygon class='area' points='{band}'/>"
        f"<polyline class='curve' points='{_points(xs, ys)}'/>{marks}</svg>"
    )


def _grid() -> str:
    lines = ""
    for share in (0.0, 0.5, 1.0):
        y = float(_y(np.array(share)))
        lines += (
            f"<line class='grid' x1='{LEFT}' x2='{END}' y1='{y:.1f}' y2='{y:.1f}'/>"
            f"<text x='{LEFT - 4}' y='{y + 3.4:.1f}' text-anchor='end'>{share:.0%}</text>"
        )
    return lines


def _y(shares: np.ndarray) -> np.ndarray:
    return BOTTOM - shares * (BOTTOM - TOP)


def _points(xs: np.ndarray, ys: np.ndarray) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))


def _hint(curve: Curve, place: int) -> str:
    low, high = curve.band[place]
    if place == 0:
        return f"Unchanged: {percent(curve.accuracy[0])} right"
    return (
        f"{curve.value_words(place)}: {percent(curve.accuracy[place])} right "
        f"({percent(low)} to {percent(high)}), {curve.lost[place]} lost, "
        f"{curve.gained[place]} gained"
    )


def loss_table(curves: Sequence[Curve], level: int, worst: Collection[tuple[str, int]] = ()) -> str:
    """What each class loses under each step, in points, as HTML for `ui.components.drawing`.

    Args:
        level: Which of the seven strengths.
        worst: Kind and class number of the cells to mark.
    """
    names = curves[0].class_names
    present = [int(number) for number in np.unique(curves[0].true)]
    colors = class_colors(names)
    head = "".join(
        f"<th scope='col'><span class='lp-chip' style='background:{colors[names[n]]}'></span>"
        f"{escape(names[n])}</th>"
        for n in present
    )
    rows = "".join(_row(curve, level, present, worst) for curve in curves)
    return (
        f"<style>{BASE_CSS}{CSS}</style><div class='lp-losses'><table>"
        f"<thead><tr><th scope='col'>Step</th><th scope='col'>Strength</th>"
        f"<th scope='col'>All</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(
    curve: Curve, level: int, present: Sequence[int], worst: Collection[tuple[str, int]]
) -> str:
    place = curve.at_level(level)
    lost = curve.by_class(0) - curve.by_class(place)
    cells = "".join(_cell(float(lost[n]), (curve.kind, n) in worst) for n in present)
    everyone = _cell(float(curve.accuracy[0] - curve.accuracy[place]), False)
    strength = "on" if curve.is_switch else curve.value_words(place)
    return (
        f"<tr><th scope='row'>{escape(curve.label)}</th><td>{escape(strength)}</td>"
        f"{everyone}{cells}</tr>"
    )


def _cell(lost: float, marked: bool) -> str:
    points = round(100 * lost)
    if points == 0:
        return "<td class='n none'>0</td>"
    kind = "n worst" if marked else "n"
    color = WARNING if lost > 0 else GOOD
    strong = round(min(1.0, abs(lost)) * 78)
    back = f"color-mix(in srgb, {color} {strong}%, transparent)"
    words = f"{-points:+d}".replace("-", "\N{MINUS SIGN}")
    return f"<td class='{kind}' style='background:{back}'>{words}</td>"


CSS = """
.lp-severity {display: grid; gap: 1.1rem 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(10.5rem, 46%), 1fr))}
.lp-severity figure {margin: 0; min-width: 0}
.lp-severity figcaption {font-size: .82rem; line-height: 1.3; min-height: 2.7em}
.lp-severity figcaption b {font-size: .92rem; font-weight: 600}
.lp-severity figcaption span {display: block; opacity: .8}
.lp-severity em {font-style: normal; font-size: .72rem; font-weight: 600; margin-left: .45em;
  padding: .05em .5em; border-radius: 1em; color: #fff; background: var(--bad); white-space: nowrap}
.lp-severity svg {display: block; width: 100%; height: auto; overflow: visible}
.lp-severity text {font-size: 9.5px; fill: currentColor; opacity: .65;
  font-variant-numeric: tabular-nums}
.lp-severity .grid {stroke: currentColor; opacity: .16; stroke-width: .7}
.lp-severity .base {stroke: currentColor; opacity: .6; stroke-width: 1; stroke-dasharray: 4 3}
.lp-severity .zone {fill: var(--held); opacity: .1}
.lp-severity .area {fill: var(--line); opacity: .24}
.lp-severity .curve {fill: none; stroke: var(--line); stroke-width: 2.2; stroke-linejoin: round}
.lp-severity circle.held {fill: var(--line)}
.lp-severity circle.worse {fill: var(--worse)}
.lp-severity .ends {display: flex; justify-content: space-between; gap: .5rem; font-size: .74rem;
  opacity: .7; padding-left: 13%; line-height: 1.2}
.lp-severity .ends span:last-child {text-align: right}
.lp-severity-legend {display: flex; flex-wrap: wrap; gap: .25rem 1.2rem; font-size: .84rem;
  opacity: .88; margin-bottom: .3rem}
.lp-severity-legend span {display: inline-flex; align-items: center; gap: .4em}
.lp-severity-legend i {display: inline-block; width: 1.5em; height: 0; border-top: 2.5px solid
  var(--line)}
.lp-severity-legend .band {height: .8em; border: 0; background: var(--line); opacity: .3}
.lp-severity-legend .base {border-top: 1.5px dashed currentColor}
.lp-severity-legend .held {height: .8em; border: 0; background: var(--held); opacity: .22}
.lp-severity-legend .worse {width: .65em; height: .65em; border: 0; border-radius: 50%;
  background: var(--worse)}
.lp-losses {overflow-x: auto; max-width: 100%}
.lp-losses table {border-collapse: separate; border-spacing: 2px; font-size: .85rem; width: 100%}
.lp-losses th, .lp-losses td {padding: .28rem .5rem; text-align: left; border: 0;
  white-space: nowrap; font-weight: 400}
.lp-losses thead th {font-weight: 600; vertical-align: bottom}
.lp-losses th[scope=row] {font-weight: 500; position: sticky; left: 0;
  background: var(--st-background-color, Canvas)}
.lp-losses td.n {text-align: right; font-variant-numeric: tabular-nums; border-radius: 4px;
  min-width: 2.6rem}
.lp-losses td.none {opacity: .45}
.lp-losses td.worst {font-weight: 700; outline: 2px solid currentColor; outline-offset: -1px}
"""
