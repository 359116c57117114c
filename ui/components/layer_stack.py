"""A network's layers as cards: choose, drag, move, copy, remove; all by mouse, touch or key.

Up and down move the focus, Enter opens a card, Alt with up or down moves the layer, D copies
it, Delete removes it, Ctrl+Z undoes, Ctrl+Shift+Z redoes.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def layer_stack(
    cards: Sequence[Mapping[str, Any]], *, key: str, chosen: str, on_act: Callable[[], None]
) -> None:
    """Shows the cards. What people do with them arrives in `on_act`.

    Args:
        cards: `place` ("3", or "3.1" within block 3), `title`, `name`, `color`, `settings`,
            `shape`, `figures` (a list of short texts), `sum`, `problem`, `step`, `fix` (words
            of the button that repairs it), `waiting`, `fixed` (neither moved nor removed) and
            `block` (whether layers within it follow) of each.
        key: Identity of this stack on its page; the callback finds `act` there.
        chosen: The place of the chosen card.
        on_act: Called with `{"do", "place", "goal", "number"}` as `act`; "do" is choose, move,
            copy, remove, fix, undo or redo, "goal" the place before which a moved one goes.
    """
    _component(key=key, data={"cards": list(cards), "chosen": chosen}, on_act_change=on_act)


_component = st.components.v2.component(
    "loupe_layer_stack",
    html='<ol class="stack" aria-label="Layers, from the picture to the answer"></ol>'
    '<p class="keys">↑ ↓ to go, Enter to open, Alt with ↑ ↓ to move, D to copy, '
    "Delete to remove, Ctrl Z to undo. Or drag by the dots.</p>",
    css=(HERE / "layer_stack.css").read_text(encoding="utf-8"),
    js=(HERE / "layer_stack.js").read_text(encoding="utf-8"),
)
