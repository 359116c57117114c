"""Tells which of some keys was pressed while it is on the page; draws nothing."""

from collections.abc import Callable, Sequence

import streamlit as st


def key_listener(keys: Sequence[str], on_key: Callable[[], None], key: str) -> None:
    """Listens to `keys`, unless somebody is writing.

    Args:
        keys: Names of keys as browsers give them, such as `"ArrowLeft"` or `"x"`.
        on_key: Called with `{"key", "number"}` as the trigger `pressed`.
        key: Identity of this listener on its page.
    """
    _component(key=key, data={"keys": list(keys)}, on_pressed_change=on_key)


JS = """
const WRITING = "input, textarea, select, [contenteditable=true], [role=combobox], [role=listbox]";
let number = 0;

export default function ({ data, setTriggerValue }) {
  const listen = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !data.keys.includes(event.key)) return;
    if (event.composedPath()[0].closest?.(WRITING)) return;
    event.preventDefault();
    setTriggerValue("pressed", { key: event.key, number: ++number });
  };
  window.addEventListener("keydown", listen);
  return () => window.removeEventListener("keydown", listen);
}
"""

_component = st.components.v2.component("loupe_key_listener", html="<span></span>", js=JS)
