"""A network on the page: totals, a drawing, a table of layers."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.images import PictureSpec
from core.models.architecture import LAYER_KINDS, Architecture
from core.models.backbones import Backbone
from core.models.shapes import LayerRow, trace
from core.training.recipes import Recipe
from ui import numbers_in_words
from ui.backbone_plan import backbone_plan_svg
from ui.charts import figures_html
from ui.components.drawing import drawing
from ui.diagrams import family, network_svg

BYTES_PER_WEIGHT = 4
# Said once, at the first of them: a backbone has up to twenty.
BLOCK = (
    "A block, like those that follow: convolutions that belong together and look for patterns in "
    "the maps before them."
)
UNIT_LENGTH = (
    "Brings the numbers of each photo to the same length: busy ones say no more than quiet."
)
RESCALING = "Turns pixel values from 0 to 255 into small numbers between 0 and 1."


def network(recipe: Recipe, picture: PictureSpec, num_classes: int) -> None:
    """The network for pictures of this kind: totals, drawing, every layer.

    Raises:
        LoupeError: If a layer cannot work on pictures of this size.
    """
    rows = trace(recipe.architecture, picture.shape, num_classes)
    st.html(totals_html(rows))
    drawing(_drawn(recipe.architecture, rows, picture), key="network-drawing")
    st.html(layer_table(rows))


def _drawn(
    architecture: Architecture | Backbone, rows: Sequence[LayerRow], picture: PictureSpec
) -> str:
    if isinstance(architecture, Backbone):
        return backbone_plan_svg(architecture, rows)
    return network_svg(rows, picture.shape)


def totals_html(rows: Sequence[LayerRow]) -> str:
    """Weights, size on disk and work per photo, as HTML."""
    weights = sum(row.parameters for row in rows)
    work = sum(row.multiply_adds for row in rows)
    pretrained = any(row.kind == "conv_block" for row in rows)
    return figures_html(
        {
            "blocks and layers" if pretrained else "layers": str(len(rows)),
            "weights, frozen ones too" if pretrained else "weights": f"{weights:,}",
            "size of the model": numbers_in_words.size(weights * BYTES_PER_WEIGHT),
            "multiplications per photo": numbers_in_words.short(work),
        }
    )


def layer_table(rows: Sequence[LayerRow]) -> str:
    """Every layer with what it does, its output and the sum that leads to it, as HTML."""
    blocks = [row for row in rows if row.kind == "conv_block"]
    body = "".join(
        f"<tr class='{family(row.kind) or 'keeps'}{' brief' * (row in blocks[1:])}'>"
        f"<th scope='row'><code>{escape(row.name)}</code>"
        f"{'' if row in blocks[1:] else f'<small>{_purpose(row.kind)}</small>'}</th>"
        f"<td>{' × '.join(f'{size:,}' for size in row.output_shape)}</td>"
        f"<td class='sum'>{escape(row.arithmetic)}</td>"
        f"<td class='n'>{f'{row.parameters:,}' if row.parameters else 'no'}</td></tr>"
        for row in rows
    )
    head = "".join(
        f"<th scope='col'>{title}</th>" for title in ("Layer", "Output", "The sum", "Weights")
    )
    return (
        f"<style>{TABLE_CSS}</style><div class='lp-layers'><table>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _purpose(kind: str) -> str:
    if kind == "conv_block":
        return BLOCK
    if kind == "unit_normalization":
        return UNIT_LENGTH
    layer = LAYER_KINDS.get(kind)
    return escape((layer.__doc__ or "").split("\n")[0]) if layer else RESCALING


TABLE_CSS = """
.lp-layers {overflow-x: auto; --lp-rule: color-mix(in srgb, currentColor 14%, transparent)}
.lp-layers table {border-collapse: collapse; width: 100%; font-size: .92rem}
.lp-layers th, .lp-layers td {text-align: left; padding: .5rem .9rem .5rem 0; border: 0;
  border-bottom: 1px solid var(--lp-rule); vertical-align: top; font-weight: 400}
.lp-layers thead th {font-weight: 600; font-size: .85rem}
.lp-layers th small {display: block; opacity: .72; font-size: .82rem; max-width: 34rem}
.lp-layers td {font-variant-numeric: tabular-nums; white-space: nowrap}
.lp-layers .sum {opacity: .85}
.lp-layers .n {text-align: right; padding-right: 0}
.lp-layers thead th:last-child {text-align: right}
@media (max-width: 640px) {
  .lp-layers thead {display: none}
  .lp-layers tr {display: grid; grid-template-columns: 1fr auto; padding: .5rem 0;
    border-bottom: 1px solid var(--lp-rule)}
  .lp-layers th, .lp-layers td {border: 0; padding: .1rem 0}
  .lp-layers th {grid-column: 1 / -1}
  .lp-layers .sum {grid-column: 1 / -1; grid-row: 3; white-space: normal; font-size: .85rem}
  .lp-layers .brief th {grid-column: 1}
  .lp-layers .brief .sum {grid-column: 2; grid-row: 1; text-align: right}
  .lp-layers .n::after {content: " weights"}
}
"""
