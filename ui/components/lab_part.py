"""The moving part of a lab of How it works, computed in the browser so that it follows the hand.

Each is `lab_NAME.js` on top of `lab_arithmetic.js`, `lab_kit.js`, `lab_board.js` and
`lab_numbers.js`; it begins anew when its data change, and keeps what the visitor did when the
page merely runs again.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

HERE = Path(__file__).parent
SHARED = ("lab_arithmetic", "lab_kit", "lab_board", "lab_numbers")
NAMES = ("pixels", "convolution", "channels", "sizes", "activations", "pooling", "dense")


def lab_part(name: str, data: Mapping[str, Any]) -> None:
    """Shows the part `name`, one of `NAMES`, with what its script needs."""
    _components[name](key=f"concept-part-{name}", data=dict(data))


def packed(pixels: np.ndarray) -> dict[str, Any]:
    """uint8 (height, width) or (height, width, channels), as the scripts unpack it."""
    height, width = pixels.shape[:2]
    return {
        "height": height,
        "width": width,
        "channels": pixels.shape[2] if pixels.ndim == 3 else 1,
        "pixels": base64.b64encode(np.ascontiguousarray(pixels, np.uint8).tobytes()).decode(),
    }


def _script(name: str) -> str:
    parts = (*SHARED, f"lab_{name}")
    return "\n".join((HERE / f"{part}.js").read_text(encoding="utf-8") for part in parts)


_components = {
    name: st.components.v2.component(
        f"loupe_lab_{name}",
        html='<div class="lab"></div>',
        css=(HERE / "lab_kit.css").read_text(encoding="utf-8"),
        js=_script(name),
    )
    for name in NAMES
}
