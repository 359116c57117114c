"""All photos as points on a plane: move, zoom, see one by pointing at it, mark by drawing around.

A hundred thousand points are drawn on a canvas; thumbnails come from our route where there is
room for them. Works with mouse, touch (two fingers move and zoom) and keys.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
HIDDEN = 255


def photo_map(
    *,
    key: str,
    points: str,
    source: str,
    codes: str,
    groups: Sequence[Mapping[str, Any]],
    marked: str,
    heard: Mapping[str, Any] | None,
    classes: Sequence[str],
    on_marks: Callable[[], None],
    on_act: Callable[[], None],
    copies: Sequence[Mapping[str, Any]] = (),
    quiet: bool = False,
    fixed: bool = False,
) -> None:
    """Shows the map. What people do with it arrives in the callbacks, as in `photo_gallery`.

    Args:
        key: Identity of this map on its page.
        points: Address of the points (`ui.map_route`); another one when they change.
        source: Address of a thumbnail, with `{id}` and `{size}`.
        codes: A byte per point, base64: its place in `groups`, `HIDDEN` for none.
        groups: `name`, `color` and `count` of what points are coloured by.
        marked: A bit per point, base64, as `core.datasets.marks.pack` writes it.
        heard: The `client` and `number` of the last change that was taken note of.
        classes: The classes that the keys 1 to 9 stand for.
        copies: Augmented copies around their photos: `x`, `y` (0..1), `from` (a photo's id),
            `color`, `picture` (an address), `words` and `stray` each. A click on one arrives as
            the act "copy" with its place. One that is `here` is not a copy but the photo at
            hand: it gets a ring, and the photos around it stay as strong as they are.
        quiet: Whether photos are only to be looked at: without marks and changes.
        fixed: Whether keys change nothing: photos can be marked and opened only.
    """
    _component(
        key=key,
        data={
            "points": points,
            "source": source,
            "codes": codes,
            "groups": list(groups),
            "marked": marked,
            "heard": dict(heard) if heard else None,
            "classes": list(classes),
            "copies": list(copies),
            "quiet": quiet,
            "fixed": fixed,
        },
        on_marks_change=on_marks,
        on_act_change=on_act,
    )


HTML = """
<div class="map">
  <div class="stage">
    <canvas tabindex="0" role="application" aria-label="Map of all photos by likeness"></canvas>
    <div class="tools">
      <span class="marking">
        <button data-tool="lasso" data-mode aria-pressed="true">Lasso</button>
        <button data-tool="box" data-mode aria-pressed="false">Box</button>
        <button data-tool="move" data-mode aria-pressed="false">Move</button>
      </span>
      <span>
        <button data-tool="in" aria-label="Zoom in">+</button>
        <button data-tool="out" aria-label="Zoom out">&minus;</button>
        <button data-tool="fit">Whole map</button>
      </span>
      <span><button data-tool="pictures" aria-pressed="false">Pictures</button></span>
    </div>
    <div class="tip" hidden></div>
    <div class="word" role="status"></div>
  </div>
  <div class="legend"></div>
</div>
"""

_component = st.components.v2.component(
    "loupe_photo_map",
    html=HTML,
    css=(HERE / "photo_map.css").read_text(encoding="utf-8"),
    js=(HERE / "photo_map.js").read_text(encoding="utf-8"),
)
