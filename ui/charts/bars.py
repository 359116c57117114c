"""Bars as HTML: probabilities of a prediction, counts and scores per class."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ui.charts.style import BASE_CSS
from ui.palette import class_colors

MOST_BARS = 12


def probability_bars(
    probabilities: Mapping[str, float], class_names: Sequence[str], truth: str | None = None
) -> str:
    """Ranked bars, the likeliest class first, as HTML.

    Args:
        probabilities: Probability per class, 0 to 1.
        class_names: All classes in the order of the data set; gives the colours.
        truth: The true class when it is known: its bar is then blue, a wrong
            first guess red, and all others grey.
    """
    ranked = sorted(probabilities.items(), key=lambda item: -item[1])
    shown = [item for place, item in enumerate(ranked) if place < MOST_BARS or item[0] == truth]
    colors = class_colors(class_names)
    rows = []
    for place, (label, probability) in enumerate(shown):
        color = colors.get(label, "var(--lp-quiet)")
        bar = color if truth is None else _verdict_color(label, truth, place)
        words = " ← what it really is" if label == truth and place > 0 else ""
        rows.append(_row(label + words, color, bar, probability, f"{probability:.1%}"))
    rest = len(ranked) - len(shown)
    if rest:
        rows.append(f"<small>and {rest} less likely classes</small>")
    return _bars("How sure the model is of each class", rows)


def class_counts(counts: Mapping[str, int], class_names: Sequence[str] | None = None) -> str:
    """Pictures per class as bars in the colour of the class, as HTML."""
    colors = class_colors(class_names or list(counts))
    most = max([1, *counts.values()])
    rows = [
        _row(label, colors[label], colors[label], count / most, f"{count:,}")
        for label, count in counts.items()
    ]
    return _bars("Pictures per class", rows)


def per_class_table(rows: Sequence[Mapping[str, Any]], class_names: Sequence[str]) -> str:
    """Found and trusted shares per class, as an HTML table with bars.

    Args:
        rows: Per class `name`, `n`, `recall` and `precision` (0 to 1 or None).
        class_names: All classes in the order of the data set; gives the colours.
    """
    colors = class_colors(class_names)
    body = "".join(
        f"<tr><th scope='row'>{_chip(colors[row['name']])}{escape(row['name'])}</th>"
        f"<td class='n'>{row['n']:,}</td>"
        f"<td>{_share(row['recall'], colors[row['name']])}</td>"
        f"<td>{_share(row['precision'], colors[row['name']])}</td></tr>"
        for row in rows
    )
    head = (
        "<tr><th scope='col'>Class</th><th scope='col'>Photos</th>"
        "<th scope='col'>Found<small>of all of this class</small></th>"
        "<th scope='col'>Trusted<small>right when it says so</small></th></tr>"
    )
    return f"<style>{BASE_CSS}{CSS}</style><table class='lp-per-class'>{head}{body}</table>"


def _verdict_color(label: str, truth: str, place: int) -> str:
    if label == truth:
        return "var(--lp-right)"
    return "var(--lp-wrong)" if place == 0 else "var(--lp-quiet)"


def _chip(color: str) -> str:
    return f'<span class="lp-chip" style="background:{color}"></span>'


def _row(label: str, chip: str, bar: str, share: float, value: str) -> str:
    return (
        f'<li><span class="lp-label">{_chip(chip)}<span>{escape(label)}</span></span>'
        f'<span class="lp-track"><i style="width:{share:.2%};background:{bar}"></i></span>'
        f'<span class="lp-value">{value}</span></li>'
    )


def _bars(title: str, rows: list[str]) -> str:
    style = f"<style>{BASE_CSS}{CSS}</style>"
    return f'{style}<ul class="lp-bars" aria-label="{escape(title)}">{"".join(rows)}</ul>'


def _share(share: float | None, color: str) -> str:
    if share is None:
        return '<span class="lp-none" title="no such case">–</span>'
    return (
        f'<span class="lp-track"><i style="width:{share:.2%};background:{color}"></i></span>'
        f'<span class="lp-value">{share:.0%}</span>'
    )


CSS = """
.lp-bars.lp-bars {list-style: none; margin: 0; padding: 0}
.lp-bars li {display: grid; grid-template-columns: minmax(4.5rem, 28%) 1fr 3.6rem; gap: .7rem;
  align-items: center; margin: 0; padding: .28rem 0}
.lp-bars .lp-label {display: flex; align-items: center; min-width: 0; overflow-wrap: anywhere}
.lp-track {display: block; height: 14px; border-radius: 7px; background: var(--lp-track);
  overflow: hidden; min-width: 3rem}
.lp-track i {display: block; height: 100%; border-radius: 7px; min-width: 2px}
.lp-value {text-align: right; font-variant-numeric: tabular-nums; font-weight: 600}
.lp-per-class {width: 100%; border-collapse: collapse}
.lp-per-class th, .lp-per-class td {text-align: left; padding: .5rem .5rem .5rem 0; border: 0;
  border-bottom: 1px solid var(--lp-track); vertical-align: middle}
.lp-per-class th small {display: block; font-weight: 400; opacity: .7; font-size: .78rem}
.lp-per-class th[scope=row] {font-weight: 500; overflow-wrap: anywhere}
.lp-per-class td .lp-track {display: inline-block; width: calc(100% - 3.4rem);
  vertical-align: middle}
.lp-per-class td .lp-value {display: inline-block; width: 3rem; font-weight: 500}
.lp-per-class .n {font-variant-numeric: tabular-nums}
@media (max-width: 480px) {
  .lp-per-class td .lp-track {display: none}
  .lp-per-class td .lp-value {width: auto}
}
"""
