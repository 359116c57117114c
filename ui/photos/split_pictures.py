"""Who goes where, drawn: a bar per class in three patterns, or a grid of class and fold."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from core.datasets.dataset import SPLITS
from ui.charts.style import BASE_CSS
from ui.palette import class_colors
from ui.photos.words import SPLIT_WORDS

LEAST_LABELLED = 0.09  # narrower parts of a bar have no room for their number


def split_bars(
    counts: Mapping[str, Mapping[str, int]],
    before: Mapping[str, Mapping[str, int]],
    class_names: Sequence[str],
) -> str:
    """A stacked bar per class with the present one, thin, below it, as HTML.

    Args:
        counts: Photos per split by class, as they would be.
        before: The same as it is now.
        class_names: All classes in the order of the data set; gives the colours.
    """
    colors = class_colors(class_names)
    rows = "".join(
        _row(label, counts[label], before.get(label, {}), colors[label]) for label in counts
    )
    legend = "".join(
        f'<span><i class="{name}" style="--c:var(--lp-quiet)"></i>{SPLIT_WORDS[name]}</span>'
        for name in SPLITS
    )
    return (
        f"<style>{BASE_CSS}{CSS}</style>"
        f'<div class="lp-bars lp-split"><div class="legend">{legend}'
        '<span><i class="thin"></i>Thin: as it is now</span></div>'
        f"<ul>{rows}</ul></div>"
    )


def fold_grid(counts: pd.DataFrame, class_names: Sequence[str], roles: Sequence[str]) -> str:
    """Photos per class and fold as an HTML table, darker where there are more.

    Args:
        counts: A row per class, a column per fold.
        roles: What each fold does: train, validation or test.
    """
    colors = class_colors(class_names)
    most = max(1, int(counts.to_numpy().max()))
    head = "".join(
        f'<th scope="col">{fold}<small>{SPLIT_WORDS[role].lower()}</small></th>'
        for fold, role in zip(counts.columns, roles, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row"><span class="lp-chip" style="background:{colors[label]}"></span>'
        f"{escape(str(label))}</th>"
        + "".join(_cell(int(count), most, colors[label]) for count in row)
        + "</tr>"
        for label, row in zip(counts.index, counts.to_numpy(), strict=True)
    )
    return (
        f"<style>{BASE_CSS}{CSS}</style><div class='lp-bars lp-folds'><table>"
        f"<tr><th scope='col'>Fold</th>{head}</tr>{body}</table></div>"
    )


def _cell(count: int, most: int, color: str) -> str:
    tint = f"color-mix(in srgb, {color} {10 + 45 * count / most:.0f}%, transparent)"
    return f'<td style="background:{tint}">{count:,}</td>'


def _row(label: str, counts: Mapping[str, int], before: Mapping[str, int], color: str) -> str:
    total = sum(counts.values())
    spoken = ", ".join(f"{SPLIT_WORDS[name]} {counts.get(name, 0):,}" for name in SPLITS)
    figures = "".join(
        f'<span title="{SPLIT_WORDS[name]}"><b>{counts.get(name, 0):,}</b>'
        f"<small>{_share(counts.get(name, 0), total)}</small></span>"
        for name in SPLITS
    )
    return (
        f'<li style="--c:{color}"><span class="name"><span class="lp-chip" '
        f'style="background:{color}"></span>{escape(label)}</span>'
        f'<span class="bars" role="img" aria-label="{escape(label)}: {spoken}">'
        f'<span class="bar">{_parts(counts, True)}</span>'
        f'<span class="bar now">{_parts(before, False)}</span></span>'
        f'<span class="figures">{figures}</span></li>'
    )


def _parts(counts: Mapping[str, int], labelled: bool) -> str:
    total = sum(counts.values()) or 1
    parts = []
    for name in SPLITS:
        share = counts.get(name, 0) / total
        if share:
            words = f"<b>{counts[name]:,}</b>" if labelled and share >= LEAST_LABELLED else ""
            parts.append(f'<i class="{name}" style="width:{share:.3%}">{words}</i>')
    return "".join(parts)


def _share(count: int, total: int) -> str:
    return f"{count / total:.0%}" if total else "–"


CSS = """
.lp-split ul {list-style: none; margin: 0; padding: 0; max-height: 30rem; overflow-y: auto}
.lp-split li {display: grid; grid-template-columns: minmax(4.5rem, 20%) 1fr auto;
  gap: .2rem .9rem; align-items: center; margin: 0; padding: .35rem 0}
.lp-split .name {overflow-wrap: anywhere; min-width: 0}
.lp-split .bar {display: flex; height: 22px; gap: 2px; border-radius: 5px; overflow: hidden}
.lp-split .bar.now {height: 6px; margin-top: 3px; opacity: .55; border-radius: 3px}
.lp-split i {display: block; box-sizing: border-box; font-style: normal; text-align: center;
  min-width: 2px; overflow: hidden; font-size: .78rem; line-height: 22px}
.lp-split i b {font-weight: 600; padding: 0 .3em; border-radius: 3px;
  background: var(--lp-paper, color-mix(in srgb, Canvas 82%, transparent)); color: CanvasText}
.lp-split .train {background: var(--c)}
.lp-split .validation {background: repeating-linear-gradient(135deg, var(--c) 0 4px,
  color-mix(in srgb, var(--c) 30%, transparent) 4px 8px)}
.lp-split .test {background: color-mix(in srgb, var(--c) 16%, transparent);
  border: 2px solid var(--c)}
.lp-split .test b {line-height: 18px}
.lp-split .now .test {border-width: 1px}
.lp-split .figures {display: grid; grid-template-columns: repeat(3, 3rem); text-align: right;
  font-variant-numeric: tabular-nums}
.lp-split .figures b {display: block; font-weight: 600; line-height: 1.2}
.lp-split .figures small {opacity: .7}
.lp-split .legend {display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin-bottom: .4rem;
  font-size: .85rem}
.lp-split .legend span {display: inline-flex; align-items: center; gap: .45rem}
.lp-split .legend i {width: 26px; height: 14px; border-radius: 3px}
.lp-split .legend i.thin {height: 6px; background: var(--lp-quiet); opacity: .55}
.lp-folds {overflow-x: auto}
.lp-folds table {border-collapse: separate; border-spacing: 3px; font-size: .9rem}
.lp-folds th, .lp-folds td {border: 0; padding: .4rem .6rem; text-align: center;
  border-radius: 5px; font-variant-numeric: tabular-nums; min-width: 3.2rem}
.lp-folds th[scope=row] {text-align: left; font-weight: 500; white-space: nowrap;
  max-width: 12rem; overflow: hidden; text-overflow: ellipsis}
.lp-folds th small {display: block; font-weight: 400; opacity: .7}
@media (max-width: 640px) {
  .lp-split li {grid-template-columns: 1fr auto}
  .lp-split .bars {grid-column: 1 / -1; grid-row: 2}
}
"""
