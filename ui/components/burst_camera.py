"""The camera: hold a button, and frames fill a class for as long as it is held."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from ui.components.burst_camera_script import CAMERA_JS
from ui.components.burst_camera_style import CSS, HTML
from ui.components.picture_sender import SENDER_JS


class Target(NamedTuple):
    """A class that pictures can be put into.

    Attributes:
        name: Its name.
        color: Its colour, as `#rrggbb`.
        text: What can be read on that colour.
        photos: How many are in it so far.
    """

    name: str
    color: str
    text: str
    photos: int


def burst_camera(
    collection: str, targets: Sequence[Target], label: str, key: str
) -> dict[str, str | int] | None:
    """Shows the camera; returns `{"label", "added"}` once when a burst has arrived in full.

    The frames themselves go to `/api/collections/{collection}/frames`, not through Streamlit.

    Args:
        collection: Name of the collection that is filled.
        targets: The classes to choose among.
        label: The class that is chosen at first, and again whenever this changes.
        key: Identity of this camera on its page.
    """
    data = {
        "collection": collection,
        "targets": [target._asdict() for target in targets],
        "label": label,
    }
    result = _component(key=key, data=data, on_recorded_change=_nothing)
    recorded = result.get("recorded")
    return dict(recorded) if recorded else None


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


_component = st.components.v2.component(
    "loupe_burst_camera", html=HTML, css=CSS, js=SENDER_JS + CAMERA_JS
)
