"""How maps are drawn: colours, brightness and contrast, the same for every layer."""

from typing import Any, NamedTuple

import streamlit as st

from ui import state

COLORS = {
    "viridis": "Dark to bright",
    "grey": "Grey",
    "signed": "Around zero",
}
SCALES = {"map": "Each map for itself", "layer": "All maps alike"}
CLIPS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
LEGENDS = {
    "viridis": "Violet is the lowest value, yellow the highest.",
    "grey": "Black is the lowest value, white the highest.",
    "signed": "Blue is below zero, white is zero, red is above zero.",
}


class Look(NamedTuple):
    """How maps are drawn; see `core.inspection.shades`."""

    colors: str = "viridis"
    scale: str = "map"
    clip: float = 0.0

    def query(self) -> dict[str, Any]:
        """As the routes take it."""
        return {"colors": self.colors, "scale": self.scale, "clip": f"{self.clip:g}"}

    @property
    def legend(self) -> str:
        """What the colours mean, in a sentence."""
        return LEGENDS[self.colors]


def choose_look() -> Look:
    """Draws the controls. What was chosen stays when another layer is opened."""
    with st.container(horizontal=True, gap="medium", key="inside-look"):
        colors = _choice("Colours", "inside-colors", COLORS, "Grey shows the finest steps.")
        scale = _choice(
            "Brightness",
            "inside-scale",
            SCALES,
            "Each map for itself shows the faintest pattern; all maps alike shows which maps "
            "respond most.",
        )
        _restore("inside-clip", CLIPS, CLIPS[0])
        clip = st.select_slider(
            "Contrast: cut off the extremes",
            CLIPS,
            format_func=lambda share: f"{share:g}%" if share else "nothing",
            key="inside-clip",
            on_change=_keep,
            args=("inside-clip",),
            help="This share of a map's lowest and of its highest values is drawn like the "
            "ones next to them, so that a few extremes do not leave all others dark.",
            width=220,
        )
    return Look(colors, scale, float(clip))


def _choice(label: str, key: str, words: dict[str, str], help_text: str) -> str:
    _restore(key, tuple(words), next(iter(words)))
    return str(
        st.segmented_control(
            label,
            list(words),
            format_func=lambda name: words[name],
            required=True,
            key=key,
            on_change=_keep,
            args=(key,),
            help=help_text,
            wrap=True,
        )
    )


def _restore(key: str, options: tuple[Any, ...], default: Any) -> None:
    """Streamlit forgets a widget that was not drawn for a moment."""
    kept = state.get(key, default)
    state.set_widget(key, kept if kept in options else default)


def _keep(key: str) -> None:
    state.put(key, state.widget(key))
