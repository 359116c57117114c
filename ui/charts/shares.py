"""Bars of shares with a mark where they would otherwise be, and one bar of several parts."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ui.charts.bars import CSS
from ui.charts.style import BASE_CSS


class ShareRow(NamedTuple):
    """One bar.

    Attributes:
        label: In front of it.
        color: Of the bar, as CSS writes it.
        share: Its length, 0 to 1.
        value: Behind it.
        mark: Where a small mark stands, 0 to 1; None for none.
    """

    label: str
    color: str
    share: float
    value: str
    mark: float | None = None


def share_bars(rows: Sequence[ShareRow], title: str, footer: str = "") -> str:
    """A bar per row, as HTML."""
    items = "".join(_row(row) for row in rows)
    items += f"<small>{escape(footer)}</small>" if footer else ""
    return (
        f"<style>{BASE_CSS}{CSS}{SHARES_CSS}</style>"
        f'<ul class="lp-bars lp-shares" aria-label="{escape(title)}">{items}</ul>'
    )


def parts_bar(parts: Sequence[ShareRow], title: str) -> str:
    """One bar made of parts, whose shares sum to 1, with their names below, as HTML."""
    pieces = "".join(
        f'<i style="width:{part.share:.3%};background:{part.color}" '
        f'title="{escape(part.label)}: {escape(part.value)}"></i>'
        for part in parts
        if part.share
    )
    names = "".join(
        f'<span><i class="lp-chip" style="background:{part.color}"></i>'
        f"{escape(part.label)} <b>{escape(part.value)}</b></span>"
        for part in parts
    )
    return (
        f"<style>{BASE_CSS}{CSS}{SHARES_CSS}</style>"
        f'<div class="lp-bars lp-parts" role="img" aria-label="{escape(title)}">'
        f'<div class="lp-whole">{pieces}</div><div class="lp-names">{names}</div></div>'
    )


def _row(row: ShareRow) -> str:
    mark = "" if row.mark is None else f'<s style="left:{min(row.mark, 1):.2%}"></s>'
    return (
        f'<li><span class="lp-label"><i class="lp-chip" style="background:{row.color}"></i>'
        f"<span>{escape(row.label)}</span></span>"
        f'<span class="lp-track lp-marked"><i style="width:{min(row.share, 1):.2%};'
        f'background:{row.color}"></i>{mark}</span>'
        f'<span class="lp-value">{escape(row.value)}</span></li>'
    )


SHARES_CSS = """
.lp-shares.lp-shares li {grid-template-columns: minmax(4.5rem, 32%) 1fr auto; padding: .16rem 0}
.lp-shares .lp-value {font-weight: 500; min-width: 3rem}
.lp-marked {position: relative; overflow: visible}
.lp-marked s {position: absolute; top: -3px; height: 20px; width: 2px; margin-left: -1px;
  background: currentColor; opacity: .75}
.lp-whole {display: flex; height: 18px; border-radius: 9px; overflow: hidden;
  background: var(--lp-track); gap: 1px}
.lp-whole i {display: block; height: 100%}
.lp-names {display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .85rem; margin-top: .3rem}
.lp-names b {font-weight: 600; font-variant-numeric: tabular-nums}
"""
