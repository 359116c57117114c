"""The labs of a course as a quiet table of contents; on a narrow screen, a list to choose from."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def lab_rail(
    parts: Sequence[Mapping[str, Any]], *, key: str, current: str, on_chosen: Callable[[], None]
) -> None:
    """Shows all labs, part by part; the chosen one arrives in `on_chosen` as `chosen`.

    When `current` changes, the page is scrolled to its top, where the new lab begins.

    Args:
        parts: `title` and `labs` of each; of each lab `anchor`, `title`, `hint`, `minutes`
            and `tried`.
        key: Identity of this list on its page.
        current: The anchor of the lab that is shown.
    """
    _component(key=key, data={"parts": list(parts), "current": current}, on_chosen_change=on_chosen)


_component = st.components.v2.component(
    "loupe_lab_rail",
    html='<nav aria-label="Labs"><div class="parts"></div>'
    '<label class="narrow"><span></span><select></select></label></nav>',
    css=(HERE / "lab_rail.css").read_text(encoding="utf-8"),
    js=(HERE / "lab_rail.js").read_text(encoding="utf-8"),
)
