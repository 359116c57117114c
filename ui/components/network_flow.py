"""A whole network from the photo to the answer: maps in columns, and what feeds what.

Drawn on a canvas: pushed sideways by mouse, finger, wheel or keys, closer and farther with Ctrl
and the wheel, two fingers, + and −. The way through the network can be played.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def network_flow(
    *,
    key: str,
    network: str,
    columns: Sequence[Mapping[str, Any]],
    edges: Sequence[Mapping[str, Any]],
    sprite: str,
    photo: str,
    photo_size: str,
    answers: Sequence[Mapping[str, Any]],
    detail: str,
    on_act: Callable[[], None],
) -> None:
    """Shows the network. What people ask for arrives in `on_act`.

    Args:
        key: Identity of this drawing on its page.
        network: Identity of the network; the view goes back to its beginning with another one.
        columns: As `core.inspection.overview.overview` tells them, and of each `name`, `heading`,
            `sub` (its shape in words), `holds` (what a folded group holds in words).
        edges: As told there.
        sprite: Address of the sprite told there.
        photo: Address of the photo as the network sees it.
        photo_size: At how many pixels it does, in words.
        answers: `name`, `color` and `probability` of each class.
        detail: "blocks", "every", or "" where there is nothing to fold.
        on_act: Called with `{"do", "layer", "map", "group", "detail"}` as `act`; "do" is open (a
            map, to be seen large), fold (a group, or unfold it) or detail.
    """
    _component(
        key=key,
        data={
            "network": network,
            "columns": list(columns),
            "edges": list(edges),
            "sprite": sprite,
            "photo": photo,
            "photo_size": photo_size,
            "answers": list(answers),
            "detail": detail,
        },
        on_act_change=on_act,
    )


HTML = """
<div class="flow">
  <div class="bar" role="toolbar" aria-label="The whole network">
    <button data-tool="play" class="main">▶ Play the way through</button>
    <span>
      <button data-tool="out" aria-label="Farther away">&minus;</button>
      <button data-tool="in" aria-label="Closer">+</button>
      <button data-tool="fit">All of it</button>
    </span>
    <span class="scales" role="radiogroup" aria-label="Colours">
      <button data-scale="map" aria-pressed="true"
        title="Every map uses the whole range of colours">Each map for itself</button>
      <button data-scale="layer" aria-pressed="false"
        title="All maps of a layer share one range of colours">All of a layer alike</button>
    </span>
    <span class="details">
      <button data-detail="blocks">Blocks</button>
      <button data-detail="every">Every layer</button>
    </span>
  </div>
  <div class="stage">
    <canvas tabindex="0" role="application" aria-roledescription="network"
      aria-label="The whole network, from the photo to the answer. Arrow keys go from map to map,
      Enter opens one, Space opens a block, P plays."></canvas>
    <div class="tip" hidden></div>
  </div>
  <div class="small"><canvas class="mini" aria-hidden="true"></canvas></div>
  <div class="legend"></div>
  <div class="said" role="status"></div>
</div>
"""

_component = st.components.v2.component(
    "loupe_network_flow",
    html=HTML,
    css=(HERE / "network_flow.css").read_text(encoding="utf-8"),
    js="\n".join(
        (HERE / file).read_text(encoding="utf-8") for file in ("canvas_pen.js", "network_flow.js")
    ),
)
