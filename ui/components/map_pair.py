"""The maps of one layer in two looks, side by side under one cursor.

Pointing at a map, or at a place of the enlarged one, marks the same in the other and says both
values. Arrow keys move, Enter chooses a map.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def map_pair(
    found: Mapping[str, Any], titles: Sequence[str], *, key: str, on_map: Callable[[], None]
) -> None:
    """Shows both; a click on a map arrives in `on_map`.

    Args:
        found: What `core.inspection.comparing.side_by_side` returns.
        titles: What the two looks are called.
        key: Identity of this pair on its page; the callback finds `map` there, a map's number.
    """
    sides = [
        {
            **{name: side[name] for name in ("columns", "rows", "gap", "map", "low", "high")},
            "title": title,
            "png": f"data:image/png;base64,{_text(side['png'])}",
            "cell": list(side["cell"]),
            "values": _text(side["values"].astype("<f4").tobytes()),
            "shape": list(side["values"].shape),
        }
        for side, title in zip(found["sides"], titles, strict=True)
    ]
    _component(
        key=key,
        data={
            "sides": sides,
            "layer": found["layer"],
            "palette": _text(found["palette"]),
            "order": list(found["order"]),
            "drifts": [round(one, 4) for one in found["drifts"]],
            "index": found["index"],
        },
        on_map_change=on_map,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


HTML = """
<div class="pair">
  <div class="large"></div>
  <p class="said" role="status"></p>
  <div class="scroll"><div class="sheets"></div></div>
  <p class="keys">Point at a map, or at a place of the two large ones: the other shows the same.
    Click a map to enlarge it. With keys: arrows move, Enter chooses.</p>
</div>
"""

_component = st.components.v2.component(
    "loupe_map_pair",
    html=HTML,
    css=(HERE / "map_pair.css").read_text(encoding="utf-8"),
    js=(HERE / "map_pair.js").read_text(encoding="utf-8"),
)
