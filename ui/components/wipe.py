"""Two pictures laid over each other, with a border that follows the pointer or the arrows."""

import base64

import numpy as np
import streamlit as st

from core.images import encode_png
from ui.galleries import SMOOTH_FROM


def wipe(before: np.ndarray, after: np.ndarray, *, key: str, words: tuple[str, str]) -> None:
    """Shows `before` to the left of the border and `after` to its right.

    Args:
        before: uint8 (height, width, channels).
        after: The same shape.
        key: Identity of this element on its page.
        words: What each of them is.
    """
    height, width = before.shape[:2]
    _component(
        key=key,
        data={
            "before": _address(before),
            "after": _address(after),
            "words": list(words),
            "smooth": max(height, width) >= SMOOTH_FROM,
        },
    )


def _address(picture: np.ndarray) -> str:
    data = base64.b64encode(encode_png(np.ascontiguousarray(picture))).decode()
    return f"data:image/png;base64,{data}"


HTML = """<div class="wipe"><div class="stage"><img class="after"><img class="before">
<div class="border"></div></div>
<input type="range" min="0" max="100" value="50" step="0.5">
<div class="words"><span></span><span></span></div></div>"""

CSS = """
.wipe {max-width: 480px; font: 13px var(--st-font, sans-serif); color: var(--st-text-color)}
.stage {position: relative; border-radius: 8px; overflow: hidden; touch-action: none;
  cursor: ew-resize}
.stage img {display: block; width: 100%; user-select: none; pointer-events: none}
.before {position: absolute; inset: 0}
.border {position: absolute; top: 0; bottom: 0; width: 3px; margin-left: -1px;
  background: var(--st-primary-color); pointer-events: none}
input {width: 100%; accent-color: var(--st-primary-color); margin: 8px 0 2px}
.words {display: flex; justify-content: space-between; opacity: .8}
"""

JS = """
export default function ({ data, parentElement }) {
  const stage = parentElement.querySelector(".stage");
  const range = parentElement.querySelector("input");
  const border = parentElement.querySelector(".border");
  const before = parentElement.querySelector(".before");
  const after = parentElement.querySelector(".after");
  const words = parentElement.querySelectorAll(".words span");
  [before.src, after.src] = [data.before, data.after];
  [before.alt, after.alt] = data.words;
  data.words.forEach((text, at) => { words[at].textContent = text; });
  for (const image of [before, after]) {
    image.style.imageRendering = data.smooth ? "auto" : "pixelated";
  }
  range.setAttribute("aria-label", `Border between ${data.words[0]} and ${data.words[1]}`);
  const show = () => {
    before.style.clipPath = `inset(0 ${100 - range.value}% 0 0)`;
    border.style.left = `${range.value}%`;
  };
  range.oninput = show;
  const follow = (event) => {
    const box = stage.getBoundingClientRect();
    range.value = 100 * (event.clientX - box.left) / box.width;
    show();
  };
  stage.onpointerdown = (event) => { stage.setPointerCapture(event.pointerId); follow(event); };
  stage.onpointermove = (event) => {
    if (event.buttons || event.pointerType === "mouse") follow(event);
  };
  show();
}
"""

_component = st.components.v2.component("loupe.wipe", html=HTML, css=CSS, js=JS)
