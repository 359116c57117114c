"""Diagrams of the concepts page, as SVG.

Streamlit drops SVG from HTML, so each is an image; their middle tones read on both themes.
"""

import base64
from html import escape

import numpy as np

from core.concepts.overfitting import CurveFit
from core.concepts.sizes import OutputSize, window_starts

PLUS, MINUS, INK = "#2a9d8f", "#d1702e", "#84918e"
CELL, BAR = 24, 11


def windows_drawing(width: int, kernel: int, padding: int, stride: int, fit: OutputSize) -> str:
    """The input as a row of cells and, below it, every window that finds a place."""
    reached = width + padding - fit.left_over
    cells = [
        _cell(place + padding, place < 0 or place >= width, place >= reached)
        for place in range(-padding, width + padding)
    ]
    bars = [
        f"<rect x='{(start + padding) * CELL + 2}' y='{30 + order * BAR}' rx='3' height='7' "
        f"width='{kernel * CELL - 4}' fill='{PLUS}'/>"
        for order, start in enumerate(window_starts(width, kernel, padding, stride))
    ]
    size = ((width + 2 * padding) * CELL, 32 + fit.size * BAR)
    return _image(cells + bars, size, 1.4, f"{fit.size} windows over {width} pixels")


def _cell(place: int, padding: bool, missed: bool) -> str:
    paint = MINUS if missed else INK
    dash = " stroke-dasharray='3 3'" if padding else ""
    shape = (
        f"<rect x='{place * CELL + 2}' y='2' width='20' height='20' rx='3' fill='{paint}' "
        f"fill-opacity='{0.05 if padding else 0.3}' stroke='{paint}'{dash}/>"
    )
    return shape + (_text(place * CELL + 12, 16, "0", "middle") if padding else "")


def relu_curve(value: float) -> str:
    """The bend of ReLU with a dot at `value` (−5..5)."""
    x, y = 150 + value * 28, 110 - max(value, 0) * 20
    parts = [
        f"<path d='M10 110H290M150 5V125' stroke='{INK}' stroke-opacity='0.5'/>",
        f"<path d='M10 110H150L290 10' fill='none' stroke='{PLUS}' stroke-width='3'/>",
        f"<path d='M{x} 110V{y}H150' stroke='{MINUS}' stroke-dasharray='3 3' fill='none'/>",
        f"<circle cx='{x}' cy='{y}' r='6' fill='{MINUS}'/>",
        _text(288, 125, "in", "end") + _text(145, 14, "out", "end"),
    ]
    return _image(parts, (300, 130), 1.4, f"ReLU of {value:g}")


def curve_drawing(fit: CurveFit) -> str:
    """The points it learnt from, new ones, and the curve."""
    course = " ".join(f"{x:.1f},{y:.1f}" for x, y in _on_paper(fit.curve))
    parts = [f"<path d='M5 110H395' stroke='{INK}' stroke-opacity='0.4'/>"]
    parts += _dots(fit.fresh, 3, INK, 0.55)
    parts.append(f"<polyline points='{course}' fill='none' stroke='{PLUS}' stroke-width='2.5'/>")
    parts += _dots(fit.train, 5.5, MINUS, 1)
    return _image(parts, (400, 220), 1.8, "A curve through points")


def _dots(points: np.ndarray, radius: float, paint: str, opacity: float) -> list[str]:
    return [
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{paint}' fill-opacity='{opacity}'/>"
        for x, y in _on_paper(points)
    ]


def _on_paper(points: np.ndarray) -> np.ndarray:
    return np.stack([10 + points[:, 0] * 380, np.clip(110 - points[:, 1] * 62, -40, 260)], axis=1)


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
