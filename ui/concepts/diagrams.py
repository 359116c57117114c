"""Diagrams of the concepts page, as SVG.

Streamlit drops SVG from HTML, so each is an image; their middle tones read on both themes.
"""

import base64
from html import escape

import numpy as np


PLUS, MINUS, INK = "#2a9d8f", "#d1702e", "#84918e"
DOT = 24


def dropout_drawing(kept: np.ndarray) -> str:
    """A line of units per draw: full ones stay, hollow ones are left out."""
    draws, units = kept.shape
    parts = [_text(20, 18 + draw * DOT, str(draw + 1), "end") for draw in range(draws)]
    for draw, unit in np.ndindex(draws, units):
        full = f"fill='{PLUS}'" if kept[draw, unit] else "fill='none' stroke-opacity='0.5'"
        parts.append(
            f"<circle cx='{42 + unit * DOT}' cy='{14 + draw * DOT}' r='8' stroke='{PLUS}' {full}/>"
        )
    size = (units * DOT + 36, draws * DOT + 4)
    return _image(parts, size, 1.4, f"{draws} draws of {units} units")


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f"<text x='{x}' y='{y}' text-anchor='{anchor}' fill='{INK}' font-size='11' "
        f"font-family='sans-serif'>{words}</text>"
    )


def _image(parts: list[str], size: tuple[int, int], zoom: float, words: str) -> str:
    """An `img` of at most `zoom` times `size=(width, height)`, which shrinks on narrow screens."""
    body = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size[0]} {size[1]}' "
        f"width='{size[0]}' height='{size[1]}'>{''.join(parts)}</svg>"
    )
    source = base64.b64encode(body.encode()).decode()
    return (
        f"<img alt='{escape(words)}' src='data:image/svg+xml;base64,{source}' "
        f"style='width: 100%; max-width: {size[0] * zoom:.0f}px; display: block'>"
    )
