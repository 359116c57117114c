"""Plain figures in a strip that stands still while they change."""

from collections.abc import Mapping
from html import escape

from ui.charts.style import BASE_CSS


def figures_html(figures: Mapping[str, str]) -> str:
    """A strip of plain figures that keeps its width while the numbers change, as HTML."""
    cells = "".join(
        f"<div><b>{escape(value)}</b><span>{escape(label)}</span></div>"
        for label, value in figures.items()
    )
    # Six in rows of as many as there is room for would leave the last one alone.
    even = " class='lp-six'" if len(figures) == 6 else ""
    return (
        f"<style>{BASE_CSS}{FIGURES_CSS}</style>"
        f"<div{even}><div class='lp-figures'>{cells}</div></div>"
    )


FIGURES_CSS = """
.lp-figures {display: grid; grid-template-columns: repeat(auto-fit, minmax(8.2rem, 1fr));
  gap: .6rem 1.2rem}
.lp-figures b {display: block; font-size: 1.35rem; font-weight: 600; line-height: 1.25;
  font-variant-numeric: tabular-nums}
.lp-figures span {font-size: .85rem; opacity: .75}
.lp-six {container-type: inline-size}
@container (min-width: 28rem) {.lp-six .lp-figures {grid-template-columns: repeat(3, 1fr)}}
@container (min-width: 70rem) {.lp-six .lp-figures {grid-template-columns: repeat(6, 1fr)}}
"""
