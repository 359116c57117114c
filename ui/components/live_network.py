"""A small network that reacts while one draws, its layers as planes in space.

Everything is computed in the browser, from the weights that `core.inspection.live` exports: a
stroke is answered without asking the server. Planes turn by dragging or the arrow keys, come
closer by wheel, pinch, + and −; a value at the pointer shows what it is made of. After each
picture the window hears the event `loupe:live-network`, whose detail holds `run`, `picture`,
`values` (name and values of every layer), `answer` and `milliseconds`.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


def live_network(
    *, key: str, address: str, run: str, colors: Sequence[str], digits: bool, photo: str | None
) -> None:
    """Shows the pad, the answer and the layers.

    Args:
        key: Identity of this network on its page.
        address: Where the exported network lies; another one when it changes.
        run: Whose network it is.
        colors: Of its classes; they begin anew where there are more classes.
        digits: Whether its classes are the figures, which fill their pictures and can be drawn
            by themselves.
        photo: Address of a photo to draw over; None for none.
    """
    data = {
        "address": address,
        "run": run,
        "colors": list(colors),
        "digits": digits,
        "photo": photo,
    }
    _component(key=key, data=data)


HTML = """
<div class="live" data-state="loading" data-passes="0">
  <div class="side">
    <canvas class="pad" tabindex="0" role="img" aria-label="Drawing pad: draw with the mouse, a
      finger or a pen. Delete clears it; the keys 0 to 9 draw a figure for you."></canvas>
    <div class="tools">
      <button data-do="clear" class="main">Clear</button>
      <button data-do="undo">Undo</button>
      <button data-do="rub" aria-pressed="false">Rubber</button>
      <button data-do="one" class="draw-one">Draw one for me</button>
      <button data-do="photo" class="photo">Put the photo here</button>
    </div>
    <div class="result">
      <div class="answer" role="status"><b></b><span></span></div>
      <ol class="bars" aria-label="How sure the network is of each class"></ol>
    </div>
    <details>
      <summary>Pen and paper</summary>
      <label>Thickness <input type="range" min="8" max="64" value="40" data-set="width"></label>
      <label><input type="checkbox" checked data-set="dark">White on black</label>
      <label class="draw-one"><input type="checkbox" checked data-set="fill">Enlarge the drawing
        until it fills the picture, as the figures that the network learnt from do</label>
    </details>
  </div>
  <div class="room">
    <canvas class="space" tabindex="0" role="application" aria-roledescription="network in space"
      aria-label="The layers of the network, from the drawing below to the answer on top. Arrow
      keys turn them, plus and minus zoom, 0 goes back."></canvas>
    <p class="key"><span><i style="background: linear-gradient(90deg, #16292c, #17705f, #2fbf9a,
      #a5f0a8, #fff7c2)"></i>active</span><span><i style="background: linear-gradient(90deg,
      #16292c, #1c3f6e, #2f6fc0, #7db4ff)"></i>below zero</span></p>
    <p class="hint">Drag to turn. Point at a value to see what it is made of. Click, then use the
      wheel to come closer.</p>
    <button class="home" data-do="home">Reset the view</button>
    <div class="tip" hidden></div>
    <p class="note" role="status">The network is on its way to your browser.</p>
  </div>
</div>
"""


def _script() -> str:
    """The component's script; the arithmetic stands in it twice, once as text for the worker."""
    math, pen, view, main = (
        (HERE / f"{file}.js").read_text(encoding="utf-8")
        for file in ("live_network_math", "canvas_pen", "live_network_view", "live_network")
    )
    return f"{math}\nconst MATH_SOURCE = {json.dumps(math)};\n{pen}\n{view}\n{main}"


_component = st.components.v2.component(
    "loupe_live_network",
    html=HTML,
    css=(HERE / "live_network.css").read_text(encoding="utf-8"),
    js=_script(),
)
