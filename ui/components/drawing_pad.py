"""A pad for digits and sketches, drawn with the mouse, a finger or a pen that feels pressure."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ui.components.burst_camera import Target
from ui.components.drawing_pad_script import PAD_JS
from ui.components.drawing_pad_style import CSS, HTML
from ui.components.paste_photo import decoded
from ui.components.picture_sender import SENDER_JS


def drawing_pad(key: str) -> bytes | None:
    """Shows a pad; returns a drawing as the bytes of a PNG file once it was handed in.

    Args:
        key: Identity of this pad on its page.
    """
    drawn = _pad(key, collection=None, targets=(), label="").get("drawn")
    return decoded(drawn)


def drawing_pad_into(
    collection: str, targets: Sequence[Target], label: str, key: str
) -> dict[str, Any] | None:
    """Shows a pad that fills a class; returns `{"label", "added"}` once drawings have arrived.

    The drawings go to `/api/collections/{collection}/frames`, and each leaves an empty pad.

    Args:
        collection, targets, label, key: As for `burst_camera`.
    """
    kept = _pad(key, collection=collection, targets=targets, label=label).get("kept")
    return dict(kept) if kept else None


def _pad(key: str, collection: str | None, targets: Sequence[Target], label: str) -> Any:
    data = {
        "collection": collection,
        "targets": [target._asdict() for target in targets],
        "label": label,
    }
    return _component(key=key, data=data, on_drawn_change=_nothing, on_kept_change=_nothing)


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


_component = st.components.v2.component(
    "loupe_drawing_pad", html=HTML, css=CSS, js=SENDER_JS + PAD_JS
)
