"""Shows an SVG of ours in the colours of the theme; `st.html` would strip it."""

import streamlit as st


def drawing(svg: str, key: str) -> None:
    """Shows `svg`, scrolling sideways where it is wider than the screen.

    Args:
        svg: Made by our own code, with every text from outside escaped: it is shown as it is.
        key: Identity of this drawing on its page.
    """
    _component(key=key, data={"svg": svg})


CSS = """
.drawing {overflow-x: auto; padding: 4px 0; font-family: var(--st-font, sans-serif);
  color: var(--st-text-color)}
.drawing svg {display: block}
"""

JS = """
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".drawing");
  if (place.shown !== data.svg) place.innerHTML = data.svg;
  place.shown = data.svg;
}
"""

_component = st.components.v2.component(
    "loupe.drawing", html='<div class="drawing" tabindex="0"></div>', css=CSS, js=JS
)
