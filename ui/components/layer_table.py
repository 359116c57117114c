"""All layers of a network as a list to search, filter and open; quick for hundreds of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def layer_table(
    rows: Sequence[Mapping[str, Any]],
    *,
    key: str,
    thumbnails: str,
    thumbnail: int,
    on_open: Callable[[], None],
) -> None:
    """Shows the list. The name of the layer that is opened arrives in `on_open` as `open`.

    Args:
        rows: `name`, `title`, `inside` (the nested model that begins here, or ""), `kind`, `does`
            (a sentence), `shape`, `weights`, `dead`, `mean`, `spread`, `low`, `high` (all
            words), `counts` (of a histogram), `thumb` (its place among the thumbnails, or None)
            and `warn` (a sentence, or "") of each.
        key: Identity of this list on its page; what was searched for stays under it.
        thumbnails: Address of the small pictures, squares below each other.
        thumbnail: The side of one in pixels.
    """
    _component(
        key=key,
        data={"rows": list(rows), "thumbnails": thumbnails, "side": thumbnail, "key": key},
        on_open_change=on_open,
    )


HTML = (
    '<div class="table"><div class="tools"></div><div class="heads" aria-hidden="true"></div>'
    '<ol class="rows" aria-label="Layers, from the photo to the answer"></ol></div>'
)
CSS = (HERE / "layer_table.css").read_text(encoding="utf-8")
JS = (HERE / "layer_table.js").read_text(encoding="utf-8")

_component = st.components.v2.component("loupe_layer_table", html=HTML, css=CSS, js=JS)
