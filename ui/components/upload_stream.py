"""Uploads of any size by drag and drop: the browser streams them to our routes, past Streamlit."""

from typing import Any

import streamlit as st

from core.decoding import EXTENSIONS, MAX_FILE_BYTES
from ui.components.upload_stream_script import SCRIPT
from ui.components.upload_stream_style import STYLE

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".gz", ".xz", ".bz2")


def upload_stream(key: str) -> dict[str, Any] | None:
    """A drop zone for a folder, photos or an archive.

    Args:
        key: Identity of this zone on its page.

    Returns:
        `{"file", "name", "files"}` once when an upload has arrived: its name in `uploads/`, what
        to call it, and how many files it has (1 for an archive); else None.
    """
    return _zone(key, {"kind": "source"})


def upload_into(key: str, collection: str, label: str) -> dict[str, Any] | None:
    """A drop zone for photos that go into the class `label` of a collection.

    Returns:
        `{"kept", "refused"}` once when an upload is over: how many photos; else None.
    """
    return _zone(key, {"kind": "collection", "collection": collection, "label": label})


def _zone(key: str, target: dict[str, str]) -> dict[str, Any] | None:
    data = {
        "target": target,
        "archives": list(ARCHIVES),
        "endings": sorted(set().union(*EXTENSIONS.values())),
        "largest": MAX_FILE_BYTES,
    }
    result = _component(key=key, data=data, on_uploaded_change=_nothing)
    uploaded = result.get("uploaded")
    return dict(uploaded) if uploaded else None


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = """
<div class="zone" data-state="idle">
  <div class="rest">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V5m0 0 4.2 4.2M12 5 7.8 9.2M4 15v3a2
      2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3"/></svg>
    <div class="invitation"><b></b><small></small></div>
    <div class="buttons">
      <button type="button" class="pick" data-pick="folder">Choose a folder</button>
      <button type="button" class="pick" data-pick="files">Choose files</button>
    </div>
  </div>
  <div class="work">
    <div class="title"></div>
    <progress max="1" value="0" aria-label="How much of the upload has arrived"></progress>
    <div class="line"><span class="words" role="status"></span>
      <button type="button" class="cancel">Cancel</button></div>
  </div>
  <div class="trouble" role="alert">
    <div class="reasons"></div>
    <div class="buttons">
      <button type="button" class="again">Try again</button>
      <button type="button" class="on">Go on without them</button>
    </div>
  </div>
  <input type="file" class="folder" webkitdirectory multiple tabindex="-1" aria-hidden="true">
  <input type="file" class="files" multiple tabindex="-1" aria-hidden="true">
</div>
"""

_component = st.components.v2.component("loupe_upload_stream", html=HTML, css=STYLE, js=SCRIPT)
