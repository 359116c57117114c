"""One map, value by value: what it sees of the photo is framed, and how it comes about worked out.

Pointing, dragging a finger or the arrow keys move the marker; Enter or a click pins it, Escape
or a second click frees it. The arithmetic comes from `ui.value_route`, some values at a time.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
# One module, in two files.
SCRIPTS = ("pixel_probe.js", "pixel_sum.js")


def pixel_probe(shown: Mapping[str, Any], *, key: str, on_act: Callable[[], None]) -> None:
    """Shows the map beside the photo. What people do with it arrives in `on_act`.

    Args:
        shown: `layer`, `title` (of the layer), `index`, `units` (whether it has units instead
            of maps), `count`, `shape` [rows, columns], `values` (float32, little-endian, base64;
            NaN where there is no unit), `map` and `photo` (addresses of pictures, a pixel each),
            `photo_size`, `rows` and `columns` (of the receptive field on the photo, see
            `core.inspection.probe`), `names` (of the units, or None), `at` (the pinned [row,
            column], or None), `address` (of the values, with `{place}`, `{reach}` and `{most}`).
        key: Identity of the probe on its page; the callback finds `act` there.
        on_act: Called with `{"do", "layer", "map", "at", "number"}` as `act`; "do" is pin, free
            or go, the latter to a value of another layer.
    """
    _component(key=key, data=dict(shown), on_act_change=on_act)


HTML = """
<div class="probe">
  <div class="trail" hidden></div>
  <div class="pictures">
    <figure>
      <div class="face map" tabindex="0" role="application">
        <img alt="" draggable="false"><div class="marker" hidden></div>
      </div>
      <figcaption></figcaption>
    </figure>
    <figure>
      <div class="face photo"><img alt="" draggable="false"><div class="frame" hidden></div></div>
      <figcaption></figcaption>
    </figure>
  </div>
  <p class="now"><b class="where"></b><span class="value"></span><span class="sees"></span></p>
  <p class="hint"></p>
  <p class="spoken" role="status" aria-live="polite"></p>
  <p class="word" role="status" hidden></p>
  <div class="sum"></div>
</div>
"""

_component = st.components.v2.component(
    "loupe_pixel_probe",
    html=HTML,
    css=(HERE / "pixel_probe.css").read_text(encoding="utf-8"),
    js="".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS),
)
