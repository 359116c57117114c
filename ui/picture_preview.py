"""What a network gets to see of a photo, beside the photo."""

import base64
from html import escape
from pathlib import Path

import numpy as np

from core.images import PictureSpec, encode_png, load_picture
from ui import cache

SMOOTH_FROM = 160


def picture_at_network_size(source: Path | bytes, spec: PictureSpec) -> np.ndarray:
    """The photo exactly as training and prediction see it: uint8 (height, width, channels)."""
    return cache.remembered(load_picture, source, spec)


def preview_html(address: str, source: Path | bytes, spec: PictureSpec) -> str:
    """The photo and what the network sees of it, side by side, as HTML.

    Args:
        address: Where the browser finds the photo.
        source: The photo's file, or its bytes.
    """
    height, width = spec.image_size
    seen = base64.b64encode(encode_png(picture_at_network_size(source, spec))).decode()
    rendering = "auto" if max(height, width) >= SMOOTH_FROM else "pixelated"
    caption = escape(f"what the network sees: {height} × {width} {_colors(spec)}")
    return (
        f"<style>{CSS}</style><div class='lp-preview'>"
        f"<figure><img alt='the photo' src='{address}'>"
        "<figcaption>the photo</figcaption></figure>"
        f"<figure><img alt='{caption}' src='data:image/png;base64,{seen}'"
        f" style='image-rendering: {rendering}; aspect-ratio: {width} / {height}'>"
        f"<figcaption>{caption}</figcaption></figure></div>"
    )


def _colors(spec: PictureSpec) -> str:
    return "pixels in colour" if spec.color_mode == "rgb" else "pixels in shades of grey"


CSS = """
.lp-preview {display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; align-items: start}
.lp-preview figure {margin: 0}
.lp-preview img {width: 100%; max-height: 18rem; object-fit: contain; object-position: left top;
  border-radius: .5rem; display: block}
.lp-preview figcaption {font-size: .85rem; opacity: .75; margin-top: .35rem}
"""
