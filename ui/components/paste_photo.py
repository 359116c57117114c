"""A box that takes a picture from the clipboard: copy it anywhere, then press Ctrl+V here."""

import base64
import binascii

import streamlit as st

LARGEST_MEGABYTES = 15


def paste_photo(key: str) -> bytes | None:
    """The file that was just pasted, None when nothing was.

    Args:
        key: Identity of this box on its page.
    """
    result = _component(
        key=key, data={"largest": LARGEST_MEGABYTES * 1_000_000}, on_pasted_change=_nothing
    )
    return decoded(result.get("pasted"))


def decoded(pasted: str | None) -> bytes | None:
    """The bytes behind a `data:` URI; None when there are none."""
    if not pasted or "," not in pasted:
        return None
    try:
        return base64.b64decode(pasted.split(",", 1)[1], validate=True)
    except binascii.Error:
        return None


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = """
<div class="box" tabindex="0" role="button" aria-label="Paste a picture from the clipboard">
  <span class="words">Copy a picture anywhere, then press <kbd>Ctrl</kbd> + <kbd>V</kbd></span>
</div>
"""

CSS = """
.box {border: 1px dashed var(--st-border-color); border-radius: var(--st-base-radius, 8px);
  padding: 14px 16px; font: 15px var(--st-font, sans-serif); color: var(--st-text-color);
  background: var(--st-secondary-background-color); outline: none}
.box:focus { border-color: var(--st-primary-color); border-style: solid}
kbd {font: inherit; font-size: 13px; padding: 1px 6px; border-radius: 4px;
  border: 1px solid var(--st-border-color); background: var(--st-background-color)}
"""

JS = """
const NO_PICTURE = "There is no picture on the clipboard. Copy a picture, not its address.";

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".box");
  const words = parentElement.querySelector(".words");
  const take = (event) => {
    if (isTyping(event.target)) return;
    const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
    if (!file) return void (words.textContent = NO_PICTURE);
    if (file.size > data.largest) return void (words.textContent =
      `This picture is larger than ${data.largest / 1e6} MB. Upload it as a file instead.`);
    const reader = new FileReader();
    reader.onload = () => setTriggerValue("pasted", reader.result);
    reader.readAsDataURL(file);
    words.textContent = "Pasted. Paste another one whenever you like.";
  };
  box.forget?.();
  box.forget = () => document.removeEventListener("paste", take);
  document.addEventListener("paste", take);
  return () => box.forget();
}

function isTyping(element) {
  return element instanceof HTMLElement && element.matches("input, textarea");
}
"""

_component = st.components.v2.component("loupe.paste_photo", html=HTML, css=CSS, js=JS)
