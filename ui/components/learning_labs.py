"""The labs about learning that move by themselves, in the browser.

Their arithmetic stands in `lab_learning_sums.js`; `core.concepts` has the same, and a journey
holds both against Keras.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.images import encode_jpeg, encode_png

HERE = Path(__file__).parent
TINY = 32
SHARED = ("lab_learning_kit", "lab_learning_sums")
LABS = ("softmax", "loss", "backpropagation", "dropout", "batch_normalization")


def learning_lab(name: str, data: Mapping[str, Any]) -> None:
    """Shows the lab `name`, one of `LABS`, with what its script wants as `data`."""
    _components[name](key=f"concept-lab-{name}", data=dict(data))


def picture_source(pixels: np.ndarray) -> str:
    """uint8 (height, width[, 3]) as an address that a lab can show; tiny ones pixel by pixel."""
    tiny = max(pixels.shape[:2]) <= TINY
    data = base64.b64encode(encode_png(pixels) if tiny else encode_jpeg(pixels)).decode()
    return f"data:image/{'png' if tiny else 'jpeg'};base64,{data}"


def script(name: str) -> str:
    """All JavaScript of a lab."""
    return "\n".join(_text(f"{part}.js") for part in (*SHARED, f"lab_{name}"))


def style(name: str) -> str:
    """All CSS of a lab."""
    return _text("lab_learning_kit.css") + _text(f"lab_{name}.css")


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


_components = {
    name: st.components.v2.component(
        f"loupe_lab_{name}", html='<div class="lab"></div>', css=style(name), js=script(name)
    )
    for name in LABS
}
