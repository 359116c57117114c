"""A network as a drawing: one block per layer that changes the shape, in one SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import log2, sqrt
from typing import Any

TALLEST = 150
SHORTEST = 14
SLANT = 0.3
COLUMN = 90
TOP = 40
SMALLEST_SCALE = 0.8
COLORS = {
    "input": "#8a94a3",
    "convolution": "#1f6fb2",
    "pooling": "#2a9d8f",
    "reshape": "#8a94a3",
    "dense": "#7b5ea7",
    "output": "#d1702e",
    "scale": "#7d8a2e",
    "bend": "#b0527d",
    "keeps": "#8a94a3",
    "frozen": "#1f6fb2",
    "learns": "#d1702e",
}
FAMILIES = {
    "conv": "convolution",
    "depthwiseconv": "convolution",
    "separableconv": "convolution",
    "maxpool": "pooling",
    "globalaverage": "pooling",
    "globalmax": "pooling",
    "averagepool": "pooling",
    "flatten": "reshape",
    "dense": "dense",
    "output": "output",
}
# Kinds that keep the shape: they have a colour of their own, and no block.
QUIET = {
    "residualblock": "convolution",
    "batchnormalization": "scale",
    "layernormalization": "scale",
    "groupnormalization": "scale",
    "unitnormalization": "scale",
    "activation": "bend",
}
TITLES = {
    "input": "picture",
    "convolution": "convolution",
    "pooling": "pooling",
    "reshape": "in one row",
    "dense": "dense",
    "output": "answer",
}


@dataclass
class Block:
    """A layer that changes the shape, with the layers after it that do not."""

    family: str
    shape: tuple[int, ...]
    extras: list[str] = field(default_factory=list)


def network_svg(rows: Sequence[Any], input_shape: tuple[int, ...]) -> str:
    """The network from the picture (left) to the answer (right), as SVG.

    Args:
        rows: `core.models.shapes.trace` of the architecture.
        input_shape: (height, width, channels) of the picture it takes.
    """
    blocks = _blocks(rows, input_shape)
    height = TOP + TALLEST * (1 + SLANT) + 66
    width = COLUMN * len(blocks)
    drawn = "".join(
        _draw(block, place, input_shape[0], place + 1 < len(blocks))
        for place, block in enumerate(blocks)
    )
    words = ", then ".join(f"{TITLES[b.family]} {shape_text(b.shape)}" for b in blocks)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' "
        f"aria-label='{escape(words, quote=True)}' width='{width}' "
        f"style='max-width: 100%; min-width: {width * SMALLEST_SCALE:.0f}px; height: auto' "
        f"viewBox='0 0 {width} {height:.0f}'><style>{CSS}</style>{drawn}</svg>"
    )


def family(kind: str) -> str | None:
    """The family a kind of layer is drawn as; None for those that keep the shape."""
    plain = kind.lower().replace("_", "")
    return next((name for start, name in FAMILIES.items() if plain.startswith(start)), None)


def color_of(kind: str) -> str:
    """The colour of a kind of layer, wherever it is shown."""
    plain = kind.lower().replace("_", "")
    return COLORS[family(kind) or QUIET.get(plain, "keeps")]


def shape_text(shape: Sequence[int]) -> str:
    """`30 × 30 × 32`."""
    return " × ".join(f"{size:,}" for size in shape)


def _blocks(rows: Sequence[Any], input_shape: tuple[int, ...]) -> list[Block]:
    blocks = [Block("input", tuple(input_shape))]
    for row in rows:
        drawn_as = family(row.kind)
        if drawn_as:
            blocks.append(Block(drawn_as, tuple(row.output_shape)))
        else:
            blocks[-1].extras.append(_extra(row.kind))
    return blocks


def _extra(kind: str) -> str:
    plain = kind.lower().replace("_", "")
    words = {
        "batchnormalization": "normalise",
        "layernormalization": "normalise",
        "groupnormalization": "normalise",
        "residualblock": "shortcut",
    }
    return words.get(plain, plain)


def _draw(block: Block, place: int, input_height: int, more: bool) -> str:
    left, color = place * COLUMN, COLORS[block.family]
    thick, tall = _size(block.shape, input_height)
    slant = tall * SLANT if len(block.shape) == 3 else 8
    middle = TOP + TALLEST * (1 + SLANT) / 2 + 8
    x = left + (COLUMN - 14 - thick - slant * 0.7) / 2
    y = middle - (tall - slant) / 2
    right, back = slant * 0.7, slant
    faces = (
        f"<path d='M{x:.1f} {y:.1f}h{thick:.1f}v{tall:.1f}h-{thick:.1f}z' fill='{color}'/>"
        f"<path d='M{x:.1f} {y:.1f}l{right:.1f} -{back:.1f}h{thick:.1f}l-{right:.1f} {back:.1f}z'"
        f" fill='{color}' fill-opacity='.55'/>"
        f"<path d='M{x + thick:.1f} {y:.1f}l{right:.1f} -{back:.1f}v{tall:.1f}"
        f"l-{right:.1f} {back:.1f}z' fill='{color}' fill-opacity='.35'/>"
    )
    center = left + (COLUMN - 14) / 2
    below = TOP + TALLEST * (1 + SLANT) + 22
    arrow_x = left + COLUMN - 13
    arrow = f"<path class='arrow' d='M{arrow_x} {middle:.0f}h10m-4 -4l4 4l-4 4'/>" if more else ""
    return (
        f"<g>{faces}{arrow}"
        f"<text x='{center}' y='18' class='shape'>{shape_text(block.shape)}</text>"
        f"<text x='{center}' y='{below:.0f}' class='title'>{TITLES[block.family]}</text>"
        f"{_extras_text(block.extras, center, below)}</g>"
    )


def _extras_text(extras: list[str], center: float, below: float) -> str:
    lines = enumerate(dict.fromkeys(extras), start=1)
    return "".join(
        f"<text x='{center}' y='{below + 15 * line:.0f}' class='extra'>+ {escape(text)}</text>"
        for line, text in lines
    )


def _size(shape: tuple[int, ...], input_height: int) -> tuple[float, float]:
    """Thickness for the number of maps, height for the height of a map (or of the row)."""
    if len(shape) == 3:
        tall = TALLEST * sqrt(shape[0] / max(input_height, shape[0]))
        return 4 + 3.2 * log2(1 + shape[2]), max(SHORTEST, tall)
    return 12, max(SHORTEST, min(TALLEST, 14 * log2(1 + shape[0])))


CSS = """
text {font-family: inherit; fill: currentColor; text-anchor: middle}
.shape {font-size: 12px; font-variant-numeric: tabular-nums; opacity: .8}
.title {font-size: 13px; font-weight: 600}
.extra {font-size: 12px; opacity: .75}
.arrow {stroke: currentColor; stroke-width: 1.6; fill: none; opacity: .5}
"""
