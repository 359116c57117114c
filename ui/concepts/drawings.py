"""Numbers, pictures and bars of the concepts page, as HTML that follows the theme."""

import base64
from collections.abc import Sequence
from html import escape

import numpy as np

from core.images import encode_png
from ui.palette import class_color


def number(value: float) -> str:
    """A number as short as the eye wants it, with a true minus sign."""
    text = f"{value:.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.3g}"
    return text.replace("-", "−").replace("−0", "0") if float(text) == 0 else text.replace("-", "−")


def picture(pixels: np.ndarray, caption: str, box: tuple[int, int, int] | None = None) -> str:
    """A picture with hard pixels; `box` is the row, column and side of a frame on it."""
    source = base64.b64encode(encode_png(pixels)).decode()
    frame = ""
    if box is not None:
        height, width = pixels.shape[:2]
        row, column, side = box
        frame = (
            f"<i style='top: {row / height:.2%}; left: {column / width:.2%}; "
            f"width: {side / width:.2%}; height: {side / height:.2%}'></i>"
        )
    text = escape(caption)
    return (
        f"<figure><div class='picture'><img alt='{text}' src='data:image/png;base64,{source}'>"
        f"{frame}</div><figcaption>{text}</figcaption></figure>"
    )


def row(*parts: str, css: str = "row") -> str:
    """Parts side by side, wrapping where the screen is narrow."""
    return f"<div class='concept {css}'>{''.join(parts)}</div>"


def sign(text: str) -> str:
    """A sign of arithmetic between two drawings."""
    return f"<span class='sign'>{escape(text)}</span>"


def probability_bars(names: Sequence[str], shares: Sequence[float]) -> str:
    """A bar and a percentage per class."""
    return row(
        *(
            f"<div class='bar'>{escape(name)}<div><span style='width: {share:.1%}; "
            f"background: {class_color(index)}'></span></div><b>{share:.1%}</b></div>"
            for index, (name, share) in enumerate(zip(names, shares, strict=True))
        ),
        css="",
    )
