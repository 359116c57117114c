"""Differences of two accuracies with their intervals, drawn against zero."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from core.evaluation.twin_words import points
from ui.charts.style import BASE_CSS

# Half widths of the scale, in points: the smallest that holds everything is taken.
SCALES = (5, 10, 20, 30, 50, 75, 100)


class Row(NamedTuple):
    """One difference, in shares (-1 to 1), and what it is of.

    Attributes:
        note: A quiet word behind the label: "72 photos".
        color: Of the class, as `#rrggbb`; "" for the whole.
        values: Further small marks: the differences of single pairs.
    """

    label: str
    value: float
    low: float
    high: float
    note: str = ""
    color: str = ""
    values: tuple[float, ...] = ()


def difference_chart(rows: Sequence[Row], worse: str, better: str) -> str:
    """A line per row with its interval, better to the right of zero, as HTML.

    Args:
        worse, better: What the two sides of zero mean, for people.
    """
    reach = max(100 * max(abs(end) for row in rows for end in (row.low, row.high)), 1.0)
    scale = next((one for one in SCALES if one >= reach), SCALES[-1])
    body = "".join(_row(row, scale) for row in rows)
    ends = f"<span>−{scale} points</span><span>0</span><span>+{scale} points</span>"
    return (
        f"<style>{BASE_CSS}{CSS}</style><div class='lp-differ'>"
        f"<div class='sides'><span>←\u00a0{escape(worse)}</span>"
        f"<span>{escape(better)}\u00a0→</span></div>{body}"
        f"<div class='ends'><div>{ends}</div></div></div>"
    )


def _row(row: Row, scale: float) -> str:
    left, right, at = (_place(value, scale) for value in (row.low, row.high, row.value))
    said = f"{points(row.value)}, between {points(row.low)} and {points(row.high)}"
    kind = "up" if row.low > 0 else "down" if row.high < 0 else "open"
    chip = f"<i class='lp-chip' style='background:{row.color}'></i>" if row.color else ""
    marks = "".join(f"<i class='one' style='left:{_place(v, scale):.2f}%'></i>" for v in row.values)
    return (
        f"<div class='row{'' if row.color else ' whole'}'>"
        f"<span class='name'>{chip}{escape(row.label)}<small>{escape(row.note)}</small></span>"
        f"<span class='track {kind}' role='img' aria-label='{escape(row.label)}: {said}'>"
        f"<i class='zero'></i><i class='band' style='left:{left:.2f}%;width:{right - left:.2f}%'>"
        f"</i>{marks}<i class='dot' style='left:{at:.2f}%'></i></span>"
        f"<span class='said'>{points(row.value)}"
        f"<small>{points(row.low).split()[0]} to {points(row.high).split()[0]}</small></span></div>"
    )


def _place(value: float, scale: float) -> float:
    """Where a share stands on the scale, in percent of its width."""
    return 50 + 50 * max(-1.0, min(1.0, 100 * value / scale))


CSS = """
.lp-differ {font-size: .95rem; line-height: 1.3}
.lp-differ .row {display: grid; grid-template-columns: minmax(6rem, 26%) 1fr 7rem; gap: .9rem;
  align-items: center; padding: .3rem 0}
.lp-differ .whole {font-weight: 600; padding-bottom: .55rem}
.lp-differ small {display: block; font-weight: 400; opacity: .75; font-size: .8rem}
.lp-differ .name {overflow-wrap: anywhere}
.lp-differ .said {font-variant-numeric: tabular-nums}
.lp-differ .track {position: relative; height: 26px; display: block; border-radius: 4px;
  background: var(--lp-track)}
.lp-differ .zero {position: absolute; left: 50%; top: -5px; bottom: -5px; margin-left: -1px;
  border-left: 2px solid; opacity: .55}
.lp-differ .band {position: absolute; top: 8px; height: 10px; border-radius: 5px; min-width: 4px;
  background: var(--lp-quiet); opacity: .65}
.lp-differ .dot {position: absolute; top: 5px; width: 16px; height: 16px; margin-left: -8px;
  border-radius: 50%; background: var(--lp-quiet); border: 2px solid #fff; box-sizing: border-box}
.lp-differ .one {position: absolute; top: 3px; height: 20px; margin-left: -1px;
  border-left: 2px solid; opacity: .5}
.lp-differ .up :is(.band, .dot) {background: var(--lp-right)}
.lp-differ .down :is(.band, .dot) {background: var(--lp-wrong)}
.lp-differ .sides, .lp-differ .ends {padding: 0 7.9rem 0 calc(max(6rem, 26%) + .9rem)}
.lp-differ .ends div, .lp-differ .sides {display: flex; justify-content: space-between}
.lp-differ .ends, .lp-differ .sides {font-size: .8rem; opacity: .8}
.lp-differ .sides {padding-bottom: .3rem; gap: 1rem}
.lp-differ .sides span:last-child {text-align: right}
@media (max-width: 640px) {
  .lp-differ .row {grid-template-columns: 1fr auto; gap: .15rem .8rem}
  .lp-differ .track {grid-column: 1 / -1; grid-row: 2}
  .lp-differ .name small, .lp-differ .said small {display: inline; margin-left: .4rem}
  .lp-differ .sides, .lp-differ .ends {padding: 0}
}
"""
